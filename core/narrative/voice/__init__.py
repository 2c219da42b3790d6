"""A language model that writes narratives, where a workspace has one: asked for sentences, believed in none.

What it says is held against the figures (`core.narrative.grounding`); what fails is dropped and counted. Whatever goes
wrong, rules write instead, and the report says why.
"""

from core.narrative.voice.speaking import voice, voiced

__all__ = ["voice", "voiced"]
