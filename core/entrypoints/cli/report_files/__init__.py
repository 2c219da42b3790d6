"""`sightline report … FILE`: reports written in YAML, run where they lie. Imports only what a file needs."""
