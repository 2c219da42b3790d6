"""Ingestion: sources, how far each is read, and the runs that read them. `service` has the verbs."""
