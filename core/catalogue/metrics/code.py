"""Code: how much of it changes, how much is changed again soon, and on how few people it rests."""

from __future__ import annotations

from core.catalogue.metric import Aside, LeftOut, Metric, Ratio, Span, Sum
from core.figures import Better, Unit

REWORK_DAYS, HALF_LIFE_DAYS, THRESHOLD = 21, 180, 0.5
REACH_DAYS = 10 * HALF_LIFE_DAYS
"""A line that is ten half-lives old weighs less than a thousandth of a new one: it is not read."""

GENERATED = LeftOut("generated files", "is_generated")
_UNKNOWN = Aside("lines of unknown age", "unknown", is_left_out=True)
_OWN = Aside("lines of one's own", "lines", "is_own")
_OTHERS = Aside("lines of others", "lines", "is_others")
_SHARE = (
    "of the lines that commits changed or removed. The age of a line is the time from the commit that wrote it to the"
    " one that changed it, both as authored, told by git blame; moved or re-indented lines count as changed."
    " Merges, generated and vendored files are left out."
)
_WEIGHTS = "tupleElement(sumMapIf([person], [weight], $kept), 2)"


def _rework(
    key: str, label: str, about: str, better: Better, kind: Ratio | Sum, asides: tuple[Aside, ...] = (_UNKNOWN,)
) -> Metric:
    return Metric(
        key=key,
        label=label,
        about=about,
        category="code",
        unit=Unit.RATIO if isinstance(kind, Ratio) else Unit.LINES,
        better=better,
        kind=kind,
        fact="reworked_lines",
        needs=("line_changes",),
        where="lines > 0 OR unknown > 0",
        asides=asides,
        counted="lines",
    )


METRICS = (
    Metric(
        key="code_churn",
        label="Code churn",
        about="Lines added and lines removed, together, by file. Merge commits carry none; generated and vendored files"
        " are left out unless the scope includes them. Zero for whoever did other work in the period.",
        category="code",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("additions + deletions"),
        fact="file_changes",
        needs=("commit_files",),
        left_out=(GENERATED,),
        zero_if_active=True,
    ),
    _rework(
        "code_rework_ratio",
        "Code rework",
        f"The share that was written at most {REWORK_DAYS} days before, by whomever, {_SHARE}",
        Better.LOWER,
        Ratio("if(is_young, lines, 0)", "lines"),
        (_OWN, _OTHERS, _UNKNOWN),
    ),
    _rework(
        "code_rework_own_ratio",
        "Rework of one's own",
        f"The share that the same person had written at most {REWORK_DAYS} days before, {_SHARE}",
        Better.NEITHER,
        Ratio("if(is_own, lines, 0)", "lines"),
    ),
    _rework(
        "code_rework_others_ratio",
        "Rework of others' lines",
        f"The share that somebody else had written at most {REWORK_DAYS} days before, {_SHARE}",
        Better.NEITHER,
        Ratio("if(is_others, lines, 0)", "lines"),
    ),
    _rework(
        "code_reworked_lines",
        "Lines reworked",
        f"Lines that were changed or removed at most {REWORK_DAYS} days after they were written, told by git"
        " blame. Merges, generated and vendored files are left out.",
        Better.LOWER,
        Sum("if(is_young, lines, 0)"),
        (_OWN, _OTHERS, _UNKNOWN),
    ),
    Metric(
        key="bus_factor",
        label="Bus factor",
        about=f"The fewest people who together own at least half of the lines, as it stood when the period ended. A"
        f" line that somebody added is theirs, and weighs half as much every {HALF_LIFE_DAYS} days; those of the last"
        f" {REACH_DAYS:,} days are read. Files that are gone do not count where a clone tells what is there; a file"
        " that was renamed keeps its lines. Generated and vendored files, merges and bots are left out.",
        category="code",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Span(
            f"arrayFirstIndex(c -> c >= {THRESHOLD} * arraySum({_WEIGHTS}) * (1 - 1e-9),"
            f" arrayCumSum(arrayReverseSort({_WEIGHTS})))"
        ),
        fact="owned_lines",
        needs=("commit_files",),
    ),
)
