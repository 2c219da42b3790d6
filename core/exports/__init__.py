"""Exports: documents as kept files, with signed links that expire, swept when their time is over."""
