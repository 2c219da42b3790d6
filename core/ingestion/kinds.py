"""The kinds of sources that come with Sightline. A new one is a folder in `sources` and a line here."""

from __future__ import annotations

from core.context import Context
from core.ingestion.kind import KINDS, Kind, Order, Progress, Reading
from core.ingestion.sources.git.reading import read as read_git

PROVIDED = (
    "pull_requests", "pr_commits", "reviews", "review_comments", "review_requests", "issues", "milestones",
    "releases", "tags", "deployments", "workflow_runs",
)  # fmt: skip
"""What a provider tells."""


def _read_github(ctx: Context, order: Order, progress: Progress) -> Reading:
    from core.ingestion.sources.github.reading import read

    return read(ctx, order, progress)


def _read_gitlab(ctx: Context, order: Order, progress: Progress) -> Reading:
    from core.ingestion.sources.gitlab.reading import read

    return read(ctx, order, progress)


BUILT_IN = (
    Kind(key="git", label="Git repository", read=read_git),
    Kind(key="github", label="GitHub", read=_read_github, facts=PROVIDED, needs_account=True),
    Kind(key="gitlab", label="GitLab", read=_read_gitlab, facts=PROVIDED, needs_account=True),
)

for kind in BUILT_IN:
    KINDS.add(kind)
