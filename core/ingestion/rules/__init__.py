"""Rules: what counts as a deployment, and as an incident, where no source says it outright. `service` has the verbs."""
