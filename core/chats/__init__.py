"""Questions about a finished report, asked beside it, and their answers: from its figures, or from metrics that are
fetched for them within what the report is about. Kept with the run, for whoever may see what they tell.

Rules answer what they understand. Where a workspace has a language model, it may answer instead: each of its sentences
is held against the figures (`core.narrative.grounding`), and what they do not bear out is dropped and counted.
"""
