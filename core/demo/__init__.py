"""The demo workspace: a made-up company with eighteen months of coherent history, that goes on to yesterday."""

from core.demo.service import go_on, load, own_history, reset

__all__ = ["go_on", "load", "own_history", "reset"]
