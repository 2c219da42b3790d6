"""A small editor for YAML: line numbers, marks where something is wrong, the text sent a moment after the last key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import streamlit as st

HEIGHT = 560


class Mark(TypedDict):
    """What is said of a line."""

    line: int
    level: str
    text: str


_editor = st.components.v2.component(
    "sightline_yaml_editor",
    html='<div class="editor"><div class="gutter" aria-hidden="true"></div><textarea spellcheck="false" wrap="off"'
    ' autocapitalize="off" autocomplete="off" aria-label="Report file in YAML"></textarea></div>',
    css="""
.editor{display:flex;height:560px;border:1px solid var(--st-border-color);border-radius:8px;overflow:hidden;
 font:13px/1.5 "Source Code Pro",ui-monospace,Menlo,Consolas,monospace;background:var(--st-background-color)}
.editor:focus-within{outline:2px solid var(--st-primary-color);outline-offset:1px}
.gutter{flex:none;width:46px;overflow:hidden;padding:10px 0;text-align:right;user-select:none;
 color:var(--st-text-color);background:var(--st-secondary-background-color)}
.gutter div{padding:0 8px 0 4px;opacity:.6;border-left:4px solid transparent}
.gutter .error{opacity:1;border-color:#D55E00;font-weight:700}
.gutter .warning{opacity:1;border-color:#E69F00;font-weight:700}
textarea{flex:1;min-width:0;margin:0;padding:10px;border:0;outline:0;resize:none;overflow:auto;white-space:pre;
 tab-size:2;font:inherit;color:var(--st-text-color);background:transparent}
""",
    js="""
export default function ({ parentElement, data, setStateValue }) {
  const area = parentElement.querySelector("textarea");
  const gutter = parentElement.querySelector(".gutter");
  const draw = () => {
    const lines = area.value.split("\\n").length;
    const said = new Map((data.marks || []).map((mark) => [mark.line, mark]));
    gutter.replaceChildren(...Array.from({ length: lines }, (_, index) => {
      const row = document.createElement("div");
      const mark = said.get(index + 1);
      row.textContent = String(index + 1);
      if (mark) { row.className = mark.level; row.title = mark.text; }
      return row;
    }));
    gutter.scrollTop = area.scrollTop;
  };
  const send = () => { clearTimeout(area._later); setStateValue("text", area.value); };
  if (area.dataset.version !== data.version) {
    area.value = data.text;
    area.dataset.version = data.version;
  }
  area.oninput = () => { draw(); clearTimeout(area._later); area._later = setTimeout(send, 500); };
  area.onblur = send;
  area.onscroll = () => { gutter.scrollTop = area.scrollTop; };
  area.onkeydown = (event) => {
    if (event.key === "Escape") { area._leaving = true; return; }
    if (event.key === "Tab" && !area._leaving && !event.shiftKey) {
      event.preventDefault();
      area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
      area.oninput();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
    area._leaving = false;
  };
  draw();
}
""",
)


def draw(text: str, version: str, marks: Sequence[Mark], key: str) -> str:
    """The text as it stands in the browser. `text` is put there whenever `version` is another than before.

    Tab indents; Escape and then Tab leaves the field.
    """
    found: Any = _editor(
        data={"text": text, "version": version, "marks": list(marks)},
        key=key,
        default={"text": text},
        on_text_change=lambda: None,
    )
    return str(found.text if found.text is not None else text)
