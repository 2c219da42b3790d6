"""How a scheduled report goes out: by e-mail, to Slack by one of the workspace's connections, or both."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import navigation
from core.context import Context
from core.schedules import service
from core.schedules.wish import Wish


def choose(ctx: Context, now: Wish, key: str) -> Wish:
    """The wish with its method and, for Slack, the connection and its channels."""
    methods = dict.fromkeys([*service.METHODS, now.delivery_method])
    method = st.segmented_control(
        "By", list(methods), default=now.delivery_method, required=True, key=f"method_{key}",
        format_func=lambda one: service.METHODS.get(one, one),
    )  # fmt: skip
    wish = replace(now, delivery_method=str(method))
    return _slack(ctx, wish, key) if method in service.POSTED else wish


def _slack(ctx: Context, wish: Wish, key: str) -> Wish:
    found = service.slack_connections(ctx)
    if not found:
        st.info("There is no Slack connection yet. Managers add one under Connections.", icon=":material/cable:")
        st.page_link(navigation.page("connections"), label="Open Connections", icon=":material/cable:")
        return replace(wish, slack_connection="", slack_channels=())
    held = found.index(wish.slack_connection) if wish.slack_connection in found else 0
    connection = st.selectbox("Slack connection", found, index=held, key=f"slack_{key}")
    channels = st.text_input(
        "Channels", ", ".join(wish.slack_channels), key=f"channels_{key}", placeholder="The connection's own",
        help="Names or ids by commas, as in #ops. Left empty, it goes where the connection says. So does a webhook.",
    )  # fmt: skip
    return replace(wish, slack_connection=connection, slack_channels=tuple(channels.split(",")))
