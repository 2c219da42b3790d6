"""Settings of a connection: its secrets apart from the rest, and what a connection of the app may not do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

from core.base.errors import BadInput
from core.base.fields import accepted
from core.base.settings import settings
from core.connections.sides import ASKED, Side

Secrets = dict[str, str]
"""Path of a setting → its secret."""

HIDING = re.compile(r"authori[sz]ation|token|secret|passw|api[-_]?key|cookie|credential", re.I)
"""Names that hold a secret where a kind leaves them to whoever writes them: headers, parameters, driver arguments."""
ADDRESS = frozenset(
    {
        "driver", "host", "port", "url", "api_host", "api", "admin_api", "unix_socket",
        "smtp_host", "smtp_port", "use_tls", "endpoint_url", "use_ssl",
    }
)  # fmt: skip
"""Settings that say whom a secret is shown to."""
BARRED = frozenset(
    ("read_default_file", "read_default_group", "init_command", "passfile", "service", "servicefile", "config")
)
"""Arguments of drivers that read this machine's files or run statements of their own."""


NAMED_FILES = {"key_file": "key files", "known_hosts": "files of known machines", "verify": "files of authorities"}
"""Settings that name a file, and what it holds."""
FILES = {"sqlite": "SQLite files", "duckdb": "DuckDB files"}
"""Drivers whose database is a file."""


def split(model: type[BaseModel], given: Mapping[str, Any]) -> tuple[dict[str, Any], Secrets]:
    """`given` without its secrets, and the secrets."""
    plain: dict[str, Any] = {}
    secrets: Secrets = {}
    for path, value, hidden in _leaves(model, given):
        if hidden and value not in (None, ""):
            secrets[path] = _revealed(value)
        elif not hidden:
            _put(plain, path, value)
    return plain, secrets


def joined(plain: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """Settings as the kind takes them."""
    whole = {name: dict(value) if isinstance(value, Mapping) else value for name, value in plain.items()}
    for path, secret in secrets.items():
        _put(whole, path, secret)
    return whole


def kept(model: type[BaseModel], old: tuple[Mapping[str, Any], Secrets], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with the secrets that it leaves out taken from what was; BadInput if they would go to another address."""
    plain, secrets = split(model, given)
    missing = {path: secret for path, secret in old[1].items() if path not in secrets}
    moved = sorted(name for name in ADDRESS if _changed(old[0].get(name), plain.get(name)))
    if missing and moved:
        raise BadInput(
            f"'{moved[0]}' has changed, so enter {_listed(missing)} anew: a secret is only kept for the address"
            " that it was given for."
        )
    return joined(plain, {**missing, **secrets})


def admitted(plugin: str, given: Mapping[str, Any], side: Side = ASKED) -> Any:
    """The kind's own settings made of `given`; BadInput if they are wrong, or if the app may not have them."""
    model = side.model(plugin)
    if barred := sorted(BARRED & set(given)):
        raise BadInput(f"A connection may not have '{barred[0]}'. Take it out.")
    whole = _files_inside({_field(model, name): value for name, value in given.items()})
    _own_login(side.kind(plugin), whole, plugin)
    return accepted(model, whole, f"The connection ({plugin})")


def _files_inside(whole: dict[str, Any]) -> dict[str, Any]:
    """The same with every file that is named below the one folder for them."""
    if FILES.get(str(whole.get("driver"))) and whole.get("database"):
        whole["database"] = _inside(str(whole["database"]), FILES[str(whole["driver"])])
    for name, what in NAMED_FILES.items():
        if whole.get(name) and isinstance(whole[name], str):
            whole[name] = _inside(whole[name], what)
    nested_login = whole.get("connect_kwargs")
    if isinstance(nested_login, Mapping) and nested_login.get("key_filename"):
        whole["connect_kwargs"] = {
            **nested_login,
            "key_filename": _inside(str(nested_login["key_filename"]), "key files"),
        }
    return whole


def _own_login(kind: Any, whole: Mapping[str, Any], plugin: str) -> None:
    """Return quietly if a connection brings the login that its kind needs: the machine's own are nobody's here."""
    for group in getattr(kind, "login", ()):
        if not any(_at(whole, path) for path in group):
            raise BadInput(
                f"The connection ({plugin}) needs {' or '.join(repr(path) for path in group)}: what the server's own"
                " account could use is not for reports."
            )


def _at(whole: Mapping[str, Any], path: str) -> Any:
    first, _, rest = path.partition(".")
    value = whole.get(first)
    return _at(value, rest) if rest and isinstance(value, Mapping) else None if rest else value


def secret_paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every setting of `model` that is a secret, as a path."""
    for name, field in model.model_fields.items():
        inner = nested(field.annotation)
        if is_secret(field.annotation):
            yield before + name
        elif inner is not None:
            yield from secret_paths(inner, f"{before}{name}.")


def is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def nested(annotation: Any) -> type[BaseModel] | None:
    """The model that a setting holds, if it holds one."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _inside(named: str, what: str) -> str:
    folder = settings().files_folder.expanduser().resolve()
    path = (folder / Path(named.removeprefix("file:").partition("?")[0]).expanduser()).resolve()
    if not path.is_relative_to(folder) or path == folder:
        raise BadInput(
            f"A connection opens {what} only below '{folder}', and '{named}' is not there. Put it there, or have an"
            " operator choose another folder with SIGHTLINE_CONNECTION_FILES."
        )
    return str(path)


def _leaves(model: type[BaseModel], given: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any, bool]]:
    """(path, value, whether it is a secret) of every setting, under the name of its field."""
    for name, value in given.items():
        known = _field(model, name)
        field = model.model_fields.get(known)
        inner = nested(field.annotation) if field else None
        path = f"{before}{known}"
        if inner is not None and isinstance(value, Mapping):
            yield from _leaves(inner, value, f"{path}.")
        elif field is not None and isinstance(value, Mapping):
            for key, one in value.items():
                yield f"{path}.{key}", one, bool(HIDING.search(str(key)))
        else:
            yield path, value, is_secret(field.annotation) if field else bool(HIDING.search(name))


def _field(model: type[BaseModel], name: str) -> str:
    """The field that is called `name` in a file: itself, or the one that has it as an alias."""
    for field_name, field in model.model_fields.items():
        alias = field.validation_alias
        if name in (field_name, alias, *getattr(alias, "choices", ())):
            return field_name
    return name


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    first, _, rest = path.partition(".")
    if not rest:
        into[first] = value
        return
    inner = into.get(first)
    if not isinstance(inner, dict):
        inner = into[first] = {}
    _put(inner, rest, value)


def _revealed(value: Any) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _changed(old: Any, new: Any) -> bool:
    return (old or "") != (new or "")


def _listed(paths: Mapping[str, Any]) -> str:
    return ", ".join(f"'{path}'" for path in sorted(paths))
