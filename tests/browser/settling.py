"""When a page of Streamlit has come to rest: every run that the browser has asked for has ended."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

RERUN, BEGUN, ENDED, GIVEN_UP = 11, 4, 6, 2
"""BackMsg.rerun_script, ForwardMsg.new_session, ForwardMsg.script_finished and its FINISHED_EARLY_FOR_RERUN."""

COUNTING = """(() => {
  window.runs = {asked: 0, begun: 0, ended: 0}
  const fields = data => {
    const bytes = new Uint8Array(data), found = new Map()
    let at = 0
    const number = () => {
      for (let value = 0, scale = 1; ; scale *= 128) {
        value += (bytes[at] & 127) * scale
        if (bytes[at++] < 128) return value
      }
    }
    while (at < bytes.length) {
      const tag = number(), value = number()
      if (tag % 8 === 2) at += value
      found.set(tag >> 3, value)
    }
    return found
  }
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', ({data}) => {
        if (!(data instanceof ArrayBuffer)) return
        const said = fields(data)
        if (said.has(BEGUN)) runs.begun = runs.asked
        if (said.has(ENDED) && said.get(ENDED) !== GIVEN_UP) runs.ended = runs.begun
      })
    }
    send(data) {
      if (ArrayBuffer.isView(data) && fields(data.slice().buffer).has(RERUN)) runs.asked++
      super.send(data)
    }
  }
})()"""
AT_REST = """() => runs.ended === runs.asked
  && document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid=stSpinner]')"""


def counting(window: BrowserContext) -> BrowserContext:
    """Let every page of this browser count the runs that it asks for, and those that ended."""
    script = COUNTING
    for name, number in {"BEGUN": BEGUN, "ENDED": ENDED, "GIVEN_UP": GIVEN_UP, "RERUN": RERUN}.items():
        script = script.replace(name, str(number))
    window.add_init_script(script)
    return window


def at_rest(page: Page) -> None:
    """Wait until the last run that was asked for has ended, and is drawn.

    The state that Streamlit shows is not enough: between a click and the first word of its run it still says that
    nothing runs, and what is typed or clicked then may be lost.
    """
    page.wait_for_function(AT_REST)
