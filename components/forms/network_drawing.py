"""The collaboration network as a drawing: people as dots in the discs of their communities, ties as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.draw import deck
from core.analysis.collaboration import Member, Network, Tie
from core.analysis.layout import SIZE
from core.context import Context
from core.documents.theme import DARK, LIGHT, Theme, mixed

KEY = "network_deck"
HEIGHT, LOW = 620, 420
"""Pixels, on a screen and on a telephone."""
LABELS, NEAR = 28, 12
LEGEND = 12
MOST_LINES = 40_000
FEW = 300
FAINT = (2_000, 8_000)
"""Ties from which on each line is drawn fainter."""
NO_GROUP = "No team"
TOOLTIP = "{name}\n{team}, community {community}\nWorks with {degree}, strength {strength}"


@dataclass(frozen=True, slots=True)
class Look:
    """How the network is to be shown."""

    by: str
    """Colours mean: community or team."""
    least: float
    """Ties weaker than this are left out of the drawing."""
    picked: str = ""
    """The person in the middle of attention."""


def draw(ctx: Context, network: Network, look: Look, teams: dict[str, str]) -> None:
    """The drawing and its legend; picking a dot chooses that person in the search field."""
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    colours = _colours(network, look.by, theme)
    key = (ctx.workspace.id, ctx.workspace.data_version, ctx.seen_as(), look, theme.name, _is_narrow())
    height = LOW if _is_narrow() else HEIGHT
    with st.container(key="network_drawing", border=True):
        deck.show(
            _text(*key, id(network), network, colours, teams), TOOLTIP, KEY, _told(network, look), height, _choose
        )
    _legend(network, look, colours, teams)


def _is_narrow() -> bool:
    """Whether the reader holds a telephone: the drawing must fit its width at first."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _choose() -> None:
    if found := deck.picked(KEY, "people"):
        st.session_state["network_who"] = found


def _told(network: Network, look: Look) -> str:
    people, ties = len(network.members) - len(network.isolated), len(network.stronger(look.least))
    communities = max((one.community for one in network.members), default=0)
    return (
        f"Network of {people:,} people in {communities:,} communities with {ties:,} ties."
        " The tabs below hold all of it as tables."
    )


@st.cache_resource(max_entries=32, ttl="10m", show_spinner="Drawing the network…")
def _text(
    workspace_id: str,
    data_version: int,
    seen: str,
    look: Look,
    theme: str,
    narrow: bool,
    network_id: int,
    _network: Network,
    _colours: dict[str, str],
    _teams: dict[str, str],
) -> str:
    ground = DARK if theme == DARK.name else LIGHT
    shown = [one for one in _network.members if one.degree]
    ties = _network.stronger(look.least)[:MOST_LINES]
    layers = [
        _lines("ties", ties, _network, deck.rgb(ground.muted, _faintness(len(ties))), 1.0),
        *_attention(_network, look, ground),
        _dots(shown, look, _colours, ground, _teams),
        _names(_labelled(shown, ties, look), ground),
    ]
    return deck.written(layers, zoom=-1.35 if narrow else -0.55)


def _faintness(count: int) -> int:
    return 90 if count < FAINT[0] else 46 if count < FAINT[1] else 22


def _lines(name: str, ties: Sequence[Tie], network: Network, colour: list[int], width: float) -> deck.Layer:
    at = {one.id: [one.x, one.y] for one in network.members}
    rows = [{"s": at[tie.source], "t": at[tie.target]} for tie in ties]
    return deck.layer(
        "Line", name, rows, getSourcePosition="@@=s", getTargetPosition="@@=t", getColor=colour, getWidth=width,
        widthUnits="pixels", pickable=False,
    )  # fmt: skip


def _attention(network: Network, look: Look, theme: Theme) -> list[deck.Layer]:
    """The ties of the picked person, above all others."""
    if not look.picked:
        return []
    mine = [tie for tie in network.ties_of(look.picked) if tie.strength_score >= look.least]
    return [_lines("own_ties", mine, network, deck.rgb(theme.primary, 220), 2.0)]


def _dots(
    shown: Sequence[Member], look: Look, colours: dict[str, str], theme: Theme, teams: dict[str, str]
) -> deck.Layer:
    most = max((one.weighted_degree for one in shown), default=1.0) or 1.0
    room = SIZE / max(6.0, len(shown) ** 0.5) / 3.0
    rows = [
        {
            "id": one.id, "p": [one.x, one.y], "name": one.name, "team": teams.get(one.team, NO_GROUP),
            "community": one.community, "degree": one.degree, "strength": round(one.weighted_degree, 1),
            "r": round(room * (0.35 + 0.9 * (one.weighted_degree / most) ** 0.5), 2),
            "c": deck.rgb(colours[group_of(one, look.by)]), "w": 3 if one.id == look.picked else 1,
        }
        for one in shown
    ]  # fmt: skip
    return deck.layer(
        "Scatterplot", "people", rows, getPosition="@@=p", getRadius="@@=r", radiusUnits="common",
        radiusMinPixels=5 if len(shown) < FEW else 2,
        getFillColor="@@=c", stroked=True, getLineColor=deck.rgb(theme.text, 200), getLineWidth="@@=w",
        lineWidthUnits="pixels", pickable=True,
    )  # fmt: skip


def _labelled(shown: Sequence[Member], ties: Sequence[Tie], look: Look) -> list[Member]:
    """Whom the drawing names: the most connected of each community, or the picked person and those around them."""
    if look.picked:
        mine = [tie for tie in ties if look.picked in (tie.source, tie.target)][:NEAR]
        near = {end for tie in mine for end in (tie.source, tie.target)}
        chosen = [one for one in shown if one.id == look.picked or one.id in near]
        return sorted(chosen, key=lambda one: one.id != look.picked)[:NEAR]
    if len(shown) <= LABELS:
        return list(shown)
    first: dict[int, Member] = {}
    for one in shown:
        first.setdefault(one.community, one)
    return list(first.values())[:LABELS]


def _names(labelled: Sequence[Member], theme: Theme) -> deck.Layer:
    # Two of one name have their addresses behind it: the search and the tables tell them apart.
    rows = [{"p": [one.x, one.y], "t": one.name.partition(" (")[0]} for one in labelled]
    return deck.layer(
        "Text", "names", rows, getPosition="@@=p", getText="@@=t", getSize=13, sizeUnits="pixels", sizeMinPixels=13,
        getColor=deck.rgb(theme.text), characterSet="auto", background=True,
        getBackgroundColor=deck.rgb(theme.background, 200), backgroundPadding=[3, 1], getPixelOffset=[0, -20],
        pickable=False,
        fontFamily="sans-serif",
    )  # fmt: skip


def group_of(one: Member, by: str) -> str:
    return one.team if by == "team" else str(one.community)


def _colours(network: Network, by: str, theme: Theme) -> dict[str, str]:
    """A colour for each group, the largest first; beyond the palette's eight they come again, paler."""
    sizes: dict[str, int] = {}
    for one in network.members:
        if one.degree:
            sizes[group_of(one, by)] = sizes.get(group_of(one, by), 0) + 1
    named = sorted((group for group in sizes if group), key=lambda group: (-sizes[group], group))
    palette = theme.categorical
    found = {
        group: mixed(palette[place % len(palette)], theme.background, min(place // len(palette) * 0.25, 0.6))
        for place, group in enumerate(named)
    }
    return found | {"": theme.muted}


def _legend(network: Network, look: Look, colours: dict[str, str], teams: dict[str, str]) -> None:
    groups = [group for group in colours if group]
    words = {group: _group_words(network, look.by, group, teams) for group in groups[:LEGEND]}
    marks = [
        f'<span style="white-space:nowrap"><span aria-hidden="true" style="display:inline-block;width:.8em;height:.8em;'
        f'border-radius:50%;background:{colours[group]};margin-right:.4em"></span>{escape(text)}</span>'
        for group, text in words.items()
    ]
    if len(groups) > LEGEND:
        marks.append(f"<span>and {len(groups) - LEGEND} smaller ones</span>")
    html = f'<div style="display:flex;flex-wrap:wrap;gap:.3em 1.1em;font-size:.85rem">{"".join(marks)}</div>'
    st.html(html)


def _group_words(network: Network, by: str, group: str, teams: dict[str, str]) -> str:
    its = [one for one in network.members if one.degree and group_of(one, by) == group]
    name = teams.get(group, NO_GROUP) if by == "team" else f"Around {its[0].name}"
    return f"{name} ({len(its)})"
