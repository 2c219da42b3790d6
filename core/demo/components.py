"""The demo's components: parts of its web shop, the one repository that several teams share."""

from __future__ import annotations

from core.components import codeowners, service
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
OWNED = "aurora/payments-core"
CODEOWNERS = """# Who answers for what
/ledger/      @aurora/payments
/settlement/  @aurora/payments
/providers/   @aurora/payments @aurora/reliability
/risk/        @aurora/data
/terraform/   @aurora/reliability
"""
"""Nobody has made components of it yet: the page shows what may be made, and the line that matches nothing."""


def made(ctx: Context) -> None:
    """Make them; each path of the shop is matched once. Another repository has its CODEOWNERS."""
    names = [repo.name for repo in REPOS]
    repo_id, teams = repository_ids(ctx.workspace.id)[names.index(MONOREPO)], team_ids(ctx.workspace.id)
    codeowners.keep(
        ctx, repository_ids(ctx.workspace.id)[names.index(OWNED)], (".github/CODEOWNERS", CODEOWNERS), is_given=True
    )
    service.save_all(ctx, [Wish(name, teams[team], (Lines(repo_id, paths),)) for name, (team, paths) in PARTS.items()])
