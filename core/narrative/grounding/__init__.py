"""Whether figures bear a sentence out, whoever wrote it: every number, name and direction in it, or it is refused.

The check knows few words, and refuses what it does not know: a sentence that it lets through says nothing that it
could not hold against a figure. A good sentence lost costs a reader little, a false one much.
"""

from core.narrative.grounding.checking import Verdict, check

__all__ = ["Verdict", "check"]
