"""The demo's components: parts of its web shop, the one repository that several teams share."""

from __future__ import annotations

from core.components import service
from core.components.views import Lines, Wish
from core.context import Context
from core.demo.cast import REPOS
from core.demo.workspace import repository_ids, team_ids

MONOREPO = "aurora/web-shop"
PARTS = {
    "Checkout": ("Payments", ("/src/checkout/", "/e2e/session*")),
    "Catalogue": ("Web", ("/src/catalog/", "/src/search/")),
    "Search": ("Data", ("/src/search/",)),
    "Accounts": ("Platform", ("/src/account/",)),
}
"""Name → team and paths. Search is a part of the catalogue too; the other tests and the lock file are in none."""


def made(ctx: Context) -> None:
    """Make them; each path of the shop is matched once."""
    names = [repo.name for repo in REPOS]
    repo_id, teams = repository_ids(ctx.workspace.id)[names.index(MONOREPO)], team_ids(ctx.workspace.id)
    service.save_all(ctx, [Wish(name, teams[team], (Lines(repo_id, paths),)) for name, (team, paths) in PARTS.items()])
