"""What docs/reports.md shows works."""

from __future__ import annotations

import json
import re
from pathlib import Path

from core.documents import RENDERERS
from core.reports import service
from core.reports.plan import Parameters, schema
from core.reports.words import VARIABLES
from core.stores.app import work
from tests.reports.conftest import World

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reports.md").read_text()


def test_the_plan_of_the_documentation_can_be_saved(world: World) -> None:
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    plan = json.loads(text.replace("Platform", "Atlas"))

    made = service.create(world.ctx, "Delivery", {"formats": ["json"]}, plan=plan)

    assert made.report_plan
    assert made.report_plan.scope.teams == (world.teams["Atlas"],)
    assert len(list(made.report_plan.widgets())) == 4


def test_every_parameter_and_status_is_explained() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))

    assert set(Parameters.model_fields) - {"names"} <= named
    assert set(RENDERERS.keys()) <= named
    assert set(work.DONE) <= named
    assert set(re.findall(r"\{\{ ([a-z_]+) \}\}", PAGE)) == set(VARIABLES)


def test_a_plan_has_a_schema() -> None:
    assert {"title", "window", "scope", "sections", "version"} <= set(schema()["properties"])
