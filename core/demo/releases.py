"""Deployments, what they carry, which of them fail, and the incidents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.demo.cast import CAST, QUIET_FROM, REPOS, SPAN_DAYS
from core.demo.changes import NEVER, Changes
from core.demo.reviews import Outcomes
from core.demo.stage import DAY, Flags, Indices, Moments, Stage

SUCCESS, FAILURE, CANCELLED = 0, 1, 2
STATUSES = ("success", "failure", "cancelled")
LINKS = ("", "incident", "rollback", "revert", "hotfix", "status")
SEVERITIES = ("critical", "major", "minor")


@dataclass(slots=True)
class Deployments:
    """One array element a deployment, in order of repository and time."""

    repo: Indices
    started: Moments
    finished: Moments
    status: Indices
    production: Flags
    failed: Flags
    link: Indices
    restored: Moments
    carried: Indices
    """By change: the deployment that brought it to production, -1 if none has."""


@dataclass(slots=True)
class Incidents:
    repo: Indices
    opened: Moments
    acknowledged: Moments
    resolved: Moments
    severity: Indices
    deployment: Indices
    """-1 where no deployment is to blame."""


def released(stage: Stage, changes: Changes, outcomes: Outcomes) -> Deployments:
    """Every deployment: production at each repository's pace, staging before it."""
    repo, started = _slots(stage)
    status = _statuses(stage, len(repo))
    carried = _carried(changes, outcomes, repo, started, status)
    # Past the chapter's end goes out what is left of it; the next chapter has deployments of its own.
    used = np.isin(np.arange(len(repo)), carried) | ((status != SUCCESS) & (started < stage.span * DAY))
    number = np.cumsum(used) - 1
    carried = np.where(carried >= 0, number[carried], -1)
    repo, started, status = repo[used], started[used], status[used]
    finished = started + stage.rng.integers(240, 1500, len(repo))
    failed, link, restored = _failures(stage, repo, started, finished, status)
    production = Deployments(repo, started, finished, status, np.ones(len(repo), bool), failed, link, restored, carried)
    return _with_staging(stage, production)


def incidents(stage: Stage, deployments: Deployments) -> Incidents:
    """Those that a deployment caused, and some that nobody's deployment did."""
    caused = np.flatnonzero(deployments.failed & np.isin(deployments.link, (1, 2)))
    opened = deployments.finished[caused] + stage.rng.integers(300, 5400, len(caused))
    resolved = np.maximum(deployments.restored[caused], opened + 900)
    own = np.flatnonzero(stage.rng.random(stage.span) < 0.05 + 0.28 * stage.trouble[: stage.span])
    live = np.array([i for i, repo in enumerate(REPOS) if repo.releases_a_week >= 3])
    own_opened = own * DAY + stage.rng.integers(0, DAY, len(own))
    own_resolved = own_opened + (stage.rng.lognormal(np.log(2.6), 0.9, len(own)) * 3600).astype(np.int64) + 1200
    opened = np.concatenate([opened, own_opened])
    resolved = np.concatenate([resolved, own_resolved])
    acknowledged = opened + np.minimum(stage.rng.integers(60, 1500, len(opened)), (resolved - opened) // 2)
    found = Incidents(
        np.concatenate([deployments.repo[caused], stage.rng.choice(live, len(own))]), opened,
        acknowledged, resolved, stage.rng.choice(3, len(opened), p=[0.12, 0.38, 0.5]),
        np.concatenate([caused, np.full(len(own), -1)]),
    )  # fmt: skip
    in_order = np.argsort(opened, kind="stable")
    return Incidents(*(getattr(found, name)[in_order] for name in Incidents.__slots__))


def _slots(stage: Stage) -> tuple[Indices, Moments]:
    """Moments at which a repository could go out, by repository and time."""
    repos, moments = [], []
    days = np.arange(stage.grid) + stage.before
    for index, repo in enumerate(REPOS):
        if not repo.releases_a_week:
            continue
        rate = np.where(stage.weekday <= 5, repo.releases_a_week / 5, 0.02)
        rate = rate * (1 - 0.45 * stage.trouble) * np.interp(days, [0, SPAN_DAYS], [0.8, 1.3])
        if repo.quiet:
            rate[days >= QUIET_FROM] = 0
        day = np.repeat(np.arange(stage.grid), stage.rng.poisson(rate))
        at = np.sort(day * DAY + (stage.rng.normal(13, 2.6, len(day)).clip(6, 21) * 3600).astype(np.int64))
        repos.append(np.full(len(at), index))
        moments.append(at)
    return np.concatenate(repos), np.concatenate(moments)


def _statuses(stage: Stage, count: int) -> Indices:
    drawn = stage.rng.random(count)
    return np.where(drawn < 0.018, FAILURE, np.where(drawn < 0.027, CANCELLED, SUCCESS))


def _carried(changes: Changes, outcomes: Outcomes, repo: Indices, started: Moments, status: Indices) -> Indices:
    """For each merged change the next good deployment of its repository, -1 where there is none yet."""
    carried = np.full(len(changes.repo), -1)
    for index in np.unique(repo):
        good = np.flatnonzero((repo == index) & (status == SUCCESS))
        mine = np.flatnonzero((changes.repo == index) & (outcomes.merged < NEVER))
        following = np.searchsorted(started[good], outcomes.merged[mine] + 120, side="right")
        found = following < len(good)
        carried[mine[found]] = good[following[found]]
    return carried


def _failures(
    stage: Stage, repo: Indices, started: Moments, finished: Moments, status: Indices
) -> tuple[Flags, Indices, Moments]:
    """Which deployments went wrong, how it is known, and when service was back."""
    trouble = stage.trouble[np.clip(started // DAY, 0, stage.grid - 1)]
    broken = stage.rng.random(len(repo)) < 0.065 + 0.17 * trouble
    failed = (status == FAILURE) | ((status == SUCCESS) & broken)
    link = stage.rng.choice([1, 2, 3, 4], len(repo), p=[0.5, 0.25, 0.1, 0.15])
    link = np.where(failed, np.where(status == FAILURE, LINKS.index("status"), link), 0)
    hours = stage.rng.lognormal(np.log(1.7), 0.8, len(repo)) * (1 + 1.5 * trouble)
    restored = np.where(failed, finished + (hours * 3600).astype(np.int64) + 600, NEVER)
    return failed, link, restored


def _with_staging(stage: Stage, production: Deployments) -> Deployments:
    """A deployment to staging some hours before each one to production."""
    count = len(production.repo)
    started = production.started - stage.rng.integers(1800, 4 * 3600, count)
    no, never = np.zeros(count, bool), np.full(count, NEVER)
    return Deployments(
        np.tile(production.repo, 2),
        np.concatenate([production.started, started]),
        np.concatenate([production.finished, started + stage.rng.integers(120, 900, count)]),
        np.concatenate([production.status, np.zeros(count, np.int64)]),
        np.concatenate([production.production, no]),
        np.concatenate([production.failed, no]),
        np.concatenate([production.link, np.zeros(count, np.int64)]),
        np.concatenate([production.restored, never]),
        production.carried,
    )


def creators(stage: Stage, deployments: Deployments, outcomes: Outcomes) -> Indices:
    """Who started each deployment: whoever merged its last change, else somebody of reliability."""
    spare = stage.rng.choice([i for i, m in enumerate(CAST) if m.team == "Reliability" and not m.left < SPAN_DAYS],
                             len(deployments.repo))  # fmt: skip
    by = spare.copy()
    brought = np.flatnonzero(deployments.carried >= 0)
    ordered = brought[np.argsort(outcomes.merged[brought])]
    by[deployments.carried[ordered]] = outcomes.merged_by[ordered]
    return by
