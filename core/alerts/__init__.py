"""Alerts: rules over metrics, the findings they make, and the letters that tell of them.

A rule watches one metric of the workspace, of teams, repositories or people, period by
period. A finding is made once for a rule, a subject and a period, and told once.
"""
