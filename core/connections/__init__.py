"""Connections: what an admin registered once, with its secrets, for reports to name.

Datasources that reports ask, and outputs that reports are sent to. `service` makes,
changes and removes them, `trying` reaches them, `opening` gives a report the one that
it names. Secrets go in and never come out: what a person sees is that they are set.
"""
