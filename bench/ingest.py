"""Reading a git history, beside git itself, PyDriller and Perceval: `python -m bench.ingest REPO`.

Every round runs one `git log --numstat -M HEAD` to nowhere and one cold import into a fresh
workspace, from process start to the command's end, while the metrics store is up. Ratios,
not seconds, are what a limit is set on; on a busy machine say --rounds 5.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import peers

LIMITS = {"cold / git": 1.1, "repeat s": 1.0, "memory MiB": 1024.0}
LEAST = {"x PyDriller": 10.0, "x Perceval": 2.4}


@dataclass(slots=True)
class Run:
    """One command, watched: wall and CPU seconds, and the most memory that it and its children held."""

    seconds: float
    cpu: float
    memory: float
    out: str


def main() -> int:
    """Print the measurements and whether each limit was met; 1 if one was not."""
    asked = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__)
    asked.add_argument("repository", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--peers", type=int, default=1000, help="newest commits that the peers read; 0 leaves them out")
    options = asked.parse_args()
    repository = options.repository.resolve()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {repository}", flush=True)
    found = measured(repository, options.rounds)
    if options.peers:
        for name, commits in (("PyDriller", options.peers), ("Perceval", options.peers * 4)):
            if peer := peers.rate(name.lower(), repository, commits):
                found[f"x {name}"] = found["commits/s"] / peer
                print(f"{name}: {peer:,.0f} commits/s over the newest {commits:,}", flush=True)
    return verdict(found)


def measured(repository: Path, rounds: int) -> dict[str, float]:
    """Medians over the rounds."""
    git, cold, repeat, rates, commits = [], [], [], [], 0
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as home:
        environment = {**os.environ, "SIGHTLINE_HOME": home}
        for number in range(rounds):
            name = f"round{number}"
            watched(sightline("workspaces", "create", name, "--json"), environment)
            git.append(watched(["git", "-C", str(repository), "log", "--numstat", "-M", "HEAD"], dict(os.environ)))
            words = sightline("ingest", "git", str(repository), "--workspace", name, "--json")
            cold.append(watched(words, environment))
            commits = json.loads(cold[-1].out)["rows"][0]["commits_added"]
            repeat.append(watched(words, environment))
            rates.append(commits / cold[-1].seconds)
            print(
                f"round {number + 1}: git {git[-1].seconds:.2f} s ({git[-1].cpu:.1f} CPU),"
                f" cold {cold[-1].seconds:.2f} s ({cold[-1].cpu:.1f} CPU, {cold[-1].memory:.0f} MiB),"
                f" repeat {repeat[-1].seconds:.2f} s,"
                f" load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        _stop(Path(home))
    return {
        "commits": commits,
        "commits/s": statistics.median(rates),
        "cold / git": statistics.median(ours.seconds / alone.seconds for ours, alone in zip(cold, git, strict=True)),
        "repeat s": statistics.median(run.seconds for run in repeat),
        "memory MiB": max(run.memory for run in cold),
    }


def verdict(found: dict[str, float]) -> int:
    """Print each number beside its limit."""
    missed = 0
    for name, value in found.items():
        good = value <= LIMITS.get(name, value) and value >= LEAST.get(name, value)
        limit = f"at most {LIMITS[name]:g}" if name in LIMITS else f"at least {LEAST[name]:g}" if name in LEAST else ""
        missed += not good
        print(f"{name:>12}: {value:>10,.2f}  {limit:14} {'' if not limit else 'met' if good else 'MISSED'}")
    return int(missed > 0)


def watched(words: list[str], environment: dict[str, str]) -> Run:
    """Run the command to its end and look at its family every few hundredths of a second."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as complaints, tempfile.TemporaryFile() as kept:
        out = subprocess.DEVNULL if words[0] == "git" else kept
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=complaints)
        spent: dict[int, float] = {}
        most = 0.0
        while process.poll() is None:
            most = max(most, _held(process.pid, spent))
            time.sleep(0.05)
        seconds = time.perf_counter() - began
        if process.returncode:
            complaints.seek(0)
            raise SystemExit(complaints.read().decode())
        kept.seek(0)
        return Run(seconds, sum(spent.values()), most, kept.read().decode())


def _held(pid: int, spent: dict[int, float]) -> float:
    # The embedded store may have been started by the command, but is a server of its own.
    held = 0.0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return held
    for process in family:
        try:
            if "embedded.server" not in " ".join(process.cmdline()):
                times = process.cpu_times()
                spent[process.pid] = times.user + times.system
                held += process.memory_info().rss / 2**20
        except psutil.Error:
            continue
    return held


def _stop(home: Path) -> None:
    try:
        psutil.Process(json.loads((home / "run" / "metrics.json").read_text())["pid"]).terminate()
        time.sleep(1)
    except (OSError, psutil.Error):
        return


def sightline(*words: str) -> list[str]:
    return [str(Path(sys.executable).parent / "sightline"), *words]


if __name__ == "__main__":
    sys.exit(main())
