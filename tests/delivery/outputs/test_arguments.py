"""Every argument of every output: present, absent, of the wrong type, and at its edges."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from core.base.errors import BadInput, NotFound
from core.delivery.outputs.output import Parcel
from core.delivery.outputs.registry import BUILT_IN, OUTPUTS
from core.delivery.outputs.sending import opened, send_all

MAIL = {"email_from": "r@example.org", "email_to": "ann@example.org"}
LEAST: dict[str, dict[str, Any]] = {
    "static": {},
    "smtp": MAIL,
    "sendgrid": MAIL,
    "slack": {"channels": ["#ops"]},
    "s3": {"bucket": "reports"},
    "scp": {"host": "web.example.org", "remote_path": "/srv/www"},
}

TAKEN: list[tuple[str, str, Any, Any]] = [
    # absent
    ("static", "output_dir", ..., "./_build"),
    ("static", "output_format", ..., "html"),
    ("static", "formats", ..., []),
    ("smtp", "smtp_host", ..., "localhost"),
    ("smtp", "smtp_port", ..., 25),
    ("smtp", "smtp_user", ..., ""),
    ("smtp", "smtp_password", ..., SecretStr("")),
    ("smtp", "use_tls", ..., "none"),
    ("smtp", "image_strategy", ..., "embed"),
    ("smtp", "image_remote_base_url", ..., ""),
    ("sendgrid", "api_key", ..., SecretStr("")),
    ("sendgrid", "api", ..., "https://api.sendgrid.com"),
    ("slack", "api_token", ..., SecretStr("")),
    ("slack", "image_remote_base_url", ..., ""),
    ("slack", "api", ..., "https://slack.com/api"),
    ("s3", "prefix", ..., ""),
    ("s3", "region_name", ..., None),
    ("s3", "use_ssl", ..., True),
    ("s3", "verify", ..., True),
    ("scp", "user", ..., ""),
    ("scp", "port", ..., 22),
    ("scp", "accept_new_host_key", ..., False),
    ("scp", "sudo", ..., False),
    # present
    ("static", "output_dir", "/srv/reports", "/srv/reports"),
    ("static", "output_format", "png", "png"),
    ("static", "formats", ["pdf", "xlsx"], ["pdf", "xlsx"]),
    ("static", "formats", "md", ["markdown"]),
    ("static", "formats", ["png", "excel"], ["png", "xlsx"]),
    ("smtp", "email_from", "Ann Lee <ann@Example.org>", "Ann Lee <ann@example.org>"),
    ("smtp", "email_to", "a@x.org", ["a@x.org"]),
    ("smtp", "email_to", "a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
    ("smtp", "email_to", ["a@x.org", "A@x.org", "b@x.org"], ["a@x.org", "b@x.org"]),
    ("smtp", "smtp_port", "1025", 1025),
    ("smtp", "smtp_port", 65535, 65535),
    ("smtp", "use_tls", True, "yes"),
    ("smtp", "use_tls", False, "none"),
    ("smtp", "use_tls", None, "none"),
    ("smtp", "use_tls", "TLS", "tls"),
    ("smtp", "use_tls", "starttls", "starttls"),
    ("smtp", "image_strategy", "remote", "remote"),
    ("smtp", "image_remote_base_url", "https://x.org/{id}", "https://x.org/{id}"),
    ("slack", "channels", "#ops", ["#ops"]),
    ("slack", "channels", ["#ops", " #ops", "C01"], ["#ops", "C01"]),
    ("s3", "prefix", "a/b/", "a/b/"),
    ("s3", "endpoint_url", "http://minio:9000", "http://minio:9000"),
    ("s3", "aws_secret_access_key", "x", SecretStr("x")),
    ("s3", "verify", "/etc/ssl/own.pem", "/etc/ssl/own.pem"),
    ("s3", "verify", False, False),
    ("s3", "output_format", "png", "png"),
    ("scp", "port", 65535, 65535),
    ("scp", "connect_timeout", 0.5, 0.5),
    ("scp", "remote_path_owner", "www-data", "www-data"),
    ("scp", "output_dir", "./_build", "./_build"),
]


def args(plugin: str, **more: Any) -> Any:
    return opened("out", plugin, {**LEAST[plugin], **more}).args


@pytest.mark.parametrize(("plugin", "name", "given", "kept"), TAKEN)
def test_an_argument_is_taken(plugin: str, name: str, given: Any, kept: Any):
    more = {} if given is ... else {name: given}

    assert getattr(args(plugin, **more), name) == kept


ADDRESS = "is no mail address. Write it as name@example.org."
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("static", {"output_dir": ""}, "'output_dir' must not be empty."),
    ("static", {"output_dir": 5}, "'output_dir' must be text."),
    ("static", {"output_format": "jpg"}, "'output_format' must be html or png, not 'jpg'."),
    ("static", {"formats": ["xls"]}, "'formats.0': there is no format named 'xls'. Did you mean 'xlsx'?"),
    ("static", {"formats": 5}, "'formats' must be a list."),
    ("static", {"ouput_dir": "x"}, "there is no argument named 'ouput_dir'. Did you mean 'output_dir'?"),
    ("smtp", {"email_from": None}, "'email_from' must be text."),
    ("smtp", {"email_from": "nobody"}, f"'email_from': 'nobody' {ADDRESS}"),
    ("smtp", {"email_from": "a@x.org\r\nBcc: b@x.org"}, "is no mail address"),
    (
        "smtp",
        {"email_to": []},
        "'email_to': It needs at least one recipient. Write addresses such as name@example.org.",
    ),
    ("smtp", {"email_to": 5}, "'email_to': write one address, or a list of them."),
    ("smtp", {"email_to": ["a@x.org", "b"]}, f"'email_to': 'b' {ADDRESS}"),
    ("smtp", {"email_to": [f"p{n}@x.org" for n in range(201)]}, "'email_to': 201 recipients are more than 200."),
    ("smtp", {"smtp_host": ""}, "'smtp_host' must not be empty."),
    ("smtp", {"smtp_port": 0}, "'smtp_port' must be 1 or more, not '0'."),
    ("smtp", {"smtp_port": 65536}, "'smtp_port' must be 65535 or less, not '65536'."),
    ("smtp", {"smtp_port": "smtp"}, "'smtp_port' must be a whole number, not 'smtp'."),
    ("smtp", {"use_tls": "ssl3"}, "'use_tls' must be none, yes, starttls or tls, not 'ssl3'."),
    ("smtp", {"image_strategy": "inline"}, "'image_strategy' must be embed or remote, not 'inline'."),
    ("smtp", {"image_remote_base_url": "ftp://x"}, "'image_remote_base_url': 'ftp://x' is no web address."),
    ("sendgrid", {"api": "file:///etc/passwd"}, "'api': 'file:///etc/passwd' is no web address."),
    ("sendgrid", {"api_key": 5}, "'api_key' must be text."),
    ("sendgrid", {"email_to": ""}, "'email_to': It needs at least one recipient."),
    ("slack", {"channels": []}, "'channels': name at least one channel: '#ops', or its id."),
    ("slack", {"channels": 5}, "'channels' must be a list."),
    ("slack", {"channels": "  "}, "'channels': name at least one channel: '#ops', or its id."),
    ("slack", {"image_remote_base_url": "x"}, "'image_remote_base_url': 'x' is no web address."),
    (
        "s3",
        {"bucket": "ab"},
        "'bucket': 'ab' is no name of a bucket. Write 3 to 63 small letters",
    ),
    ("s3", {"bucket": None}, "'bucket' must be text."),
    ("s3", {"endpoint_url": "minio:9000"}, "'endpoint_url': 'minio:9000' is no web address."),
    ("s3", {"use_ssl": "perhaps"}, "'use_ssl' must be true or false, not 'perhaps'."),
    ("scp", {"host": ""}, "'host' must not be empty."),
    ("scp", {"port": 0}, "'port' must be 1 or more, not '0'."),
    ("scp", {"remote_path": ""}, "'remote_path' must not be empty."),
    ("scp", {"connect_timeout": 0}, "'connect_timeout' must be more than 0"),
    ("scp", {"remote_path_owner": "a; rm -rf /"}, "'remote_path_owner': 'a; rm -rf /' is no name of a user or group."),
    ("scp", {"connect_kwargs": {"pkey": 1}}, "there is no argument named 'connect_kwargs.pkey'."),
]


@pytest.mark.parametrize(("plugin", "given", "sentence"), REFUSED)
def test_an_argument_is_refused_with_its_sentence(plugin: str, given: dict[str, Any], sentence: str):
    with pytest.raises(BadInput) as caught:
        args(plugin, **given)
    assert caught.value.message.startswith(f"The output 'out' ({plugin}): ")
    assert sentence in caught.value.message


@pytest.mark.parametrize(
    ("plugin", "name"),
    [
        ("smtp", "email_from"),
        ("smtp", "email_to"),
        ("sendgrid", "email_from"),
        ("sendgrid", "email_to"),
        ("slack", "channels"),
        ("s3", "bucket"),
        ("scp", "host"),
        ("scp", "remote_path"),
    ],
)
def test_an_argument_that_is_needed_is_named(plugin: str, name: str):
    given = {key: value for key, value in LEAST[plugin].items() if key != name}

    with pytest.raises(BadInput, match=f"'{name}' is missing"):
        opened("out", plugin, given)


@pytest.mark.parametrize(
    ("host", "port", "read"),
    [
        ("web", 22, ("", "web", 22)),
        ("ann@web", 22, ("ann", "web", 22)),
        ("ann@web:2222", 22, ("ann", "web", 2222)),
        ("web:2222", 22, ("", "web", 2222)),
        ("::1", 2200, ("", "::1", 2200)),
        ("ann@[::1]:2222", 22, ("ann", "::1", 2222)),
        ("web:name", 22, ("", "web:name", 22)),
    ],
)
def test_a_machine_is_read_as_it_is_usually_written(host: str, port: int, read: tuple[str, str, int]):
    assert args("scp", host=host, port=port).address == read


def test_secrets_are_not_shown():
    shown = repr(args("smtp", smtp_password="hunter2")) + repr(args("slack", api_token="xoxb-9"))

    assert "hunter2" not in shown
    assert "xoxb-9" not in shown


@pytest.mark.parametrize("plugin", list(BUILT_IN))
def test_every_output_says_what_it_is_and_what_its_arguments_are(plugin: str):
    kind = OUTPUTS.get(plugin)

    assert kind.key == plugin
    assert kind.label
    assert kind.about.endswith(".")
    assert all(field.description for field in kind.Args.model_fields.values())


def test_an_output_that_is_not_there_is_answered_with_the_nearest_and_others_are_sent(parcel: Parcel, tmp_path):
    sent = send_all({"a": ("smpt", {}), "b": ("static", {"output_dir": str(tmp_path)})}, parcel)

    assert sent[0].failure == "There is no output plugin named 'smpt'. Did you mean 'smtp'?"
    assert sent[1].answer.startswith("Wrote ")
    with pytest.raises(NotFound):
        opened("a", "smpt", {})
