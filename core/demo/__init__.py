"""The demo workspace: a made-up company with eighteen months of coherent history, ending yesterday."""

from core.demo.service import load, own_history, reset

__all__ = ["load", "own_history", "reset"]
