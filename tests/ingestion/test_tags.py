"""Tags of a clone: read with it, the same twice as once, and gone with it."""

from __future__ import annotations

from typing import Any

from core.context import Context
from core.ingestion import service
from tests.ingestion.clones import Clone


def tags(ctx: Context) -> list[dict[str, Any]]:
    return ctx.metrics.rows(
        "SELECT name, sha, tagged_at, tagger_id > 0 AS has_tagger FROM tags FINAL WHERE workspace_id = {w:String}"
        " ORDER BY name",
        {"w": ctx.workspace.id},
    )


def test_tags_come_with_their_commit_and_moment(ctx: Context, clone: Clone) -> None:
    first = clone.commit("One", {"a.py": "1\n"}, at="2026-01-05T09:00:00Z")
    clone.git("tag", "v1")
    clone.git("tag", "-a", "v2", "-m", "Two", GIT_COMMITTER_DATE="2026-01-06T12:30:00Z")
    clone.git("tag", "tree", "HEAD^{tree}")
    source = service.add_git(ctx, clone.path)

    service.sync(ctx, source.id)

    one, two = tags(ctx)
    assert (one["name"], one["sha"], one["tagged_at"].hour, one["has_tagger"]) == ("v1", first, 9, 0)
    assert (two["name"], two["sha"], two["tagged_at"].day, two["has_tagger"]) == ("v2", first, 6, 1)


def test_a_new_tag_on_an_old_commit_is_seen_and_a_deleted_one_goes(ctx: Context, clone: Clone) -> None:
    clone.commit("One", {"a.py": "1\n"})
    clone.git("tag", "v1")
    source = service.add_git(ctx, clone.path)
    service.sync(ctx, source.id)

    same = service.sync(ctx, source.id)
    clone.git("tag", "v2")
    clone.git("tag", "-d", "v1")
    other = service.sync(ctx, source.id)

    assert (dict(same.counts), dict(other.counts)) == ({}, {"tags": 2})
    assert [row["name"] for row in tags(ctx)] == ["v2"]
    service.remove(ctx, source.id)
    assert tags(ctx) == []
