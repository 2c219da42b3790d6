"""The page Alerts, as a manager and a viewer meet it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.alerts import service
from tests.alerts.conftest import STEADY, Stage
from tests.pages import entered


def texts(page: AppTest) -> str:
    kinds = (page.title, page.subheader, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def opened(stage: Stage, patch: pytest.MonkeyPatch, role: str = "manager", **address: str) -> AppTest:
    page = entered(stage.house, stage.ctx, patch, "insights/alerts", role)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def rules(stage: Stage, patch: pytest.MonkeyPatch, role: str = "manager") -> AppTest:
    page = entered(stage.house, stage.ctx, patch, "insights/alerts", role)
    page.session_state["alerts_tab"] = "Rules"
    return page.run()


def test_an_empty_page_says_what_to_do(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing is watched yet" in texts(opened(stage, monkeypatch))
    assert "tried on the last 90 days before it is saved" in texts(rules(stage, monkeypatch))


def test_a_finding_in_the_address_is_shown_with_its_course(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.weeks((*STEADY, 20))
    stage.rule(name="Bursts", recipients=("team@example.org",))
    stage.tick()
    stage.work()
    (found,) = service.findings(stage.ctx)

    page = opened(stage, monkeypatch, finding=found.id)

    assert "300 % more than the usual 5" in texts(page)
    assert "E-mail to **team@example.org**: delivered" in texts(page)
    assert any(button.label == "Explain" for button in page.button)
    assert len(page.get("vega_lite_chart")) == 1
    assert "team@example.org" not in texts(opened(stage, monkeypatch, "viewer", finding=found.id))


def test_a_rule_is_turned_off_and_on_and_muted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stage.rule(name="Bursts")

    press(rules(stage, monkeypatch), "Turn off")
    assert not service.get(stage.ctx, made.id).is_active
    press(rules(stage, monkeypatch), "Turn on")
    assert service.get(stage.ctx, made.id).is_active
    press(rules(stage, monkeypatch), "For a week")
    assert service.get(stage.ctx, made.id).muted_until
    press(rules(stage, monkeypatch), "Delete the rule")
    assert service.rules(stage.ctx) == []


def test_a_viewer_sees_rules_and_no_buttons(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.rule(name="Bursts")
    page = rules(stage, monkeypatch, "viewer")

    assert "Bursts" in texts(page)
    assert "may look at alerts" in texts(page)
    assert not {"New alert rule", "Change", "Turn off", "Delete the rule"} & {button.label for button in page.button}


def test_a_rule_is_tried_and_saved_in_its_form(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.weeks((*STEADY, 20))

    def script(ctx):
        from components.forms import alert_edit

        alert_edit.new_form(ctx)

    page = AppTest.from_function(script, args=(stage.ctx,), default_timeout=60).run()
    page = page.toggle(key="alert_try_new").set_value(True).run()
    assert "Would have fired once in the last 90 days." in texts(page)
    page = page.selectbox(key="alert_condition_new").set_value("above").run()
    page = page.number_input(key="alert_limit_commits_count_new").set_value(3.0).run()
    assert "Would have fired 13 times in the last 90 days." in texts(page)
    page = press(page, "Save the rule")

    assert not page.exception
    (made,) = service.rules(stage.ctx)
    assert (made.wish.condition, made.wish.threshold, made.wish.recipients) == ("above", 3.0, ("ada@example.org",))
