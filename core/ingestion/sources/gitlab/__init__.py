"""GitLab, gitlab.com and self-hosted: merge requests with their notes and approvals, pipelines, deployments, issues."""
