"""Delivery metrics over small histories whose answers are worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from core.base.errors import BadInput
from core.base.period import between
from core.catalogue import dora
from core.catalogue.scope import Scope
from core.catalogue.service import measure
from core.context import Context
from core.figures import State
from tests.catalogue.factories import WEEK, History, answered, at


def test_deployment_frequency_is_per_calendar_day_of_successful_production_deployments(ctx: Context) -> None:
    history = History(ctx)
    for day in (2, 3, 3, 8):
        history.deploy(f"2026-03-0{day} 10:00")
    history.deploy("2026-03-04 10:00", "failure", failed=1)
    history.deploy("2026-03-04 11:00", "cancelled")
    history.deploy("2026-03-04 12:00", is_production=0, environment="staging")
    ctx = history.ingest()

    value = answered(ctx, "deployment_frequency")
    assert (value.value, value.n) == (pytest.approx(4 / 7), 4)
    assert answered(ctx, "deployments_count").value == 4


def test_days_that_are_still_to_come_do_not_thin_a_rate(ctx: Context) -> None:
    history = History(ctx)
    history.deploy("2026-03-09 10:00")
    history.deploy("2026-03-10 10:00")
    ctx = history.ingest()

    # The clock stands at Wednesday the 11th: three days of the week have begun.
    this_week = Scope(between(date(2026, 3, 9), date(2026, 3, 15)))
    assert answered(ctx, "deployment_frequency", this_week).value == pytest.approx(2 / 3)


def test_no_deployment_is_not_enough_data(ctx: Context) -> None:
    history = History(ctx)
    history.commit("ann", "2026-03-03 09:00")
    ctx = history.ingest()

    for key in ("deployment_frequency", "deployments_count", "change_failure_rate"):
        value = answered(ctx, key)
        assert (value.value, value.state) == (None, State.NO_DATA)


def test_change_failure_rate_leaves_cancelled_ones_out_and_tells_the_links(ctx: Context) -> None:
    history = History(ctx)
    history.deploy("2026-03-02 10:00")
    history.deploy("2026-03-03 10:00", failed=1, failure_link="rollback")
    broken = history.deploy("2026-03-04 10:00")
    history.incident("2026-03-04 10:30", deployment_key=broken["deployment_key"])
    history.deploy("2026-03-05 10:00", "cancelled")
    history.deploy(None, "in_progress", started=at("2026-03-06 10:00"))
    history.deploy("2026-03-06 10:00", "failure", is_production=0, failed=1)
    ctx = history.ingest()

    value = answered(ctx, "change_failure_rate")
    assert value.value == pytest.approx(2 / 3)
    assert value.excluded == {"cancelled": 1, "unfinished": 1}
    assert value.asides == {"linked by incident": 1, "linked by rollback": 1}


def test_recovery_runs_from_the_failing_deployment_to_restored(ctx: Context) -> None:
    history = History(ctx)
    history.deploy("2026-03-02 10:00", failed=1, restored="2026-03-02 11:00")
    broken = history.deploy("2026-03-03 10:00")
    history.incident("2026-03-03 10:30", "2026-03-03 15:00", deployment_key=broken["deployment_key"])
    history.deploy("2026-03-04 10:00", failed=1)
    ctx = history.ingest()

    assert answered(ctx, "recovery_time_hours").value == pytest.approx((1 + 5) / 2)
    assert answered(ctx, "recovery_time_p50_hours").value == pytest.approx(3)
    assert answered(ctx, "recovery_time_hours").excluded == {"not restored yet": 1}


def test_incident_time_to_resolve_leaves_open_ones_out(ctx: Context) -> None:
    history = History(ctx)
    history.incident("2026-03-02 10:00", "2026-03-02 12:00")
    history.incident("2026-03-03 10:00", "2026-03-03 20:00")
    history.incident("2026-03-04 10:00")
    ctx = history.ingest()

    assert answered(ctx, "incidents_count").value == 3
    assert answered(ctx, "incident_time_to_resolve_hours").value == pytest.approx(6)
    assert answered(ctx, "incident_time_to_resolve_p50_hours").value == pytest.approx(6)
    assert answered(ctx, "incident_time_to_resolve_hours").excluded == {"still open": 1}


@pytest.fixture
def shipped(ctx: Context) -> Context:
    """A baseline on the 1st; 1 was merged before it; 2 and 3 go out on the 3rd, 4 is listed on the 5th, 5 waits."""
    history = History(ctx)
    history.person("ann")
    history.deploy("2026-03-01 12:00")
    history.pr("ann", 1, first_commit="2026-02-20 12:00", merged="2026-03-01 09:00")
    history.pr("ann", 2, first_commit="2026-03-01 12:00", merged="2026-03-02 12:00")
    history.pr("ann", 3, first_commit="2026-03-03 00:00", merged="2026-03-03 06:00")
    history.deploy("2026-03-03 12:00")
    history.pr("ann", 4, first_commit="2026-03-03 12:00", merged="2026-03-04 12:00")
    history.pr("ann", 5, first_commit="2026-03-03 12:00", merged="2026-03-04 13:00")
    history.deploy("2026-03-05 12:00", pr_numbers=[4])
    return history.ingest()


def test_lead_time_runs_from_the_first_commit_to_the_deployment(shipped: Context) -> None:
    # Lead times: 2 took 48 h, 3 took 12 h, 4 took 48 h.
    assert answered(shipped, "lead_time_hours").value == pytest.approx(48)
    assert answered(shipped, "lead_time_hours").n == 3
    assert answered(shipped, "lead_time_p75_hours").value == pytest.approx(48)
    assert answered(shipped, "lead_time_p90_hours").value == pytest.approx(48)


def test_a_deployment_that_lists_takes_only_what_it_lists(shipped: Context) -> None:
    value = answered(shipped, "lead_time_unmatched_ratio")

    assert (value.numerator, value.denominator) == (1, 4)


def test_the_first_deployment_is_a_baseline_and_takes_no_history(shipped: Context) -> None:
    wide = Scope(between(date(2026, 2, 1), date(2026, 3, 8)))

    assert answered(shipped, "lead_time_hours", wide).n == 3
    assert answered(shipped, "lead_time_unmatched_ratio", wide).excluded == {
        "merged before the first recorded deployment": 1
    }


def test_the_deploy_phase_runs_from_merge_to_deployment(shipped: Context) -> None:
    value = answered(shipped, "pr_deploy_hours")

    # 2 waited 24 h, 3 waited 6 h, 4 waited 24 h.
    assert value.value == pytest.approx(54 / 3)
    assert value.excluded == {"not deployed": 1}


def test_delivery_belongs_to_repositories_not_to_people(shipped: Context) -> None:
    value = answered(shipped, "deployment_frequency", person="ann")

    assert value.state is State.UNSUPPORTED
    assert "Choose repositories instead" in value.state_text
    assert measure(shipped, ["deployment_frequency"], WEEK, ["person"]).values == []


DAY, W7, MONTH = 24.0, 24.0 * 7, 24.0 * 30
PUBLISHED: dict[int, dict[str, dict[str, tuple[float, ...]]]] = {
    2019: {
        "elite": {"frequency": (4.0,), "lead": (5.0, 23.9), "failures": (0.0, 0.15), "recovery": (0.9,)},
        "high": {"frequency": (1.0, 1 / 7), "lead": (DAY, 6 * DAY), "recovery": (1.0, 23.9)},
        "medium": {"frequency": (0.14, 1 / 30), "lead": (W7, 29 * DAY)},
        "low": {"frequency": (0.02,), "lead": (MONTH, 5 * MONTH), "failures": (0.46, 0.6), "recovery": (W7, MONTH)},
    },
    2021: {
        "elite": {"frequency": (4.0,), "lead": (0.9,), "failures": (0.0, 0.15), "recovery": (0.9,)},
        "high": {"frequency": (1 / 7, 1 / 30), "lead": (DAY, 6 * DAY), "failures": (0.16, 0.3), "recovery": (23.9,)},
        "medium": {"frequency": (0.03, 1 / 182), "lead": (MONTH, 6 * MONTH), "recovery": (DAY, 6 * DAY)},
        "low": {"frequency": (0.005,), "lead": (6.2 * MONTH,), "recovery": (6.2 * MONTH,)},
    },
    2022: {
        "high": {"frequency": (4.0,), "lead": (DAY, 6 * DAY), "failures": (0.0, 0.15), "recovery": (23.9,)},
        "medium": {
            "frequency": (1 / 7, 1 / 30), "lead": (W7, 29 * DAY), "failures": (0.16, 0.3), "recovery": (DAY, 6 * DAY),
        },
        "low": {"frequency": (0.03, 0.006), "lead": (MONTH,), "failures": (0.46, 0.6), "recovery": (W7, MONTH)},
    },
    2023: {
        "elite": {"frequency": (4.0,), "lead": (23.9,), "failures": (0.05,), "recovery": (0.9,)},
        "high": {"frequency": (1.0, 1 / 7), "lead": (DAY, 6 * DAY), "failures": (0.1,), "recovery": (23.9,)},
        "medium": {
            "frequency": (0.14, 1 / 30), "lead": (W7, 29 * DAY), "failures": (0.15,), "recovery": (DAY, 6 * DAY),
        },
        "low": {"failures": (0.64,), "recovery": (MONTH, 6 * MONTH)},
    },
    2024: {
        "elite": {"frequency": (4.0,), "lead": (23.9,), "failures": (0.05,), "recovery": (0.9,)},
        "high": {"frequency": (1.0, 1 / 7), "lead": (DAY, 6 * DAY), "failures": (0.2,), "recovery": (23.9,)},
        "medium": {"frequency": (0.14, 1 / 30), "lead": (W7, 29 * DAY)},
        "low": {"frequency": (0.03, 0.006), "lead": (MONTH, 5 * MONTH), "failures": (0.4,), "recovery": (W7, MONTH)},
    },
}  # fmt: skip
"""Values inside what each year's report says of a group. Left out is what it says of two groups alike: 2019 the
failures of elite, high and medium and the recovery of high and medium, 2021 the failures of all but elite, 2023 the
frequency and lead time of medium and low, 2024 the recovery of high and medium, whose failures (20 %, 10 %) overlap."""
KEYS = {
    "frequency": "deployment_frequency",
    "lead": "lead_time_hours",
    "failures": "change_failure_rate",
    "recovery": "recovery_time_hours",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_dora_bands_are_those_of_the_year_s_report(year: int) -> None:
    for band, described in PUBLISHED[year].items():
        for name, values in described.items():
            assert [dora.band(KEYS[name], value, year) for value in values] == [band] * len(values), (band, name)


def test_dora_bands_described_alike_are_the_better_one_and_a_gap_is_the_worse_one() -> None:
    assert dora.band("change_failure_rate", 0.10, 2024) == "high", "medium's, yet better than high's 20 %"
    assert dora.band("change_failure_rate", 0.10, 2019) == "elite"
    assert dora.band("lead_time_hours", 5.0, 2021) == "high", "no longer under an hour"
    assert dora.band("recovery_time_hours", 48.0, 2024) == "low", "no longer under a day"


def test_dora_bands_need_a_value_a_metric_of_the_four_and_a_year_that_has_some() -> None:
    assert dora.band("deployment_frequency", None) is None
    assert dora.band("commits_count", 3.0) is None
    for year in (2020, 2025):
        with pytest.raises(BadInput, match=f"no DORA bands of {year}. Use one of 2019, 2021, 2022, 2023, 2024"):
            dora.band("deployment_frequency", 1.0, year)
