"""What the audit log calls an action, in words."""

from __future__ import annotations

WORDS = {
    "alert.create": "Made an alert rule",
    "alert.delete": "Deleted an alert rule",
    "alert.disable": "Turned an alert rule off",
    "alert.enable": "Turned an alert rule on",
    "alert.mute": "Muted or unmuted an alert rule",
    "alert.pause": "An alert rule was paused",
    "alert.send_again": "Sent a finding again",
    "alert.update": "Changed an alert rule",
    "export.request": "Asked for a file",
    "people.bot": "Said who is a bot",
    "people.leave": "Changed somebody's time away",
    "people.lock": "Locked or unlocked a person",
    "people.member": "Put somebody in a team",
    "people.merge": "Merged two people",
    "people.moved": "Moved somebody to another team",
    "people.rename": "Renamed a person",
    "people.schedule": "Changed working time",
    "people.unmerge": "Undid a merge",
    "report.cancel": "Stopped a report's run",
    "report.create": "Made a report",
    "report.delete": "Deleted a report",
    "report.pause": "Paused a report",
    "report.restore": "Brought a report back",
    "report.run": "Ran a report",
    "report.update": "Changed a report",
    "run.retry": "Tried a failed run again",
    "schedule.create": "Made a schedule",
    "schedule.delete": "Deleted a schedule",
    "schedule.pause": "Paused a schedule",
    "schedule.resume": "Resumed a schedule",
    "schedule.test": "Sent a test",
    "schedule.update": "Changed a schedule",
    "source added": "Added a source",
    "source removed": "Removed a source",
    "connection created": "Added a connection",
    "connection changed": "Changed a connection",
    "connection renamed": "Renamed a connection",
    "connection queried": "Tried a query",
    "connection removed": "Removed a connection",
    "user.add": "Added a user",
    "user.disable": "Disabled a user",
    "user.enable": "Enabled a user",
    "user.link": "Made a password link",
    "user.person": "Linked a user to a person",
    "user.remove": "Removed a user",
    "user.role": "Changed a user's role",
    "workspace.change": "Changed the workspace",
}


def words(action: object) -> str:
    """The action in words; as it is kept where nobody gave it any."""
    return WORDS.get(str(action), str(action))
