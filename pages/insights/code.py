"""Code: how few people know which code, where it is hot, and how much is changed again soon."""

from components import board, code_place, page, scope, session
from core.context import Capability

ctx = session.require(Capability.VIEW_DASHBOARDS)
page.title(ctx, "Code")
chosen = scope.bar(ctx)
place = code_place.chosen(ctx, chosen)

board.show(ctx, "code", place.within(chosen), repo=place.repo_id, path=place.path)
