"""People: identities joined to persons, teams with dates, schedules, leave. `service` has the verbs."""
