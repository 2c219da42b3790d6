"""The datasources that come with Sightline, one file each."""
