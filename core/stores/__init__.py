"""Where things are kept: app rows, metrics, files. Nobody above the services looks in here."""
