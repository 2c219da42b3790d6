"""The metrics themselves, a file a category; importing this declares them all."""

from core.catalogue.metrics import velocity

BUILT_IN = (velocity,)
