"""Tables too long to hold: written a batch at a time, as CSV or as a workbook, in memory that rows do not add to.

A document is whole before a renderer sees it; what is written here never is. `LONG` has the formats that can be
written so.
"""

from core.documents.long.table import LONG, LongFormat, LongTable

__all__ = ["LONG", "LongFormat", "LongTable"]
