"""The test suite's own plugin package, installed as a person would install it, into a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.datasources.registry import DATASOURCES
from core.delivery.outputs.registry import OUTPUTS
from core.views.registry import VIEWS

PACKAGE = Path(__file__).parents[1] / "plugin_package"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package was installed into."""
    folder = tmp_path_factory.mktemp("plugins")
    source = shutil.copytree(PACKAGE, folder / "source")
    uv = str(Path(sys.executable).with_name("uv"))
    how = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([uv, "pip", "install", *how, "--target", str(folder / "site"), str(source)], check=True)
    return folder / "site"


@pytest.fixture
def orchard(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The package is there, for this process and for this test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(installed))
    for registry in (DATASOURCES, VIEWS, OUTPUTS):
        monkeypatch.setattr(registry, "_outside", None)
        monkeypatch.setattr(registry, "_found", {})
    yield installed
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "orchard":
            del sys.modules[name]
