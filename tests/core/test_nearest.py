"""What somebody meant who wrote a name not quite as it is."""

from __future__ import annotations

import pytest

from core.base.counted import counted
from core.base.errors import BadInput, did_you_mean
from core.base.nearest import nearest
from core.catalogue import METRICS
from core.reports.references import metric_key

SLIPS = {
    "Leed Time": "Lead time for changes",
    "Lead Tiem": "Lead time for changes",
    "leadtime": "Lead time for changes",
    "cyle time": "Cycle time",
    "cycel time median": "Cycle time, median",
    "deploy frequency": "Deployment frequency",
    "deployment freqency": "Deployment frequency",
    "change failrate": "Change failure rate",
    "rate change failure": "Change failure rate",
    "recovry time": "Recovery time",
    "reviw time": "Time to first review",
    "time to frist review": "Time to first review",
    "first review": "Time to first review",
    "reviews recieved": "Reviews received",
    "bus factr": "Bus factor",
    "code chrun": "Code churn",
    "churn": "Code churn",
    "comits": "Commits",
    "weekend comits": "Weekend commits",
    "mergerate": "Merge rate",
    "knowlege sharing": "Knowledge sharing",
    "COLABORATORS": "Collaborators",
    "banana": "",
    "sprint velocity": "",
    "MTTR": "",
    "***": "",
    "": "",
}


@pytest.mark.parametrize(("slip", "meant"), SLIPS.items())
def test_a_slip_leads_to_the_metric_that_was_meant_or_to_none(slip: str, meant: str) -> None:
    assert nearest(slip, [metric.label for metric in METRICS]) == meant


def test_a_metric_that_is_written_nearly_right_is_asked_for_by_a_name_that_is_there() -> None:
    with pytest.raises(BadInput, match=r"no metric named 'Leed Time'\. Did you mean 'lead_time_hours'\?"):
        metric_key("Leed Time")


def test_of_names_that_are_equally_near_the_first_is_taken() -> None:
    assert nearest("platfrom", ["Platform", "platform"]) == "Platform"
    assert nearest("review", ["review_comments", "reviews", "interviews"]) == "reviews"
    assert nearest("plaform team", ["Data", "Platform", "Team of the platform"]) == "Team of the platform"


def test_letters_of_any_script_and_short_words_are_compared() -> None:
    assert nearest("Müler", ["Möller", "Müller"]) == "Müller"
    assert nearest("プラットフォム", ["データ", "プラットフォーム"]) == "プラットフォーム"
    assert did_you_mean("pdff", ["pdf", "csv"]) == " Did you mean 'pdf'?"
    assert did_you_mean("dv", ["db"]) == " Did you mean 'db'?"
    assert did_you_mean("prom", ["http", "prometheus"]) == " Did you mean 'prometheus'?"
    assert did_you_mean("xml", ["pdf", "csv"]) == ""


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 fields have"), (1, "1 field has"), (2, "2 fields have"), (1204, "1,204 fields have")]
)
def test_one_thing_is_one_and_others_are_many(number: int, said: str) -> None:
    assert counted(number, "field", ("has", "have")) == said
    assert counted(number, "field") == said.rpartition(" ")[0]
