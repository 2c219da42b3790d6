"""Velocity: how much work is done."""

from __future__ import annotations

from core.catalogue.metric import Aside, LeftOut, Mean, Metric, Rate, Ratio, Sum
from core.figures import Better, Unit

MERGES = LeftOut("merges", "is_merge")
_GENERATED_ADDED = Aside("generated lines", "generated_added", is_left_out=True)
_GENERATED_REMOVED = Aside("generated lines", "generated_removed", is_left_out=True)
_GENERATED = Aside("generated lines", "generated_added + generated_removed", is_left_out=True)

METRICS = (
    Metric(
        key="commits_count",
        label="Commits",
        about="Commits authored, without merge commits. Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Sum(),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
        zero_if_active=True,
    ),
    Metric(
        key="prs_merged",
        label="Pull requests merged",
        about="Pull requests by their author, by the day of the merge. Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.COUNT,
        better=Better.HIGHER,
        kind=Sum(),
        fact="finished_prs",
        needs=("pull_requests",),
        where="is_merged",
        zero_if_active=True,
    ),
    Metric(
        key="lines_added",
        label="Lines added",
        about="Lines added by commits. Merge commits carry none; lines of generated and vendored files are left out"
        " unless the scope includes them. Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_added"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
        asides=(_GENERATED_ADDED,),
        zero_if_active=True,
    ),
    Metric(
        key="lines_removed",
        label="Lines removed",
        about="Lines removed by commits. Merge commits carry none; lines of generated and vendored files are left out"
        " unless the scope includes them. Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_removed"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
        asides=(_GENERATED_REMOVED,),
        zero_if_active=True,
    ),
    Metric(
        key="net_lines",
        label="Net lines",
        about="Lines added minus lines removed, without merge commits, generated and vendored files."
        " Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Sum("lines_added - lines_removed"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
        asides=(_GENERATED,),
        zero_if_active=True,
    ),
    Metric(
        key="commit_frequency",
        label="Commits per working day",
        about="Commits divided by the working days of whoever made them: their weekend days, holidays and leave are"
        " left out, and so are days still to come and days more than 31 days away from any commit of theirs, so that"
        " people who left or had not come yet do not count. Without a schedule people work Monday to Friday.",
        category="velocity",
        unit=Unit.PER_DAY,
        better=Better.HIGHER,
        kind=Ratio("commits", "working_days"),
        fact="commit_days",
        needs=("commits",),
        counted="working_days",
    ),
    Metric(
        key="pr_throughput",
        label="Pull requests merged per week",
        about="Pull requests merged, per seven calendar days of the period. Days still to come are not counted."
        " Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.PER_WEEK,
        better=Better.HIGHER,
        kind=Rate(days=7),
        fact="finished_prs",
        needs=("pull_requests",),
        where="is_merged",
        zero_if_active=True,
    ),
    Metric(
        key="avg_commit_size",
        label="Commit size",
        about="Lines added and removed per commit, without merge commits, generated and vendored files.",
        category="velocity",
        unit=Unit.LINES,
        better=Better.NEITHER,
        kind=Mean("lines_added + lines_removed"),
        fact="authored_commits",
        needs=("commits",),
        left_out=(MERGES,),
        asides=(_GENERATED,),
    ),
    Metric(
        key="files_changed",
        label="Files changed",
        about="Changed files, counted once in every commit that touches them, without generated and vendored files."
        " Zero for whoever did other work in the period.",
        category="velocity",
        unit=Unit.COUNT,
        better=Better.NEITHER,
        kind=Sum(),
        fact="file_changes",
        needs=("commit_files",),
        left_out=(LeftOut("generated files", "is_generated"),),
        zero_if_active=True,
    ),
    Metric(
        key="prs_opened",
        label="Pull requests opened",
        about="Pull requests by their author, by the day they were opened. Zero for whoever did other work in the"
        " period.",
        category="velocity",
        unit=Unit.COUNT,
        better=Better.NEITHER,
        kind=Sum(),
        fact="opened_prs",
        needs=("pull_requests",),
        exact=True,
        zero_if_active=True,
    ),
)
