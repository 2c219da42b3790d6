"""What is mailed shows its reader what they may see in the app, in every part of the mail that a server received."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from zipfile import ZipFile

import pytest

from core.access import users
from core.alerts import reading as findings
from core.alerts import service as alerts
from core.alerts.models import AlertRule
from core.alerts.wish import Wish as Rule
from core.bootstrap import House
from core.catalogue import service as catalogue
from core.documents import RENDERERS
from core.reports import reading
from core.reports import service as reports
from core.schedules import service as schedules
from core.schedules.wish import Wish
from tests.catalogue.factories import History
from tests.delivery.conftest import Hands, hands, mailing, office  # noqa: F401 - fixtures
from tests.delivery.post_office import PostOffice
from tests.privacy.conftest import Home
from tests.privacy.test_whose_numbers import MODES, ROLES_HERE, SEES
from tests.schedules.conftest import emptied

LINES = {"ann": 471_113, "bob": 582_217, "cid": 693_329, "dan": 804_431}
ALL = sum(LINES.values())
PARTS = (
    ("everybody", {"widget": "metric.table", "params": {"metrics": ["lines_added"], "by": "person"}}),
    ("atlas", {"widget": "metric.table", "params": {"metrics": ["lines_added"], "by": "person", "team": "Atlas"}}),
    ("ann", {"widget": "metric.stat", "params": {"metric": "lines_added", "person": "ann@example.com"}}),
    ("well-being", {"widget": "metric.stat", "params": {"metric": "late_night_commit_ratio", "team": "Atlas"}}),
    ("whole", {"widget": "metric.stat", "params": {"metric": "lines_added"}}),
)
READS = {
    "admin": "everybody atlas ann well-being whole", "lead": "atlas ann well-being whole", "ann": "ann whole",
    "manager": "whole", "member": "whole", "viewer": "whole", "stranger": "whole",
}  # fmt: skip
"""Which parts of the report each may see where leads see their own team: Ann and Bob are Atlas's, Cid and Dan not."""
NAMES = {"admin": "ann bob cid dan", "lead": "ann bob", "ann": "ann"}
"""Whose names, and numbers, may stand in each one's mail."""


OF_ATLAS = (
    *PARTS[1:4],
    ("beam", {"widget": "metric.table", "params": {"metrics": ["lines_added"], "by": "person", "team": "Beam"}}),
    ("bob", {"kind": "view", "id": "bob", "view": "table", "args": {"datasource": "bob", "query": "lines_added"}}),
    ("whole", {"widget": "metric.stat", "params": {"metric": "commits_count"}}),
)


@dataclass
class Written:
    """A run of an admin's report about Atlas."""

    home: Home
    run_id: str


@dataclass
class Post:
    """The four people and a mail server."""

    home: Home
    office: PostOffice
    hands: Hands

    @property
    def house(self) -> House:
        return self.home.house

    def work(self) -> None:
        """Do what is on the queue until nothing is left, as a worker would."""
        emptied(self.house)


def address(reader: str) -> str:
    return f"{reader}@example.org"


@pytest.fixture
def post(acme: Home, mailing: Callable[..., House], office: PostOffice, hands: Hands) -> Post:  # noqa: F811
    wrote(acme)
    house = mailing()
    acme.mode("leads")
    return Post(replace(acme, house=house, root=house.context(acme.root.workspace)), office, hands)


@pytest.fixture(scope="module")
def written(shared: Home) -> Written:
    wrote(shared)
    admin = shared.as_user("admin")
    plan = {"title": "Atlas", "window": {"range": "2026-03-02..2026-03-08"}, "scope": {"teams": ["Atlas"]},
            "datasources": {"bob": {"plugin": "metrics", "args": {"people": ["bob@example.com"]}}},
            "sections": [{"blocks": [block for _, block in OF_ATLAS]}]}  # fmt: skip
    run = reports.run_now(admin, reports.create(admin, "Atlas", {"formats": []}, plan=plan).id)
    reports.execute(shared.house, admin.workspace.id, run.id)
    return Written(shared, run.id)


def wrote(home: Home) -> None:
    """Everybody adds as many lines as LINES says, late at night."""
    history = History(home.root, repos={one.name: one.id for one in catalogue.repositories(home.root)})
    for before, (name, lines) in enumerate(LINES.items(), 1):
        history.commit(name, "2026-03-05 23:30", additions=lines - 10 * before)
    history.ingest()


def parts(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    """Everything in a mail that can be read, by name; files of each format as a reader's program reads them."""
    yield "head", "\n".join(f"{name}: {value}" for name, value in mail.items() if name != "X-Envelope-To")
    for part in mail.walk():
        name, content = part.get_filename() or part.get_content_type(), part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield name, read(name, content)


def read(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        import pypdf

        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if name.endswith((".xlsx", ".zip")):
        with ZipFile(io.BytesIO(content)) as whole:  # whatever a sheet, its properties or a hidden part may hold
            return "\n".join(whole.read(one).decode("utf-8", "replace") for one in whole.namelist())
    return content.decode("utf-8", "replace")


def told(text: str) -> set[str]:
    """Of whom a text tells: by name, or by the number that is theirs alone."""
    named = {name for name in LINES if re.search(rf"\b{name.title()}\b", text)}
    plain = re.sub(r"(?<=\d)[,.\u202f\u00a0 ](?=\d{3})", "", text)
    return named | {name for name, lines in LINES.items() if re.search(rf"(?<!\d){lines}(?!\d)", plain)}


def test_a_scheduled_report_shows_each_reader_what_they_may_see_in_every_part_of_the_mail(post: Post) -> None:
    admin = post.home.as_user("admin")
    plan = {"title": "The week", "window": {"range": "2026-03-02..2026-03-08"},
            "sections": [{"blocks": [block for _, block in PARTS]}]}  # fmt: skip
    report = reports.create(admin, "The week", {"formats": ["json"]}, plan=plan)
    wish = Wish(
        recipients=list(map(address, READS)), formats=tuple(RENDERERS.keys()), time_zone="UTC", cron="0 7 * * *"
    )
    schedules.create(admin, report.id, wish)
    post.hands.wait(days=1)

    assert schedules.tick(post.house) == 1
    post.work()

    for reader, seen in READS.items():
        (mail,) = post.office.to(address(reader))
        found = dict(parts(mail))
        assert len([name for name in found if "." in name]) == len(RENDERERS.keys())
        (document,) = (json.loads(text) for name, text in found.items() if name.endswith(".json"))
        figures = [figure for section in document["sections"] for figure in section["blocks"]]
        shown = [part for (part, _), figure in zip(PARTS, figures, strict=True) if figure["shape"] != "notice"]
        assert (reader, shown) == (reader, seen.split())
        allowed = set(NAMES.get(reader, "").split())
        assert {name: told(text) - allowed for name, text in found.items() if told(text) - allowed} == {}
        assert {name: told(text) for name, text in found.items() if "." in name} == {
            name: allowed for name in found if "." in name
        }
        assert all(str(ALL) in re.sub(r"[,.](?=\d{3})", "", found[kind]) for kind in ("text/plain", "text/html"))


@pytest.mark.parametrize("mode", MODES)
def test_a_report_shows_each_role_in_each_mode_the_parts_that_are_theirs_to_see(written: Written, mode: str) -> None:
    """Parts may be about others than the report is: Atlas, in whose name it runs, is led by the lead."""
    written.home.mode(mode)
    parts_of = {"": "whole", "ann": "ann whole", "ann bob": "atlas ann well-being bob whole"}
    everything = " ".join(name for name, _ in OF_ATLAS)

    for role in ROLES_HERE:
        document = reading.document(written.home.as_user(role), written.run_id)
        shown = [name for (name, _), one in zip(OF_ATLAS, document.figures(), strict=True) if one.shape != "notice"]
        wanted = parts_of.get(SEES[mode][role], everything).split()
        assert (role, shown) == (role, [name for name, _ in OF_ATLAS if name in wanted])
        seen = {"": "", "ann": "ann", "ann bob": "ann bob"}.get(SEES[mode][role], "ann bob cid dan")
        assert (role, told(document.model_dump_json(exclude={"workspace"}))) == (role, set(seen.split()))


def rule(post: Post, name: str, **about: object) -> str:
    """A rule of an admin's, which began to watch a year ago and fires whenever anybody did anything."""
    to = [address(reader) for reader in READS]
    made = alerts.create(
        post.home.as_user("admin"),
        Rule(name=name, condition="above", threshold=0, recipients=tuple(to), **about),  # type: ignore[arg-type]
    )
    with post.house.app.session() as session:
        session.get_one(AlertRule, made.id).watched_from = date(2026, 3, 2)
    return made.id


def test_an_alert_about_somebody_goes_to_those_who_may_see_them_and_the_log_says_so(post: Post) -> None:
    about = {
        "Bob's lines": ("admin", "lead"), "Late nights in Atlas": ("admin", "lead"), "Lines": tuple(READS),
    }  # fmt: skip
    made = [
        rule(post, "Bob's lines", metric="lines_added", subject_kind="person", subject_ids=(post.home.people["bob"],)),
        rule(post, "Late nights in Atlas", metric="late_night_commit_ratio", subject_kind="team",
             subject_ids=(post.home.atlas,)),
        rule(post, "Lines", metric="lines_added"),
    ]  # fmt: skip

    alerts.tick(post.house)
    post.work()

    admin = post.home.as_user("admin")
    for (name, readers), rule_id in zip(about.items(), made, strict=True):
        (finding,) = findings.findings(admin, rule_id)
        log = {one.recipient: one for one in findings.sent(admin, finding.id)}
        assert (name, {one for one, row in log.items() if row.status == "delivered"}) == (
            name,
            {*map(address, readers)},
        )
        kept = [row for row in log.values() if row.status != "delivered"]
        assert all((row.status, "may not see" in row.detail) == ("called off", True) for row in kept)
        got = {
            reader: [mail for mail in post.office.to(address(reader)) if name in mail["Subject"]] for reader in READS
        }
        assert {reader for reader, mails in got.items() if mails} == set(readers)
    assert told("\n".join(text for _, text in parts(post.office.to(address("lead"))[0])))


def test_somebody_who_left_reads_as_a_stranger(post: Post) -> None:
    users.set_active(post.home.root, "lead", False)

    rule(post, "Bob's lines", metric="lines_added", subject_kind="person", subject_ids=(post.home.people["bob"],))
    alerts.tick(post.house)
    post.work()

    assert post.office.to(address("admin"))
    assert not post.office.to(address("lead"))
