"""Views: what a report file declares under `views`. A datasource's answer becomes a finished figure.

`VIEWS.get(key)` gives a kind, `making.make` draws many at once. A new kind is a file in
`kinds` and a line in `BUILT_IN`; outsiders register at the entry point `sightline.views`.
"""

from core.views.registry import BUILT_IN, VIEWS
from core.views.view import Face, View, ViewArgs

__all__ = ["BUILT_IN", "VIEWS", "Face", "View", "ViewArgs"]
