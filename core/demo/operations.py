"""Issues, deployments and incidents written down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.demo import words
from core.demo.history import ISSUE_KINDS
from core.demo.pen import URL, Pen
from core.demo.releases import LINKS, SEVERITIES, STATUSES

A_CHAPTER = 1_000
"""More incidents than a chapter has."""


class OperationsPen(Pen):
    """What happens around the code."""

    def issues(self) -> pa.Table:
        t = self.h.tickets
        columns = {
            "repo_id": self._repos(t.repo),
            "number": self.h.ticket_numbers,
            "title": words.drawn(self.rng, words.ISSUES, len(t.repo)),
            "author_id": self.known.ids[t.author],
            "assignee_ids": [[i] for i in self.known.ids[t.assignee].tolist()],
            "state": pa.array(np.where(self._happened(t.closed), "closed", "open").tolist()),
            "kind": pa.array([ISSUE_KINDS[k] for k in t.kind]),
            "opened_at": self._moments(t.opened),
            "closed_at": self._moments(t.closed),
            "labels": [[ISSUE_KINDS[k]] for k in t.kind],
            "url": self._urls(t.repo, self.h.ticket_numbers, "issues"),
            "source": ["demo"] * len(t.repo),
        }
        return self._table(columns, t.opened, t.closed)

    def deployments(self) -> pa.Table:
        h, d = self.h, self.h.deployments
        numbers: list[list[int]] = [[] for _ in d.repo]
        shas = [""] * len(d.repo)
        for change in np.argsort(h.outcomes.merged, kind="stable").tolist():
            if (deployment := int(d.carried[change])) >= 0:
                numbers[deployment].append(int(h.numbers[change]))
                shas[deployment] = h.merge_shas[change]
        keys = self._deployment_keys()
        columns = {
            "repo_id": self._repos(d.repo),
            "deployment_key": keys,
            "environment": pa.array(np.where(d.production, "production", "staging").tolist()),
            "is_production": d.production.astype(np.uint8),
            "status": pa.array([STATUSES[s] for s in d.status]),
            "started_at": self._moments(d.started),
            "finished_at": self._moments(d.finished),
            "sha": shas,
            "creator_id": self.known.ids[h.creators],
            "pr_numbers": pa.array(numbers, pa.list_(pa.uint32())),
            "failed": d.failed.astype(np.uint8),
            "failure_link": pa.array([LINKS[k] for k in d.link]),
            "restored_at": self._moments(d.restored),
            "url": [f"{URL}/deployments/{key}" for key in keys],
            "source": ["demo"] * len(d.repo),
        }
        return self._table(columns, d.finished, d.restored)

    def incidents(self) -> pa.Table:
        i = self.h.incidents
        areas, keys = words.scopes(self.rng, i.repo), self._deployment_keys()
        numbers = [A_CHAPTER * self.h.stage.chapter + n + 1 for n in range(len(i.repo))]
        columns = {
            "repo_id": self._repos(i.repo),
            "incident_key": [f"INC-{number}" for number in numbers],
            "title": words.drawn(self.rng, words.TROUBLES, len(i.repo), areas),
            "severity": pa.array([SEVERITIES[s] for s in i.severity]),
            "opened_at": self._moments(i.opened),
            "acknowledged_at": self._moments(i.acknowledged),
            "resolved_at": self._moments(i.resolved),
            "deployment_key": [keys[d] if d >= 0 else "" for d in i.deployment],
            "url": [f"{URL}/incidents/{number}" for number in numbers],
            "source": ["demo"] * len(i.repo),
        }
        return self._table(columns, i.opened, i.acknowledged, i.resolved)

    def _deployment_keys(self) -> list[str]:
        return [f"d{self.h.stage.chapter or ''}-{i}" for i in range(len(self.h.deployments.repo))]
