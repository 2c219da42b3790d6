"""The order of all parts at a glance, changed by dragging, or by Alt and the arrow keys."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.builder import bench as benches
from components.builder import offers
from components.builder.bench import Bench
from core.context import Context
from core.reports import editing
from core.reports.editing import Place
from core.reports.plan import ReportPlan

_list = st.components.v2.component(
    "sightline_arranging",
    html='<div class="all"></div>',
    css="""
.all{display:flex;flex-direction:column;gap:12px;font:14px/1.4 var(--st-font);color:var(--st-text-color)}
.section{border:1px solid var(--st-border-color);border-radius:8px;padding:10px;display:flex;flex-direction:column;
 gap:6px;min-height:36px}
.section>b{font-weight:600}
.part{border:1px solid var(--st-border-color);border-radius:6px;padding:7px 10px;cursor:grab;
 background:var(--st-secondary-background-color);display:flex;gap:8px;justify-content:space-between}
.part i{font-style:normal;opacity:.7}
.part:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:1px}
.part.gone{opacity:.4}
.part.above{box-shadow:0 -3px 0 var(--st-primary-color)}
.part.below{box-shadow:0 3px 0 var(--st-primary-color)}
.section.over{outline:2px dashed var(--st-primary-color)}
""",
    js="""
export default function ({ parentElement, data, setTriggerValue }) {
  const all = parentElement.querySelector(".all");
  let taken = null;
  const make = (kind, name, text) => {
    const made = document.createElement(kind);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  };
  const clean = () => all.querySelectorAll(".above,.below,.over").forEach((one) =>
    one.classList.remove("above", "below", "over"));
  const put = (from, section, before) => setTriggerValue("moved", { from, section, before });
  const isAbove = (event, part) => {
    const box = part.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  };
  const step = (row, column, by) => {
    const there = data.sections[row].parts.length;
    if (by < 0) {
      if (column > 0) put([row, column], row, column - 1);
      else if (row > 0) put([row, column], row - 1, data.sections[row - 1].parts.length);
    } else if (column < there - 1) put([row, column], row, column + 2);
    else if (row < data.sections.length - 1) put([row, column], row + 1, 0);
  };
  const partOf = (told, row, column) => {
    const part = make("div", "part", "");
    part.append(make("span", "", told.title), make("i", "", told.kind));
    part.draggable = true;
    part.tabIndex = 0;
    part.setAttribute("role", "listitem");
    part.setAttribute("aria-label", `${told.title}. Alt and an arrow key move it.`);
    part.ondragstart = (event) => {
      taken = [row, column];
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", told.title);
      part.classList.add("gone");
    };
    part.ondragend = () => { taken = null; part.classList.remove("gone"); clean(); };
    part.ondragover = (event) => {
      if (!taken) return;
      event.preventDefault();
      event.stopPropagation();
      clean();
      part.classList.add(isAbove(event, part) ? "above" : "below");
    };
    part.ondrop = (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (taken) put(taken, row, column + (isAbove(event, part) ? 0 : 1));
    };
    part.onkeydown = (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      step(row, column, event.key === "ArrowUp" ? -1 : 1);
    };
    return part;
  };
  all.replaceChildren(...data.sections.map((told, row) => {
    const section = make("div", "section", "");
    section.setAttribute("role", "list");
    section.append(make("b", "", told.title), ...told.parts.map((part, column) => partOf(part, row, column)));
    section.ondragover = (event) => {
      if (!taken) return;
      event.preventDefault();
      clean();
      section.classList.add("over");
    };
    section.ondrop = (event) => { event.preventDefault(); if (taken) put(taken, row, told.parts.length); };
    return section;
  }));
  const [row, column] = data.moved || [];
  const isNew = all.dataset.edition !== undefined && all.dataset.edition !== String(data.edition);
  all.dataset.edition = String(data.edition);
  if (isNew && row !== undefined) all.children[row]?.querySelectorAll(".part")[column]?.focus();
}
""",
)


def draw(ctx: Context, bench: Bench) -> None:
    """Every part in one list."""
    st.caption("Drag a part to where it shall stand, or choose one with Tab and press Alt and an arrow key.")
    key = "builder_arranging"
    _list(
        data={"sections": _told(bench.plan), "moved": _moved(bench), "edition": bench.edition},
        key=key,
        on_moved_change=lambda: _put(ctx, bench, st.session_state[key]),
    )


def _told(plan: ReportPlan) -> list[dict[str, Any]]:
    return [
        {
            "title": section.title or f"Section {number + 1}",
            "parts": [{"title": offers.title(one), "kind": _kind(one)} for one in section.blocks],
        }
        for number, section in enumerate(plan.sections)
    ]


def _kind(block: Any) -> str:
    kind = offers.kind(block)
    return "" if kind == offers.title(block) else kind


def _moved(bench: Bench) -> list[int] | None:
    """The part that was moved last keeps the keys."""
    return [bench.chosen.section, bench.chosen.block] if bench.chosen else None


def _put(ctx: Context, bench: Bench, said: Any) -> None:
    told = said.get("moved") if said else None
    if told:
        place = Place(*map(int, told["from"]))
        section, before = int(told["section"]), int(told["before"])
        benches.rearrange(ctx, bench, lambda plan: editing.put_before(plan, place, section, before), choose=True)
