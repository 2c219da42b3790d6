"""Outputs registered once: made, tested without sending, and opened for a report that may not lead them astray."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.access import workspaces
from core.base.errors import BadInput, DeliveryFailed, NotAllowed, NotFound, SightlineError
from core.base.settings import settings
from core.connections import service
from core.connections.sides import SENT
from core.context import Context
from core.datasources.window import Window
from core.delivery.outputs.registry import OUTPUTS
from core.reports.code.compiling import compiled
from core.reports.code.reading import opened_texts
from core.reports.code.running import built, sent
from tests.connections.conftest import mail, slack, store
from tests.datasources.conftest import week
from tests.delivery.outputs.parcels import ID
from tests.delivery.outputs.parcels import parcel as made
from tests.delivery.post_office import PostOffice
from tests.servers.buckets import KEYS
from tests.servers.replies import Replies, Reply
from tests.servers.sshd import Sshd

Acting = Callable[[str], Context]


@pytest.fixture
def chat(ctx: Context, service_: Replies) -> service.ConnectionView:
    return service.create(ctx, "team-slack", "slack", slack(service_, channels=["#ops"]))


@pytest.fixture
def service_(service: Replies) -> Replies:
    return service


def test_every_output_but_a_folder_of_the_server_can_be_a_connection(ctx: Context) -> None:
    assert {"smtp", "sendgrid", "slack", "s3", "scp"} <= set(SENT.kinds())
    with pytest.raises(BadInput, match="in the app, files are kept with each run"):
        service.create(ctx, "www", "static", {"output_dir": "/srv/www"})


def test_an_output_is_registered_without_what_each_report_says_for_itself(ctx: Context, chat: Any) -> None:
    assert (chat.side, chat.is_output, chat.secrets) == ("output", True, ("api_token",))
    assert service.create(ctx, "mail", "smtp", {"email_from": "a@example.org"}).place == "a@example.org"
    with pytest.raises(BadInput, match="'email_from' is missing"):
        service.create(ctx, "other", "smtp", {"smtp_host": "mail.example.org"})


def test_its_secret_is_unreadable_in_the_database_and_in_everything_shown(ctx: Context, chat: Any) -> None:
    with ctx.app.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT args, secrets FROM connections").one()

    assert "xoxb-hush" not in str(row) + repr(chat) + repr(service.connection(ctx, "team-slack"))


@pytest.mark.parametrize(
    ("plugin", "args", "needed"),
    [
        ("slack", {}, "'api_token'"),
        ("sendgrid", {"email_from": "a@example.org"}, "'api_key'"),
        ("s3", {"bucket": "reports"}, "'aws_access_key_id'"),
        ("s3", {"bucket": "reports", "aws_access_key_id": "k"}, "'aws_secret_access_key'"),
        ("scp", {"host": "web", "remote_path": "www"}, "'key_file' or 'password'"),
    ],
)  # fmt: skip
def test_the_servers_own_logins_are_lent_to_nobody(
    ctx: Context, plugin: str, args: dict[str, Any], needed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_TOKEN", "the-servers-own")

    with pytest.raises(BadInput, match="what the server's own account could use is not for reports") as told:
        service.create(ctx, "out", plugin, args)

    assert needed in told.value.message


@pytest.mark.parametrize(
    ("plugin", "args"),
    [
        ("scp", {"host": "web", "remote_path": "www", "key_file": "/home/ann/.ssh/id_ed25519"}),
        ("scp", {"host": "web", "remote_path": "www", "connect_kwargs": {"key_filename": "/home/ann/.ssh/id_rsa"}}),
        ("scp", {"host": "web", "remote_path": "www", "password": "x", "known_hosts": "/etc/passwd"}),
        ("s3", {"bucket": "reports", **KEYS, "verify": "/etc/passwd"}),
    ],
)  # fmt: skip
def test_files_of_the_server_outside_the_one_folder_are_refused(
    ctx: Context, connection_files: Path, plugin: str, args: dict[str, Any]
) -> None:
    with pytest.raises(BadInput, match=f"only below '{connection_files}'"):
        service.create(ctx, "out", plugin, args)


@pytest.mark.parametrize("change", [{"smtp_host": "evil.example"}, {"smtp_port": 2525}, {"use_tls": "none"}])
def test_a_kept_password_goes_to_no_other_server_and_on_no_open_line(ctx: Context, change: dict[str, Any]) -> None:
    args = {"smtp_host": "mail.example.org", "smtp_port": 587, "use_tls": "starttls", "email_from": "a@example.org"}
    one = service.create(ctx, "mail", "smtp", {**args, "smtp_user": "u", "smtp_password": "p"})

    with pytest.raises(BadInput, match="has changed, so enter 'smtp_password' anew"):
        service.update(ctx, one.id, args={**args, "smtp_user": "u", **change})


def test_a_test_signs_in_at_the_mail_server_and_sends_nothing(ctx: Context, office: PostOffice) -> None:
    good = service.create(ctx, "mail", "smtp", mail(office))
    bad = service.create(ctx, "wrong", "smtp", mail(office, smtp_password="guess"))

    assert service.check(ctx, good.id) == f"The mail server 127.0.0.1:{office.port} answers and knows 'sightline'."
    with pytest.raises(DeliveryFailed, match="was refused"):
        service.check(ctx, bad.id)

    assert office.mails == []
    assert "Check smtp_user and smtp_password" in service.connection(ctx, "wrong").last_error


def test_a_test_asks_slack_whose_token_it_is(ctx: Context, chat: Any, service_: Replies) -> None:
    assert service.check(ctx, chat.id) == "Slack knows the token: it is 'reporter' of 'Acme'."
    assert [one.path for one in service_.asked] == ["/auth.test"]
    assert service_.asked[0].headers["authorization"] == "Bearer xoxb-hush"
    service_.routes["/auth.test"] = Reply({"ok": False, "error": "token_revoked"})
    assert "Slack refused the token" in service.checked(ctx, chat.id).last_error


def test_a_test_asks_sendgrid_whether_the_key_may_send(ctx: Context, service_: Replies) -> None:
    args = {"api_key": "SG.1", "api": service_.url, "email_from": "a@example.org"}
    one = service.create(ctx, "grid", "sendgrid", args)

    assert service.check(ctx, one.id) == "SendGrid knows the key, and it may send."
    service_.routes["/v3/scopes"] = Reply({"scopes": ["user.profile.read"]})
    assert "it may not send" in service.checked(ctx, one.id).last_error
    assert {asked.path for asked in service_.asked} == {"/v3/scopes"}


def test_a_test_asks_for_the_bucket_and_writes_nothing(ctx: Context, s3_address: str, bucket: Any) -> None:
    there = service.create(ctx, "store", "s3", store(s3_address, bucket))
    gone = service.create(ctx, "gone", "s3", {**store(s3_address, bucket), "bucket": "no-such-bucket-here"})

    assert service.check(ctx, there.id).startswith(f"The bucket '{bucket.name}' answers.")
    assert list(bucket.objects.all()) == []
    assert "there is no bucket of this name" in service.checked(ctx, gone.id).last_error


def test_a_test_signs_in_at_the_machine_and_writes_nothing(ctx: Context, machine: Sshd, tmp_path: Path) -> None:
    one = service.create(ctx, "web", "scp", {**machine.args, "remote_path": str(tmp_path / "www")})

    assert service.check(ctx, one.id) == (f"127.0.0.1 lets '{machine.user}' in; '{tmp_path / 'www'}' will be made.")
    assert not (tmp_path / "www").exists()


def test_networks_that_an_operator_closes_are_not_reached(
    ctx: Context, office: PostOffice, chat: Any, s3_address: str, bucket: Any, machine: Sshd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made = [
        chat,
        service.create(ctx, "mail", "smtp", mail(office)),
        service.create(ctx, "store", "s3", store(s3_address, bucket)),
        service.create(ctx, "web", "scp", {**machine.args, "remote_path": "www"}),
    ]
    monkeypatch.setenv("SIGHTLINE_OUTBOUND_DENY", "private")
    settings.cache_clear()

    for view in made:
        with pytest.raises(SightlineError, match="may not reach"):
            service.check(ctx, view.id)

    monkeypatch.delenv("SIGHTLINE_OUTBOUND_DENY")
    settings.cache_clear()


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]"])
def test_a_machines_metadata_is_no_mail_server(ctx: Context, host: str) -> None:
    one = service.create(ctx, "sly", "smtp", {"smtp_host": host.strip("[]"), "email_from": "a@example.org"})

    assert "may not reach" in service.checked(ctx, one.id).last_error


def test_a_report_says_for_itself_who_gets_it(ctx: Context, office: PostOffice) -> None:
    service.create(ctx, "mail", "smtp", mail(office, email_to=["usual@example.org"]))

    usual = service.output(ctx, "mail", "all", {})
    other = service.output(ctx, "mail", "some", {"email_to": "ann@example.org", "formats": ["csv"]})
    usual.send(made())
    other.send(made())

    assert [one["X-Envelope-To"] for one in office.mails] == ["usual@example.org", "ann@example.org"]
    assert office.mails[1]["From"] == "Reports <reports@example.org>"


def test_what_neither_of_them_says_is_missing(ctx: Context, office: PostOffice) -> None:
    service.create(ctx, "mail", "smtp", mail(office))

    with pytest.raises(BadInput, match=r"The output 'all' \(mail\): 'email_to' is missing."):
        service.output(ctx, "mail", "all", {})


USUAL: dict[str, dict[str, Any]] = {
    "smtp": {"email_from": "a@example.org"},
    "sendgrid": {"email_from": "a@example.org", "api_key": "k"},
    "slack": {"api_token": "t"},
    "s3": {"bucket": "reports", **KEYS},
    "scp": {"host": "web", "remote_path": "www", "password": "p"},
}
THEIRS = [
    (key, name)
    for key in USUAL
    for name in sorted(set(OUTPUTS.get(key).Args.model_fields) - OUTPUTS.get(key).of_report)
]


@pytest.mark.parametrize(("plugin", "name"), THEIRS)
def test_a_report_never_says_where_a_kept_secret_goes(ctx: Context, plugin: str, name: str) -> None:
    service.create(ctx, "out", plugin, USUAL[plugin])

    with pytest.raises(BadInput, match=f"'{name}' belongs to the connection 'out'"):
        service.output(ctx, "out", "mine", {name: "elsewhere"})


def test_the_arguments_that_lead_somewhere_are_all_among_those_of_the_connection() -> None:
    kinds = SENT.kinds()

    assert kinds["smtp"].of_report == {"email_to", "formats", "image_strategy", "image_remote_base_url"}
    assert kinds["sendgrid"].of_report == kinds["smtp"].of_report
    assert kinds["slack"].of_report == {"channels", "formats", "image_remote_base_url"}
    assert kinds["s3"].of_report == {"formats", "output_format", "pictures", "prefix"}
    assert kinds["scp"].of_report == {"formats", "output_format", "pictures", "remote_path"}


def test_a_prefix_of_a_report_is_below_that_of_the_connection(ctx: Context, s3_address: str, bucket: Any) -> None:
    service.create(ctx, "store", "s3", store(s3_address, bucket, prefix="reports"))

    service.output(ctx, "store", "mine", {"prefix": "weekly/ops"}).send(made())

    keys = {one.key for one in bucket.objects.all()}
    assert f"reports/weekly/ops/{ID}/index.html" in keys
    assert all(key.startswith("reports/weekly/ops/") for key in keys)


@pytest.mark.parametrize("path", ["../../etc", "/etc", "~/.ssh", "a/../../b"])
def test_a_report_never_leaves_the_folder_of_the_connection(ctx: Context, path: str) -> None:
    service.create(ctx, "web", "scp", {"host": "web", "remote_path": "/srv/www", "password": "p"})

    with pytest.raises(BadInput, match="'remote_path' is counted from '/srv/www' of the connection"):
        service.output(ctx, "web", "mine", {"remote_path": path})


def test_a_report_is_copied_below_the_folder_of_the_connection(ctx: Context, machine: Sshd, tmp_path: Path) -> None:
    service.create(ctx, "web", "scp", {**machine.args, "remote_path": str(tmp_path / "www")})

    service.output(ctx, "web", "mine", {"remote_path": "ops"}).send(made())

    assert (tmp_path / "www" / "ops" / ID / "index.html").is_file()


def test_each_side_is_named_where_it_belongs(ctx: Context, chat: Any) -> None:
    window: Window = week()
    service.create(ctx, "shop", "http", {"url": "https://api.example"})

    with pytest.raises(BadInput, match=r"'team-slack' \(slack\) belongs under 'outputs': reports are sent to it"):
        service.opened(ctx, "team-slack", window)
    with pytest.raises(BadInput, match=r"'shop' \(http\) belongs under 'datasources': reports ask it"):
        service.output(ctx, "shop", "mine", {})
    for verb in (service.schema, lambda ctx, one: service.try_query(ctx, one, "select 1")):
        with pytest.raises(BadInput, match="there is nothing to ask"):
            verb(ctx, chat.id)


def test_a_member_tests_an_output_but_neither_makes_nor_sends_by_one(ctx: Context, acting: Acting, chat: Any) -> None:
    member = acting("member")

    assert service.check(member, chat.id)
    with pytest.raises(NotAllowed):
        service.create(member, "x", "slack", {"api_token": "t"})
    with pytest.raises(NotAllowed):
        service.output(member, "team-slack", "mine", {"channels": "#ops"})


def test_another_workspace_sends_by_none_of_it(ctx: Context, chat: Any, house: Any) -> None:
    other = house.context(workspaces.create(house.app, name="Other", now=house.clock()))

    with pytest.raises(NotFound, match=r"There is no connection named 'team-slack' in 'Other'\. Add it"):
        service.output(other, "team-slack", "mine", {"channels": "#ops"})
    with pytest.raises(NotFound):
        service.check(other, chat.id)


def test_a_file_run_by_the_command_may_name_a_connection_too(
    ctx: Context, chat: Any, service_: Replies, tmp_path: Path
) -> None:
    text = (
        "title: Word\nviews:\n  words: {plugin: text, args: {markdown: All is well.}}\noutputs:\n"
        f"  box: {{plugin: static, args: {{output_dir: {tmp_path / 'out'}}}}}\n"
        "  chat: {connection: team-slack}\n  gone: {connection: team-slak}\n"
    )
    service_.routes["/chat.postMessage"] = Reply({"ok": True, "channel": "C1"})
    plan = compiled(opened_texts([("word.yaml", text)]).checked()[0])

    outcomes = sent(plan, built(plan, ctx.clock(), "UTC", lambda: ctx), lambda: ctx)

    told = {one.name: one.failure or one.answer for one in outcomes}
    assert told["chat"] == "Posted to #ops"
    assert told["gone"] == "There is no connection named 'team-slak' in 'Acme'. Did you mean 'team-slack'?"
    assert told["box"].startswith("Wrote ")
