"""GitHub, github.com and Enterprise: pull requests with all that happened to them, issues, deployments, runs."""
