"""Who works with whom, as a drawing of the most connected people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import Field

from core.analysis import collaboration
from core.analysis.collaboration import Member
from core.catalogue.scope import Scope
from core.context import Context
from core.documents.networks import MOST_EDGES, MOST_NODES
from core.figures import Edge, Network, Node
from core.widgets.asking import Question, ask
from core.widgets.finish import provenance
from core.widgets.focus import NOBODY, focused, namer
from core.widgets.widget import Params, Widget

SHAPE = ("collaboration_density", "review_reciprocity", "review_top_share", "isolated_people")
"""What the shape of a network says of a team."""


class NetworkParams(Params):
    limit: int = Field(40, ge=2, le=MOST_NODES, description="The most connected people that are drawn.")
    ties: int = Field(120, ge=1, le=MOST_EDGES, description="The strongest ties that are drawn.")
    colour: Literal["team", "community"] = Field("team", description="What colours mean.")


def questions(ctx: Context, scope: Scope, params: NetworkParams) -> Iterable[Question]:
    yield Question(SHAPE, focused(ctx, scope, params))


def build(ctx: Context, scope: Scope, params: NetworkParams) -> Network:
    """The most connected people, at the places that the page gives them, and their strongest ties."""
    scope = focused(ctx, scope, params)
    found, answer = collaboration.network(ctx, scope), ask(ctx, SHAPE, scope)
    shown = [one for one in found.members if one.degree][: params.limit]
    team = namer(ctx, "team")
    kept = {one.id for one in shown}
    strength: dict[tuple[str, str], float] = {}
    for tie in found.ties:
        if tie.source in kept and tie.target in kept:
            pair = min(tie.source, tie.target), max(tie.source, tie.target)
            strength[pair] = strength.get(pair, 0.0) + tie.strength_score
    strongest = sorted(strength.items(), key=lambda one: (-one[1], one[0]))[: params.ties]
    return Network(
        title=params.title or "Who works with whom",
        description="Reviews, comments and co-written commits. " + collaboration.FORMULA,
        note=_note(len(shown), len(found.members), len(found.isolated), len(strongest), len(strength)),
        nodes=[
            Node(id=one.id, label=one.name, group=_group(one, params.colour, team), size=round(one.weighted_degree, 2),
                 x=one.x, y=-one.y)
            for one in shown
        ],
        edges=[Edge(source=one, target=two, weight=round(weight, 3)) for (one, two), weight in strongest],
        provenance=[*found.provenance, *provenance(WIDGET.key, answer)],
    )  # fmt: skip


def _group(one: Member, colour: str, team: Callable[[str], str]) -> str:
    if colour == "community":
        return f"Community {one.community}"
    return team(one.team) if one.team else NOBODY


def _note(shown: int, everybody: int, alone: int, ties: int, all_ties: int) -> str:
    drawn = everybody - alone
    parts = [f"The {shown:,} most connected of {drawn:,} people." if shown < drawn else ""]
    parts.append(f"The {ties:,} strongest of {all_ties:,} ties between them." if ties < all_ties else "")
    parts.append(f"{alone:,} more were active and share work with nobody." if alone else "")
    return " ".join(part for part in parts if part)


WIDGET = Widget(
    key="collaboration.network",
    names_people=True,
    title="Collaboration network",
    about="Who reviews, comments on and co-writes whose work: the most connected people and their ties.",
    shape="network",
    params=NetworkParams,
    build=build,
    metrics=lambda params: SHAPE,
    questions=questions,
    individual=True,
)
