"""What a merge would move, the merge itself, and undoing those that were made."""

from __future__ import annotations

import streamlit as st

from components.draw import table
from components.draw.words import plain
from components.forms.people_done import do
from core.analysis import merging as merging_numbers
from core.base.period import zone_of
from core.context import Context
from core.people import service


def merging(ctx: Context, into_id: str, from_id: str) -> None:
    """The preview, with the button that merges."""
    seen = service.preview_merge(ctx, into_id, from_id)
    addresses = ", ".join(f"{one.name} <{one.email}>" for one in seen.identities).replace("`", "'")
    st.markdown(f"These would count for **{plain(seen.into_name)}**: `{addresses}`")
    if seen.numbers:
        st.dataframe(
            [
                {"": moved.what.capitalize(), seen.into_name: moved.into_now, "moving": moved.from_now,
                 "together": moved.into_after}
                for moved in seen.numbers
            ],
            hide_index=True,
        )  # fmt: skip
    else:
        st.caption("No facts stand behind either of them: no figure would change.")
    if seen.numbers and st.toggle("Show every number that would change", key=f"numbers_{into_id}_{from_id}"):
        with st.spinner("Asking each number as it is and as it would be…"):
            found = merging_numbers.table(ctx, into_id, from_id, merging_numbers.touched(ctx, seen))
        table.draw(ctx, found, key=f"shifts_{into_id}_{from_id}")
    if st.button(f"Merge into {seen.into_name}", key=f"do_merge_{into_id}_{from_id}", type="primary"):
        do(lambda: service.merge(ctx, into_id, from_id), f"{seen.from_name} is part of {seen.into_name} now.")
    st.caption("Undo is always possible and gives everything back.")


def made(ctx: Context) -> None:
    """Merges that stand, each with its undo."""
    merges = service.merges(ctx)
    if not merges:
        return
    st.subheader("Merged", anchor=False)
    zone = zone_of(ctx.workspace.time_zone)
    for one in merges:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            when = f"{one.at.astimezone(zone):%-d %b %Y}"
            how = f"by itself: {one.reason}" if one.is_automatic else f"by {one.actor_name}"
            st.markdown(f"**{plain(one.from_name)}** into **{plain(one.into_name)}**  \n{when}, {plain(how)}")
            st.space("stretch")
            if st.button("Undo", key=f"undo_{one.id}", icon=":material/undo:"):
                do(lambda one=one: service.unmerge(ctx, one.id), f"{one.from_name} stands alone again.")  # type: ignore[misc]
