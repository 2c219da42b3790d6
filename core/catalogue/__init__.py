"""The catalogue: every number declared once, one compiler, and the answers with their state and origin."""

from core.catalogue import metrics as _declared
from core.catalogue.metric import METRICS, Metric

__all__ = ["METRICS", "Metric"]

assert _declared
