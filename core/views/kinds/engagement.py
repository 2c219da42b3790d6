"""An account's posts on X by when they were written, and how people answered them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from core.figures import PointMark, Series, SeriesStyle
from core.views.kinds.plot import Plot, PlotArgs

if TYPE_CHECKING:
    import pyarrow as pa

COUNTS = {"like_count": "likes", "reply_count": "replies", "retweet_count": "retweets"}
LONGEST = 60
"""Letters of a post that are called out beside it."""


class EngagementArgs(PlotArgs):
    datasource: str = Field("twitter", description="Id of the datasource for X.")
    query: str = Field("tweets", description="Question to the datasource.")
    kind: Literal["line", "bar", "scatter"] = Field("scatter", description="What is drawn.")
    label_map: dict[str, str] = Field(COUNTS, description="What the counts are called.")


class Engagement(Plot):
    """A point a post and count; the post that most people liked is named."""

    key = "twitter.engagement"
    label = "Engagement"
    about = "Likes, replies and retweets of an account's own posts."
    Args = EngagementArgs

    def plotted(self, answer: Any) -> Series:
        """The three counts that every reader of X knows; others would draw the scale away from them."""
        from dataclasses import replace

        wanted = [name for name in ("time", *COUNTS) if name in answer.table.column_names]
        return super().plotted(replace(answer, table=answer.table.select(wanted)))

    def post_plot(self, figure: Series, table: pa.Table) -> Series:
        likes = table.column("like_count").to_pylist() if "like_count" in table.column_names else []
        known = [count for count in likes if count is not None]
        if not known or not max(known):
            return figure
        place = likes.index(max(known))
        at, text = table.column("time")[place].as_py(), str(table.column("text")[place].as_py())
        style = figure.style or SeriesStyle()
        mark = PointMark(x=at, y=float(max(known)), text=_short(text))
        note = f"Most liked, {max(known):,} times: {_short(text)}"
        told = f"{figure.note} {note}".strip()
        return figure.model_copy(update={"note": told, "style": style.model_copy(update={"marks": [mark]})})


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
