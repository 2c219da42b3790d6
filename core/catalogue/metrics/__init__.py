"""The metrics themselves, a file a category; importing this declares them all."""

from core.catalogue.metric import METRICS
from core.catalogue.metrics import code, collaboration, delivery, efficiency, quality, sustainability, team, velocity

BUILT_IN = (
    *velocity.METRICS,
    *efficiency.METRICS,
    *quality.METRICS,
    *sustainability.METRICS,
    *collaboration.METRICS,
    *delivery.METRICS,
    *team.METRICS,
    *code.METRICS,
)

for metric in BUILT_IN:
    METRICS.add(metric)

CATEGORIES = {
    "velocity": "Velocity",
    "efficiency": "Efficiency",
    "quality": "Quality",
    "sustainability": "Sustainability",
    "collaboration": "Collaboration",
    "delivery": "Delivery",
    "team": "Team",
    "code": "Code",
}
"""Categories by key, in the order that they are shown. The first five are a developer's."""
