"""From a table to a chart: which column is x, which are series, and how a million points become a few thousand.

Works on whole columns, since a report may ask for every raw row.
"""
