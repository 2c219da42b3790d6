"""The report builder: a form at the left, the real result at the right.

`bench` keeps what is being made in the session, with the way back; every part of
the form changes it by a callback, so that one click is one run of the page.
"""
