"""Reports: a definition made once, run by hand or by a clock, each result frozen as a document.

`service` has the verbs; `plan` what a report is made of; `planner` the default plan of
a report that has only parameters; `build` turns a plan into a document.
"""
