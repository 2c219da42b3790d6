"""What a command or a page pays for importing documents."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pandas", "pyarrow", "reportlab", "svglib", "xlsxwriter", "openpyxl", "vl_convert", "altair", "jinja2", "lxml")


def test_importing_documents_loads_no_format():
    asked = f"import sys, core.documents; print([name for name in {HEAVY!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
