"""Bringing a repository's derived rows to what its rule says now: a former rule's go, and none is written twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from core.access import workspaces
from core.catalogue.models import Feed, Repository
from core.context import Context
from core.ingestion.models import FactRule
from core.ingestion.records import feeds
from core.ingestion.rules.finding import SOURCE, found, plain
from core.ingestion.rules.kinds import AS_TOLD, FACTS, Rule, rule_of, settled
from core.ingestion.writing import FactWriter, Written


def refresh(ctx: Context, repo_ids: Iterable[str], *, former: bool = False) -> dict[tuple[str, str], Written]:
    """Derive anew what these repositories' rules find; by (repository, fact).

    Cheap where there is no rule, so every sync calls it. With `former`, rows of a rule that is no more are looked for.
    """
    with ctx.app.reading() as session:
        rules = list(session.scalars(sa.select(FactRule).where(FactRule.workspace_id == ctx.workspace.id)))
        wanted = sa.select(Repository).where(Repository.workspace_id == ctx.workspace.id)
        repos = [row for row in session.scalars(wanted) if row.id in set(repo_ids)]
    chosen = {(rule.repo_id, rule.fact): rule for rule in rules}
    done = {}
    for repo in repos if rules or former else ():
        for fact in FACTS:
            rule = chosen.get((repo.id, fact)) or chosen.get(("", fact))
            if rule or former:
                done[repo.id, fact] = _derived(ctx, repo, fact, rule)
    return done


def _derived(ctx: Context, repo: Repository, fact: str, row: FactRule | None) -> Written:
    rule = rule_of(fact, row.kind if row else AS_TOLD)
    rows = found(ctx, repo.id, repo.default_branch, settled(rule, dict(row.settings) if row else {}))
    with FactWriter(ctx, repo.id, SOURCE, int(ctx.clock().timestamp())) as writer:
        writer.only(fact)
        for one in plain(rows):
            writer.add(fact, one)
        written = writer.close()
    turned = set_aside(ctx, repo.id, fact, rule.key != AS_TOLD)
    with ctx.app.session() as session:
        until = _until(session, ctx, repo.id, rule)
        if until:
            feeds.told(session, ctx, fact, SOURCE, {repo.id: until})
        else:
            feeds.no_more(session, ctx, fact, SOURCE, repo.id)
        if turned:
            workspaces.data_changed(session, ctx.workspace.id, ctx.clock(), "import")
        else:
            written.note(session, ctx, "import")
    return written


def _until(session: sa.orm.Session, ctx: Context, repo_id: str, rule: Rule) -> datetime | None:
    """A rule knows as much as what it reads."""
    feed = session.get(Feed, (ctx.workspace.id, repo_id, rule.needs)) if rule.needs else None
    return feed.complete_until if feed and feed.source != SOURCE else None


def set_aside(ctx: Context, repo_id: str, fact: str, aside: bool) -> bool:
    """Let only derived rows of this fact count, or all of them; whether that is another answer than before."""
    asked = {"workspace": ctx.workspace.id, "repo": repo_id, "fact": fact}
    standing = ctx.metrics.rows(
        "SELECT max(version) AS newest, NOT argMax(deleted, version) AND count() > 0 AS aside FROM set_aside"
        " WHERE workspace_id = {workspace:String} AND repo_id = {repo:String} AND fact = {fact:String}",
        asked,
    )[0]
    if bool(standing["aside"]) == aside:
        return False
    ctx.metrics.insert_rows(
        "set_aside",
        [{"workspace_id": ctx.workspace.id, "repo_id": repo_id, "fact": fact, "source": "", "deleted": int(not aside),
          "version": int(standing["newest"] or 0) + 1}],
    )  # fmt: skip
    return True
