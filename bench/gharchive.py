"""Reading hourly files of GH Archive, beside a plain pass over the same files: `python -m bench.gharchive`.

The files are made up in the documented shapes, whole ones with their long texts and small ones of late, and every
repository in them is wanted: the slowest case. The plain pass is one process that unpacks and parses, and keeps
nothing. Memory is that of the command and its workers; the metrics store is a server of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.ingest import _stop, watched

DAY = datetime(2024, 1, 8, tzinfo=UTC)
MIX = (("PushEvent", 52), ("CreateEvent", 14), ("WatchEvent", 7), ("PullRequestEvent", 8), ("IssueCommentEvent", 6),
       ("PullRequestReviewEvent", 4), ("IssuesEvent", 3), ("DeleteEvent", 3), ("PullRequestReviewCommentEvent", 2),
       ("ReleaseEvent", 1))  # fmt: skip
"""About what an hour of the archive holds, in percent."""
LEAST = {"events/s of free cores": 20_000.0}
"""What the cores would do if nothing else ran on them: events by the CPU seconds of all, the store's too."""
LIMITS = {"memory MiB": 1024.0, "memory of all / two hours": 1.5}


def main() -> int:
    """Print the measurements and whether each limit was met; 1 if one was not."""
    asked = argparse.ArgumentParser(prog="python -m bench.gharchive", description=__doc__)
    asked.add_argument("--hours", type=int, default=12)
    asked.add_argument("--events", type=int, default=40_000, help="of an hour")
    asked.add_argument("--repositories", type=int, default=2_000)
    options = asked.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.hours} hours of {options.events:,}",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        archive = Path(folder) / "archive"
        size = made(archive, options.hours, options.events, options.repositories)
        total = options.hours * options.events
        print(f"{total:,} events, {size / 2**20:,.0f} MiB unpacked", flush=True)
        began = time.perf_counter()
        plain(archive)
        alone = time.perf_counter() - began
        print(f"plain pass: {alone:.1f} s, {total / alone:,.0f} events/s", flush=True)
        found = measured(Path(folder), archive, total, alone)
    missed = False
    for name, value in found.items():
        print(f"{name:>24}: {value:>10,.2f}")
    for name, least in LEAST.items():
        print(f"{name}: at least {least:,.0f}  {'met' if found[name] >= least else 'MISSED'}")
        missed |= found[name] < least
    for name, most in LIMITS.items():
        print(f"{name}: at most {most:g}  {'met' if found[name] <= most else 'MISSED'}")
        missed |= found[name] > most
    return int(missed)


def measured(folder: Path, archive: Path, total: int, alone: float) -> dict[str, float]:
    """Two hours, so that as many workers are at work, then all of them, each into a workspace of its own."""
    environment = {**os.environ, "SIGHTLINE_HOME": str(folder / "home")}
    command = [sys.executable, "-c", "from core.entrypoints.cli import main; main()"]
    hours = sorted(archive.iterdir(), key=lambda path: int(path.name.split("-")[3].split(".")[0]))
    runs = []
    for name, paths in (("few", hours[:2]), ("all", [archive])):
        watched([*command, "workspaces", "create", name, "--json"], environment)
        words = [*command, "ingest", "gharchive", *map(str, paths), "--match", "*", "--commits", "--workspace", name]
        spent = _store_cpu(folder / "home")
        runs.append(watched([*words, "--json"], environment))
        spent = _store_cpu(folder / "home") - spent
        told = json.loads(runs[-1].out)["rows"][0]
        run = runs[-1]
        print(
            f"{name}: {run.seconds:.1f} s ({run.cpu:.1f} CPU and {spent:.1f} of the store, {run.memory:.0f} MiB),"
            f" {told['events']:,} events, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
    _stop(folder / "home")
    few, every = runs
    return {
        "events/s": total / every.seconds,
        "events/s of free cores": total / (every.cpu + spent) * min(os.cpu_count() or 2, 2),
        "plain events/s": total / alone,
        "x plain": alone / every.seconds,
        "memory MiB": every.memory,
        "memory of all / two hours": every.memory / few.memory,
    }


def _store_cpu(home: Path) -> float:
    """CPU seconds of the metrics store so far; 0 before it was started."""
    try:
        process = psutil.Process(json.loads((home / "run" / "metrics.json").read_text())["pid"])
        return float(sum(process.cpu_times()[:2]))
    except (OSError, psutil.Error):
        return 0.0


def plain(archive: Path) -> int:
    """Unpack and parse everything, and keep nothing."""
    count = 0
    for path in archive.iterdir():
        with gzip.open(path, "rb") as file:
            for line in file:
                json.loads(line)
                count += 1
    return count


def made(folder: Path, hours: int, events: int, repositories: int) -> int:
    """Write the files; returns how many bytes they hold unpacked."""
    folder.mkdir()
    rng, size = random.Random(7), 0
    for hour in range(hours):
        at = DAY + timedelta(hours=hour)
        text = b"".join(json.dumps(one, separators=(",", ":")).encode() + b"\n"
                        for one in hourly(rng, at, events, repositories))  # fmt: skip
        size += len(text)
        (folder / f"{at:%Y-%m-%d}-{at.hour}.json.gz").write_bytes(gzip.compress(text, 1))
    return size


def hourly(rng: random.Random, at: datetime, events: int, repositories: int) -> Iterator[dict[str, Any]]:
    kinds = rng.choices([kind for kind, _ in MIX], [share for _, share in MIX], k=events)
    for number, kind in enumerate(kinds):
        which = rng.randrange(repositories)
        repo = f"org{which % 200}/repo{which}"
        moment = f"{at + timedelta(seconds=3600 * number / events):%Y-%m-%dT%H:%M:%SZ}"
        yield {
            "id": str(rng.randrange(10**11)), "type": kind, "actor": user(rng, "actor"),
            "repo": {"id": rng.randrange(10**8), "name": repo, "url": f"https://api.github.com/repos/{repo}"},
            "payload": payload(rng, kind, repo, moment, small=number % 3 == 0), "public": True, "created_at": moment,
        }  # fmt: skip


def user(rng: random.Random, kind: str = "user") -> dict[str, Any]:
    login = f"dev{rng.randrange(20_000)}"
    urls = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events")
    base = {"id": rng.randrange(10**8), "login": login, "url": f"https://api.github.com/users/{login}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{rng.randrange(10**8)}?"}  # fmt: skip
    if kind == "actor":
        return base
    more = {f"{name}_url": f"https://api.github.com/users/{login}/{name}" for name in urls}
    return base | more | {"type": "User", "site_admin": False}


def payload(rng: random.Random, kind: str, repo: str, moment: str, *, small: bool) -> dict[str, Any]:
    number = rng.randrange(1, 500)
    match kind:
        case "PushEvent":
            head = {"push_id": rng.randrange(10**10), "ref": "refs/heads/main", "head": sha(rng), "before": sha(rng)}
            return (
                head if small else head | {"size": 2, "distinct_size": 2, "commits": [commit(rng, repo) for _ in "ab"]}
            )
        case "PullRequestEvent":
            action = rng.choice(("opened", "closed", "merged") if small else ("opened", "closed"))
            return {"action": action, "number": number, "pull_request": pull(rng, repo, number, moment, small=small)}
        case "PullRequestReviewEvent":
            review = {"id": rng.randrange(10**10), "user": user(rng), "body": "Fine.", "state": "approved",
                      "submitted_at": moment}  # fmt: skip
            return {"action": "created", "review": review, "pull_request": pull(rng, repo, number, moment, small=small)}
        case "PullRequestReviewCommentEvent":
            return {"action": "created", "comment": comment(rng, moment) | {"path": "src/a.py"},
                    "pull_request": pull(rng, repo, number, moment, small=small)}  # fmt: skip
        case "IssueCommentEvent":
            told = {"number": number, "title": "Something", "user": user(rng), "state": "open"}
            return {"action": "created", "comment": comment(rng, moment),
                    "issue": told | ({"pull_request": {"url": "…"}} if number % 2 else {})}  # fmt: skip
        case "IssuesEvent":
            return {"action": "opened", "issue": {"number": 1000 + number, "title": "Broken", "user": user(rng),
                    "state": "open", "labels": [{"name": "bug"}], "assignees": [], "created_at": moment,
                    "closed_at": None, "body": "x" * 800}}  # fmt: skip
        case "ReleaseEvent":
            return {"action": "published", "release": {"id": rng.randrange(10**9), "tag_name": f"v{number}", "name": "",
                    "draft": False, "prerelease": False, "published_at": moment, "author": user(rng),
                    "body": "x" * 1000}}  # fmt: skip
    return {"ref": "topic", "ref_type": "branch", "master_branch": "main", "description": "x" * 60}


def pull(rng: random.Random, repo: str, number: int, moment: str, *, small: bool) -> dict[str, Any]:
    url = f"https://api.github.com/repos/{repo}/pulls/{number}"
    ends = {
        side: {"ref": side, "sha": sha(rng), "repo": repository(rng, repo, small=small)} for side in ("head", "base")
    }
    bare = {"id": rng.randrange(10**9), "number": number, "url": url, **ends}
    if small:
        return bare
    return bare | {
        "html_url": f"https://github.com/{repo}/pull/{number}", "title": f"Change {number}", "user": user(rng),
        "state": "open", "draft": False, "body": "x" * 900, "created_at": moment, "updated_at": moment,
        "closed_at": None, "merged_at": None, "merge_commit_sha": sha(rng), "labels": [{"name": "feature"}],
        "merged": False, "merged_by": None, "commits": 2, "additions": 30, "deletions": 4, "changed_files": 3,
        "requested_reviewers": [user(rng)],
    }  # fmt: skip


def repository(rng: random.Random, repo: str, *, small: bool) -> dict[str, Any]:
    bare = {"id": rng.randrange(10**8), "name": repo.partition("/")[2], "url": f"https://api.github.com/repos/{repo}"}
    if small:
        return bare
    return bare | {
        "owner": user(rng),
        **{f"link{n}_url": f"https://api.github.com/repos/{repo}/x{n}" for n in range(40)},
    }


def comment(rng: random.Random, moment: str) -> dict[str, Any]:
    return {"id": rng.randrange(10**10), "user": user(rng), "body": "y" * 400, "created_at": moment}


def commit(rng: random.Random, repo: str) -> dict[str, Any]:
    name, dev = sha(rng), rng.randrange(20_000)
    author = {"email": f"{dev:040x}@example.org", "name": f"Dev {dev}"}
    url = f"https://api.github.com/repos/{repo}/commits/{name}"
    return {"sha": name, "author": author, "message": "Change it\n\nNow.", "distinct": True, "url": url}


def sha(rng: random.Random) -> str:
    return f"{rng.getrandbits(160):040x}"


if __name__ == "__main__":
    sys.exit(main())
