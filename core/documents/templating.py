"""Templates of pages and mails: ours, or those of a folder that an author names, which replace ours by name.

Whatever is not ours runs in a sandbox: it may lay out what it is given, call what we
hand to it, and read no file but those of its folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.base.errors import BadInput, NotFound
from core.documents import linking, pace, prose, spark, tables, wording
from core.figures import NUMERIC

OURS = Path(__file__).parent / "templates"
WRONG = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a template raises that does with a value what cannot be done with it."""
ROWS = 1000
"""More rows of a table than this are left to XLSX and CSV."""


def environment(theme_dir: str = "") -> Any:
    """Templates by name; everything put into them is escaped unless it was made safe."""
    if not theme_dir:
        return _ours()
    folder = Path(theme_dir).expanduser()
    if not folder.is_dir():
        raise NotFound(f"There is no folder '{theme_dir}' of templates. Correct theme_dir, or leave it out.")
    return _theirs(str(folder.resolve()))


def sandbox(folders: Sequence[Path], autoescape: Any = True) -> Any:
    """Strangers' templates, found in the first folder that has them."""
    from jinja2 import StrictUndefined

    from core.documents.sandbox import Sandbox

    loader = _first_loader(folders)
    made = Sandbox(
        loader=loader, autoescape=autoescape, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= words()
    return made


def words() -> dict[str, Any]:
    """What any template may call."""
    from markupsafe import Markup

    return {
        "stat_text": wording.stat_text,
        "remark": wording.remark,
        "empty_text": wording.empty_text,
        "has_values": wording.has_values,
        "cell_text": wording.cell_text,
        "exact": wording.exact,
        "rows_text": wording.rows_text,
        "safe_link": wording.safe_link,
        "href": linking.href,
        "web_link": wording.web_link,
        "table_of": tables.of_series,
        "parts": tables.of_network,
        "numeric": NUMERIC,
        "most": ROWS,
        "spark": lambda values: Markup(spark.svg(values)),  # noqa: S704 - numbers only
        "prose": lambda text: Markup(prose.html(text)),  # noqa: S704 - sanitised by nh3
        "rich": lambda text: Markup(prose.inline(text)),  # noqa: S704 - sanitised by nh3
    }


def rendered(made: Any, name: str, /, **values: Any) -> str:
    """The template of this name filled in; BadInput with its file and line where a stranger's is wrong."""
    with blamed(), pace.timed():
        return str(made.get_template(name).render(**values))


def macros(made: Any, name: str, values: dict[str, Any]) -> Any:
    """The macros of a template."""
    with blamed(), pace.timed():
        return made.get_template(name).make_module(values)


def sheet(made: Any, name: str) -> str:
    """A template's text as it is: style sheets are no templates."""
    return str(made.loader.get_source(made, name)[0])


@contextmanager
def blamed() -> Iterator[None]:
    """What goes wrong in a stranger's template is told with its file and line; a fault of ours is raised as it is."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    try:
        yield
    except TemplateSyntaxError as error:
        raise _wrong(error.filename or error.name or "?", error.lineno, error.message or "it is no template") from error
    except TemplateNotFound as error:
        raise BadInput(f"There is no template named '{error.name}'. Its folder is the only place it may be.") from error
    except RecursionError as error:
        raise _wrong(*(_place(error) or ("?", 0)), "it calls itself without end") from error
    except (TemplateError, pace.TooSlow, *WRONG) as error:
        place = _place(error)
        if place is None:
            raise
        raise _wrong(*place, str(error) or type(error).__name__) from error


def _wrong(file: str, line: int, reason: str) -> BadInput:
    return BadInput(f"The template '{Path(file).name}' is wrong in line {line}: {reason.rstrip('.')}. Correct {file}.")


def _place(error: BaseException) -> tuple[str, int] | None:
    """File and line of the innermost template, if it is not ours."""
    found, trace = None, error.__traceback__
    while trace:
        names, file = trace.tb_frame.f_globals, trace.tb_frame.f_code.co_filename
        if "__jinja_exception__" in names:  # jinja has put the template's own line here
            found = (file, trace.tb_lineno)
        elif template := names.get("__jinja_template__"):
            found = (file, template.get_corresponding_lineno(trace.tb_lineno))
        trace = trace.tb_next
    return found if found and not Path(found[0]).is_relative_to(OURS) else None


def _first_loader(folders: Sequence[Path]) -> Any:
    from jinja2 import FunctionLoader

    return FunctionLoader(lambda name: _read(folders, name))


def _read(folders: Sequence[Path], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """The file of the first folder that has it, and whether it still is that, unchanged."""
    path = _first(folders, name)
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The template '{path}' cannot be read: {error}.") from error
    changed = path.stat().st_mtime_ns
    return text, os.fspath(path), lambda: _first(folders, name) == path and path.stat().st_mtime_ns == changed


def _first(folders: Sequence[Path], name: str) -> Path | None:
    """A file of these folders and of none other, whatever the name or a link in it points to."""
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    return None


@cache
def _ours() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(OURS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    made.globals |= words()
    return made


def _compiled() -> Any:
    """Our templates as compiled before, in a folder of this user alone: compiling takes longer than drawing."""
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache()
    except RuntimeError:  # there is no folder that nobody else can write to
        return None


@lru_cache(maxsize=16)
def _theirs(folder: str) -> Any:
    return sandbox([Path(folder), OURS])
