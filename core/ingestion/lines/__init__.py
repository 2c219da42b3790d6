"""What a clone tells of lines: how old those were that a commit changed, whose, and what is there now.

It is read by a worker after the commits are in, a piece at a time, so that reading a
source stays as fast as it is. See `docs/adr/0014-lines-are-read-behind-the-commits.md`.
"""
