"""A language model that answers questions about a report, where a workspace has one: believed in none of its sentences.

It is told the figures that everybody may see, and may fetch metrics by tool calls, which pass the same checks as a
reader's own question. Rounds, calls, time and size are bounded; whatever goes wrong, rules answer.
"""
