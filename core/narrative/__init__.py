"""Words about finished figures: facts are read out of them, observations made of the facts, sentences of those.

Whatever is said here is a number that some figure shows. A sentence by any other author is held against the same
facts (`core.narrative.grounding`) before it is shown.
"""
