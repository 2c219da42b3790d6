"""Webhooks: what other tools tell by themselves, of deployments and incidents. `service` has the verbs."""
