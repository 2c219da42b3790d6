"""Schedules: when a report is due, in its own time zone; each time claimed once, run, and sent.

`cron` and `rhythm` know the time, `service` has the verbs for people, `ticking`
those of the worker's clock, `mailing` turns a finished run into a letter, `sends` is the
calendar of all that came and will come.
"""
