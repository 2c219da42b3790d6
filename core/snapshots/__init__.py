"""Snapshots: the five categories of every person and team, period by period, made for all of them at once.

`service` generates what is missing, due or dirty and tells how each period
stands; `generation` is the statement that makes them; `journal` turns changes of
facts, people and teams into dirty periods.
"""
