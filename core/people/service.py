"""Everything that other rooms and doors may do with people."""

from core.people.bots import bot_candidates, bot_patterns, set_bot, set_bot_patterns
from core.people.directory import current_ids, lock, names, people, person, rename
from core.people.footprint import footprint
from core.people.identity_files import identities_csv
from core.people.identity_import import IdentityPlan, PlannedIdentity, plan_identities, take_identities
from core.people.leading import leads, set_leads
from core.people.leave_import import LeavePlan, PlannedLeave, plan_leave, take_leave
from core.people.mailmap import mailmap
from core.people.merges import merge, merges, preview_merge, say_apart, unmerge
from core.people.publishing import publish
from core.people.registering import register
from core.people.suggestions import suggestions
from core.people.team_files import PlannedMember, TeamPlan, plan_teams, take_teams, teams_csv
from core.people.teams import (
    change_team,
    create_team,
    delete_team,
    end_membership,
    memberships,
    move,
    set_membership,
    team,
    teams,
)
from core.people.views import (
    BotCandidate,
    IdentityView,
    LeaveView,
    MembershipView,
    MergeView,
    PersonView,
    Preview,
    ScheduleView,
    Seen,
    Suggestion,
    TeamView,
)
from core.people.working import (
    add_leave,
    clear_schedule,
    holidays_ahead,
    leave,
    remove_leave,
    schedule,
    schedules,
    set_schedule,
)

__all__ = [
    "BotCandidate",
    "IdentityPlan",
    "IdentityView",
    "LeavePlan",
    "LeaveView",
    "MembershipView",
    "MergeView",
    "PersonView",
    "PlannedIdentity",
    "PlannedLeave",
    "PlannedMember",
    "Preview",
    "ScheduleView",
    "Seen",
    "Suggestion",
    "TeamPlan",
    "TeamView",
    "add_leave",
    "bot_candidates",
    "bot_patterns",
    "change_team",
    "clear_schedule",
    "create_team",
    "current_ids",
    "delete_team",
    "end_membership",
    "footprint",
    "holidays_ahead",
    "identities_csv",
    "leads",
    "leave",
    "lock",
    "mailmap",
    "memberships",
    "merge",
    "merges",
    "move",
    "names",
    "people",
    "person",
    "plan_identities",
    "plan_leave",
    "plan_teams",
    "preview_merge",
    "publish",
    "register",
    "remove_leave",
    "rename",
    "say_apart",
    "schedule",
    "schedules",
    "set_bot",
    "set_bot_patterns",
    "set_leads",
    "set_membership",
    "set_schedule",
    "suggestions",
    "take_identities",
    "take_leave",
    "take_teams",
    "team",
    "teams",
    "teams_csv",
    "unmerge",
]
