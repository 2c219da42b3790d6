"""The ground floor: settings, errors, periods, registries and the queue protocol. Imports nothing of ours."""
