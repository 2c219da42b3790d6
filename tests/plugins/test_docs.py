"""The examples of docs/plugins.md are run as they stand there."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.base.errors import BadInput
from core.base.fields import accepted
from core.datasources.desk import Desk
from core.datasources.tables import answered
from core.documents.choice import ThemeChoice
from core.plugins import contract
from core.plugins.contract import WINDOW, DatasourceContract, OutputContract, ViewContract
from core.views.view import Face
from tests.servers.replies import Replies, Reply, replying

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
TEMPLATES = dict(re.findall(r"`templates/(greeting\.\w+)`:\n\n```jinja\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
USERS = [{"id": 1, "name": "Ann <b>"}, {"id": 2, "name": "Bob"}, {"id": 3, "name": "Cy"}]


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Everything that the page writes, each block a module of its own."""
    made: dict[str, Any] = {}
    for place, block in enumerate(BLOCKS[:-1]):
        path = tmp_path / f"acme_{place}.py"
        path.write_text(block)
        module = types.ModuleType(path.stem)
        module.__file__ = str(path)
        monkeypatch.setitem(sys.modules, path.stem, module)
        exec(compile(block, str(path), "exec"), module.__dict__)
        made |= vars(module)
    (tmp_path / "templates").mkdir()
    for name, text in TEMPLATES.items():
        (tmp_path / "templates" / name).write_text(text)
    return types.SimpleNamespace(**made)


@pytest.fixture
def service() -> Iterator[Replies]:
    with replying() as replies:
        replies.routes |= {
            "/search": Reply(USERS),
            "/users": Reply(USERS),
            "/last_activity": Reply(
                [
                    {"user_id": 1, "last_active_at": "2026-03-01T10:00:00"},
                    {"user_id": 2, "last_active_at": "2026-01-01T10:00:00"},
                    {"user_id": 3, "last_active_at": "2026-02-08T00:00:00"},
                ]
            ),
            "/hook": Reply({"ok": True}),
        }
        yield replies


def claims(kind: type[Any]) -> list[str]:
    return [name for name in dir(kind) if name.startswith("test_")]


def held(claimed: type[Any], **attributes: Any) -> None:
    """Every claim of a contract."""
    tried = type("Tried", (claimed,), attributes)
    for claim in claims(claimed):
        getattr(tried(), claim)()


def test_the_search_over_http_holds_to_the_contract(acme: Any, service: Replies):
    held(DatasourceContract, kind=acme.Search, args={"url": f"{service.url}/search", "token": "t"}, query="ann")

    assert service.asked[-1].params == {"query": "ann"}
    assert service.asked[-1].headers["authorization"] == "Bearer t"


def test_the_named_questions_hold_to_the_contract_and_count_right(acme: Any, service: Replies):
    args = {"users_url": service.url, "activity_url": service.url}
    held(DatasourceContract, kind=acme.Users, args=args, query="active_users", wrong_query="activ_users")

    source = acme.Users(accepted(acme.Users.Args, args, "It"), WINDOW)
    assert answered(source.query("total_active_users")).table.to_pylist() == [{"users": 2}]
    assert service.to("/last_activity")[0].params == {"user_ids": "1,2,3"}
    with pytest.raises(BadInput, match="There is no question 'activ_users'. Did you mean 'active_users'?"):  # noqa: RUF043
        source.query("activ_users")


def test_the_greeting_holds_to_the_contract(acme: Any):
    held(ViewContract, kind=acme.Greeting, args={"datasource": "users"}, answers={"users": USERS})

    desk = Desk(WINDOW, {"users": contract._opener(USERS)})
    made = acme.Greeting(Face("hi"), acme.Greeting.Args(datasource="users"), desk, ThemeChoice()).draw()
    assert "Hello, <b>Ann &lt;b&gt;</b>!" in made.html
    assert r"Hello, **Ann \<b\>**!" in made.markdown


def test_the_peak_holds_to_the_contract(acme: Any):
    rows = [{"time": datetime(2026, 3, 2 + day, tzinfo=UTC), "n": n} for day, n in enumerate((3, 9, 4))]
    held(ViewContract, kind=acme.Peak, args={"datasource": "db", "query": "x"}, answers={"db": rows})


def test_the_web_hook_holds_to_the_contract(acme: Any, service: Replies):
    held(OutputContract, kind=acme.Webhook, args={"url": f"{service.url}/hook"})

    assert service.to("/hook")[0].json["report"] == "2026-03-02_2026-03-09_tried"


def test_the_page_shows_the_contract_as_it_is():
    assert "from core.plugins.contract import ViewContract" in BLOCKS[-1]
    assert {"kind", "args", "answers"} <= set(ViewContract.__annotations__) | set(contract._Kind.__annotations__)
