"""Components: parts of repositories by path, such as a service of a monorepo, each perhaps owned by a team.

A component is made of patterns that a manager writes, or of owners that the repository's
own CODEOWNERS names. It holds for all history: a rule that is changed maps every path anew.
"""
