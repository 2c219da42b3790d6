"""A folder a kind of source. This file stays empty of imports: worker processes start through it."""
