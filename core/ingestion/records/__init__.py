"""Records: facts that a team tells itself, as files, by command or over HTTP. `service` has the verbs."""
