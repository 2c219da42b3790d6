"""The views that come with Sightline, one file each."""
