"""Templates of views: Jinja files beside a plugin's class, one a format, that become a text with pictures.

`templates/<name>.html`, `.md`, `.slack`, `.txt` and other formats' keys are looked for in
the author's `theme_dir` first, then beside the view's class, then beside the classes it
is made of. They run in the sandbox that an author's own templates run in.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.base.errors import BadInput, did_you_mean
from core.documents import prose, templating
from core.documents.renderers.markdown import escaped
from core.figures import Blob, Prose
from core.views.view import View

FOLDER = "templates"
HTML, MARKDOWN = "html", "md"
FORMATS = (HTML, MARKDOWN, "slack", "txt", "pdf", "xlsx", "csv")
TITLES = "titles_of_blobs"
_KEYS = {"txt": "text"}


def templated(view: View, name: str, values: Mapping[str, Any] | None = None, blobs: Sequence[Blob] = ()) -> Prose:
    """The view as the text that its templates of this name make of `values`, a format each.

    In them, `{{ "chart.png" | blob }}` shows a picture of `blobs`. BadInput if there is no
    template of the name, or one is wrong: with its file and line.
    """
    folders = tuple(_folders(view))
    said = dict(_said(folders, name, {"view": _face(view), **(values or {})}, blobs))
    if not said:
        raise BadInput(_none(view, folders, name))
    return Prose(
        markdown=said.get(MARKDOWN, ""),
        html=prose.rich(said[HTML], lambda blob: f"{prose.BLOB}{blob}") if HTML in said else "",
        texts={_KEYS.get(fmt, fmt): text for fmt, text in said.items() if fmt not in (HTML, MARKDOWN)},
        blobs=list(blobs),
    )


def _said(
    folders: tuple[Path, ...], name: str, values: dict[str, Any], blobs: Sequence[Blob]
) -> Iterator[tuple[str, str]]:
    titles = {blob.id: blob.title for blob in blobs}
    for fmt in FORMATS:
        file = f"{name}.{fmt}"
        if any((folder / file).is_file() for folder in folders):
            yield fmt, templating.rendered(_environment(folders, fmt), file, **values, **{TITLES: titles})


def _shown(fmt: str) -> Any:
    """The filter that shows a picture, as its format does."""
    from jinja2 import pass_context
    from markupsafe import Markup, escape

    @pass_context
    def blob(context: Any, blob_id: str) -> Any:
        titles = context.resolve(TITLES)
        if blob_id not in titles:
            raise ValueError(f"there is no blob named '{blob_id}'.{did_you_mean(blob_id, titles)}")
        title = titles[blob_id]
        if fmt == HTML:
            return Markup(f'<img src="{prose.BLOB}{escape(blob_id)}" alt="{escape(title)}">')  # noqa: S704 - escaped
        return f"![{escaped(title)}]({prose.BLOB}{blob_id})" if fmt in (MARKDOWN, "pdf") else ""

    return blob


def _folders(view: View) -> Iterator[Path]:
    if view.theme.theme_dir:
        yield Path(view.theme.theme_dir).expanduser().resolve()
    for kind in type(view).__mro__:
        if not issubclass(kind, View):
            continue
        folder = Path(inspect.getfile(kind)).parent / FOLDER
        if folder.is_dir():
            yield folder.resolve()


@lru_cache(maxsize=64)
def _environment(folders: tuple[Path, ...], fmt: str) -> Any:
    made = templating.sandbox(list(folders), autoescape=fmt == HTML)
    made.filters |= {"md": escaped, "blob": _shown(fmt)}
    return made


def _face(view: View) -> dict[str, Any]:
    """What every template may say of its view."""
    face, window = view.face, view.window
    return {
        "id": face.id,
        "title": face.title,
        "description": face.description,
        "columns": face.columns,
        "args": view.args.model_dump(mode="json"),
        "start": window.wall_start,
        "end": window.wall_end,
    }


def _none(view: View, folders: Sequence[Path], name: str) -> str:
    there = sorted({path.stem for folder in folders for path in folder.glob("*") if path.suffix[1:] in FORMATS})
    return (
        f"The view '{view.face.id}' has no template named '{name}': neither '{name}.html' nor '{name}.md' lies in"
        f" '{FOLDER}' beside {type(view).__name__}.{did_you_mean(name, there)}"
    )
