"""Team: how many take part."""

from __future__ import annotations

from core.catalogue.metric import Distinct, Metric
from core.figures import Better, Unit

METRICS = (
    Metric(
        key="active_people",
        label="Active people",
        about="Different people who committed, opened, merged or closed a pull request of theirs, or reviewed.",
        category="team",
        unit=Unit.COUNT,
        better=Better.NEITHER,
        kind=Distinct("person"),
        fact="activity",
        needs=("commits",),
    ),
)
