"""The table of pages: which there are, and who sees them in the menu."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.access.sessions import SignedIn
from core.context import Capability

ROOT = Path(__file__).resolve().parents[1] / "pages"

SECTIONS = {
    "dashboards": "Dashboards", "insights": "Insights", "analytics": "Analytics", "reports": "Reports", "data": "Data",
    "admin": "Administration", "account": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page. `url_path` is one word: arguments go behind the question mark."""

    file: str
    """Below pages/; its folder is its section."""
    title: str
    icon: str
    url_path: str
    capability: Capability | None
    """Needed to open it; None for a page that asks for no sign-in."""
    in_menu: bool = True

    @property
    def section(self) -> str:
        return self.file.partition("/")[0]


_VIEW, _REPORTS = Capability.VIEW_DASHBOARDS, Capability.VIEW_REPORTS
_ADMIN = Capability.MANAGE_WORKSPACE

PAGES: tuple[PageEntry, ...] = (
    PageEntry("dashboards/overview.py", "Overview", ":material/monitoring:", "overview", _VIEW),
    PageEntry("dashboards/developer.py", "Developer", ":material/person:", "developer", _VIEW),
    PageEntry("dashboards/team.py", "Team", ":material/groups:", "team", _VIEW),
    PageEntry("dashboards/compare.py", "Compare", ":material/compare_arrows:", "compare", _VIEW),
    PageEntry("dashboards/activity.py", "Activity", ":material/calendar_month:", "activity", _VIEW),
    PageEntry("insights/delivery.py", "Delivery", ":material/local_shipping:", "delivery", _VIEW),
    PageEntry("insights/pulls.py", "Pull requests", ":material/merge:", "pulls", _VIEW),
    PageEntry("insights/code.py", "Code", ":material/code_blocks:", "code", _VIEW),
    PageEntry("insights/health.py", "Workspace health", ":material/health_and_safety:", "health", _VIEW),
    PageEntry("insights/workload.py", "Workload", ":material/balance:", "workload", _VIEW),
    PageEntry("insights/leaderboards.py", "Leaderboards", ":material/leaderboard:", "leaderboards", _VIEW),
    PageEntry("insights/snapshots.py", "Snapshots", ":material/photo_camera:", "snapshots", _VIEW),
    PageEntry("insights/data_status.py", "Data status", ":material/sync:", "data-status", _VIEW),
    PageEntry("insights/alerts.py", "Alerts", ":material/notifications:", "alerts", _VIEW),
    PageEntry("insights/settings.py", "Insight settings", ":material/tune:", "insight-settings", _ADMIN),
    PageEntry("analytics/productivity.py", "Productivity", ":material/trending_up:", "productivity", _VIEW),
    PageEntry("analytics/network.py", "Collaboration", ":material/hub:", "collaboration", _VIEW),
    PageEntry("analytics/skills.py", "Skills", ":material/grid_on:", "skills", _VIEW),
    PageEntry("analytics/zones.py", "Time zones", ":material/public:", "time-zones", _VIEW),
    PageEntry("reports/reports.py", "Reports", ":material/description:", "reports", _REPORTS),
    PageEntry("reports/templates.py", "Templates", ":material/dashboard_customize:", "report-templates", _REPORTS),
    PageEntry("reports/report.py", "Report", ":material/description:", "report", _REPORTS, in_menu=False),
    PageEntry(
        "reports/builder.py",
        "Report builder",
        ":material/edit_document:",
        "report-builder",
        Capability.EDIT_REPORTS,
        in_menu=False,
    ),
    PageEntry(
        "reports/code.py",
        "Report as a file",
        ":material/code:",
        "report-file",
        Capability.EDIT_REPORTS,
        in_menu=False,
    ),
    PageEntry(
        "reports/failures.py", "When a report fails", ":material/healing:", "report-failures", _REPORTS, in_menu=False
    ),
    PageEntry("reports/schedules.py", "Schedules", ":material/schedule:", "schedules", _REPORTS),
    PageEntry("reports/files.py", "Files", ":material/folder_open:", "files", _REPORTS),
    PageEntry("data/sources.py", "Sources", ":material/database:", "sources", Capability.MANAGE_SOURCES),
    PageEntry("data/records.py", "Records", ":material/upload_file:", "records", Capability.MANAGE_SOURCES),
    PageEntry("data/webhooks.py", "Webhooks", ":material/webhook:", "webhooks", Capability.MANAGE_SOURCES),
    PageEntry("data/rules.py", "Rules", ":material/rule:", "rules", Capability.MANAGE_SOURCES),
    PageEntry("data/components.py", "Components", ":material/account_tree:", "components", _VIEW),
    PageEntry("data/connections.py", "Connections", ":material/cable:", "connections", Capability.EDIT_REPORTS),
    PageEntry("data/people.py", "People", ":material/badge:", "people", Capability.MANAGE_PEOPLE),
    PageEntry("admin/system.py", "System", ":material/monitor_heart:", "system", Capability.OPERATE),
    PageEntry("admin/users.py", "Users", ":material/manage_accounts:", "users", Capability.MANAGE_USERS),
    PageEntry("admin/workspace.py", "Workspace", ":material/settings:", "workspace", Capability.MANAGE_WORKSPACE),
    PageEntry("account/account.py", "Your account", ":material/account_circle:", "account", _VIEW, in_menu=False),
    PageEntry("account/tokens.py", "API tokens", ":material/key_vertical:", "tokens", _REPORTS, in_menu=False),
    PageEntry("account/set_password.py", "Set a password", ":material/key:", "set-password", None, in_menu=False),
)

_HERE = "_page"
PUBLIC = frozenset(entry.url_path for entry in PAGES if entry.capability is None)


def chosen(reader: SignedIn | None) -> st.Page:
    """Build the menu for whoever is here, and return the page that the address names.

    Before sign-in every address stands, so that a deep link opens once its reader is in. After it, a page
    that is not for this reader is in no menu, and whoever comes by its address is told why.
    """
    sections: dict[str, list[st.Page]] = {}
    for entry in PAGES:
        sections.setdefault(SECTIONS[entry.section], []).append(_page(entry, listed=is_listed(entry, reader)))
    page = st.navigation(sections, position="sidebar" if reader else "hidden", expanded=True)
    st.session_state[_HERE] = page.url_path
    return page


def here() -> str:
    """The address of the page that runs."""
    return str(st.session_state.get(_HERE, ""))


def page(url_path: str) -> st.Page:
    """The page with this address, for `st.page_link` and `st.switch_page`."""
    found = entry(url_path)
    return _page(found, listed=found.in_menu)


def entry(url_path: str) -> PageEntry:
    """What the table says of the page with this address."""
    return next(one for one in PAGES if one.url_path == url_path)


def _page(entry: PageEntry, *, listed: bool) -> st.Page:
    return st.Page(
        ROOT / entry.file,
        title=entry.title,
        icon=entry.icon,
        url_path=entry.url_path,
        default=entry.url_path == "overview",
        visibility="visible" if listed else "hidden",
    )


def is_listed(entry: PageEntry, reader: SignedIn | None) -> bool:
    """Whether the menu of this reader names the page."""
    if reader is None or reader.actor is None or entry.capability is None:
        return entry.in_menu
    return entry.in_menu and entry.capability in reader.actor.capabilities
