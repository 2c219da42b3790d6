"""PyDriller and Perceval, each in an environment of its own, reading the newest commits of a repository."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / "sightline-bench-peers"

PYDRILLER = """
import json, sys, time
path, oldest = sys.argv[1:]
began = time.perf_counter()
from pydriller import Repository
commits = added = 0
for commit in Repository(path, from_commit=oldest, order="date-order").traverse_commits():
    commits += 1
    who = commit.author.name, commit.author.email, commit.author_date, commit.msg, commit.merge
    for file in commit.modified_files:
        added += file.added_lines - file.deleted_lines if file.new_path or file.old_path else 0
print(json.dumps({"commits": commits, "seconds": time.perf_counter() - began}))
"""

PERCEVAL = """
import datetime, json, sys, tempfile, time
path, since = sys.argv[1:]
with tempfile.TemporaryDirectory() as folder:
    from perceval.backends.core.git import Git, GitRepository
    GitRepository.clone(path, folder + "/clone")
    began = time.perf_counter()
    day = datetime.datetime.fromtimestamp(int(since), datetime.timezone.utc)
    commits = sum(1 for item in Git(path, folder + "/clone").fetch(from_date=day))
    print(json.dumps({"commits": commits, "seconds": time.perf_counter() - began}))
"""


def python_with(package: str) -> Path:
    """The interpreter of an environment that holds this package, made once."""
    python = FOLDER / package / "bin" / "python"
    if not (FOLDER / package / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER / package)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", package], check=True, stderr=subprocess.DEVNULL)
        (FOLDER / package / "ready").touch()
    return python


def rate(package: str, repository: Path, commits: int) -> float | None:
    """Commits a second of one peer over the newest `commits` of the repository; None if it cannot read it."""
    python = python_with(package)
    with tempfile.TemporaryDirectory() as folder:
        # PyDriller wants an ordinary clone; this one borrows the objects, packs and all.
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(clone)], check=True)
        oldest = _git(clone, "rev-list", f"--max-count={commits}", "--first-parent", "HEAD").split()[-1]
        if package == "pydriller":
            words = [PYDRILLER, str(clone), oldest]
        else:
            words = [PERCEVAL, str(clone), _git(clone, "log", "-1", "--format=%ct", oldest).strip()]
        done = subprocess.run([str(python), "-c", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        print(f"{package} could not read it: {done.stderr.strip().splitlines()[-1]}", flush=True)
        return None
    said = json.loads(done.stdout.splitlines()[-1])
    return float(said["commits"] / said["seconds"])


def _git(repository: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True, text=True).stdout
