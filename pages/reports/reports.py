"""Reports: the library of saved reports."""

from components import guard, page, session
from components.forms import report_actions, report_list, report_quota
from core.context import Capability

ctx = session.require(Capability.VIEW_REPORTS)
page.title(ctx, "Reports", "Saved once, run by hand or by a schedule, each result kept with its numbers.")

with guard.errors():
    report_actions.note(ctx)
    report_actions.new(ctx)
    report_quota.line(ctx)
    report_list.library(ctx)
