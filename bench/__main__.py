"""Runs every benchmark by itself and says which limit was met: `python -m bench [--repo CLONE] [--only NAME]`."""

from __future__ import annotations

import argparse
import subprocess
import sys

BENCHES = {
    "ingest": "Reading a git history, beside git itself, PyDriller and Perceval.",
    "gharchive": "Hourly files of GH Archive, beside a plain pass over them.",
    "github": "10,000 pull requests of GitHub at 50 ms latency, beside a walk of one call each.",
    "snapshots": "1,000 people × 52 weeks × all metrics in one pass, beside asking per person.",
    "scale": "Every board on 10,000,000 commits and 500,000 pull requests, beside DuckDB on the same rows.",
    "reports": "Report files from process start to files on disk, beside KPI Reporter.",
    "ten_parts": "A report of ten parts to HTML, PDF and XLSX, warm in the worker, beside KPI Reporter.",
    "exports": "A million rows as a workbook and as CSV, in under 300 MB of memory.",
    "sends": "200 schedules due in the same minute, sent while people click.",
    "pages": "A page of ten charts and eight figures: CPU a rerun, and a hundred open sessions.",
}


def main() -> int:
    """Run them one after the other; 1 if any says that its limit was missed."""
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("--repo", help="a large clone (30,000 commits or more) for the ingestion benchmark")
    asked.add_argument("--only", choices=BENCHES, action="append", help="run this one; may be given again")
    options = asked.parse_args()
    failed = []
    for name in options.only or BENCHES:
        print(f"\n== {name}: {BENCHES[name]}", flush=True)
        if name == "ingest" and not options.repo:
            print("left out: give a clone of 30,000 commits or more with --repo")
            continue
        repo = [options.repo] if name == "ingest" else []
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *repo], check=False).returncode:
            failed.append(name)
    print(f"\nlimits missed: {', '.join(failed)}" if failed else "\nevery limit was met")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
