"""For those who write plugins: claims that every kind must hold to, to be run against one's own.

A test file of a plugin subclasses one class of `contract` a kind, names the kind and
arguments that work, and pytest does the rest.
"""
