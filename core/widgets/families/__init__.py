"""Widgets by family; each file declares one or two."""
