"""Path to language, by the `identify` library's table of names and extensions."""

from __future__ import annotations

from functools import lru_cache

from identify.extensions import EXTENSIONS, EXTENSIONS_NEED_BINARY_CHECK, NAMES

GENERAL = frozenset({"binary", "executable", "header", "image", "plain-text", "shell", "text", "xml", "yaml", "json"})
"""Tags that say less than another tag of the same file."""

FAMILY = {
    ".c": "C", ".h": "C", ".hh": "C++", ".hpp": "C++", ".inl": "C++", ".ino": "C++", ".mm": "Objective-C++",
    ".pyi": "Python", ".pyx": "Cython", ".pxd": "Cython", ".tsx": "TypeScript", ".jsx": "JavaScript",
    ".bash": "Shell", ".zsh": "Shell", ".ksh": "Shell", ".fish": "Shell", ".sh": "Shell", ".svg": "SVG",
    ".ipynb": "Jupyter Notebook", ".cts": "TypeScript", ".mts": "TypeScript", ".mjs": "JavaScript",
    ".cjs": "JavaScript", ".po": "Gettext", ".pot": "Gettext", ".csproj": "XML", ".sln": "Visual Studio",
}  # fmt: skip
"""Extensions whose language the library splits finer, or names by more than one tag."""

SPELLED = {
    "asm": "Assembly", "batch": "Batch", "c#": "C#", "c++": "C++", "cmake": "CMake", "coffee": "CoffeeScript",
    "css": "CSS", "csv": "CSV", "f#": "F#", "graphql": "GraphQL", "hcl": "HCL", "html": "HTML", "ini": "INI",
    "javascript": "JavaScript", "json": "JSON", "json5": "JSON5", "less": "Less", "makefile": "Makefile",
    "matlab": "MATLAB", "objective-c": "Objective-C", "ocaml": "OCaml", "php": "PHP", "pofile": "Gettext",
    "plain-text": "Text", "powershell": "PowerShell", "proto": "Protocol Buffers", "rst": "reStructuredText",
    "scss": "SCSS", "sql": "SQL", "svg": "SVG", "toml": "TOML", "tsv": "TSV", "typescript": "TypeScript",
    "vb": "Visual Basic", "xml": "XML", "yaml": "YAML", "wasm": "WebAssembly", "webidl": "WebIDL",
}  # fmt: skip


def language(path: str) -> str:
    """The language of a file by its path, or an empty string."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return _by_extension(name[dot:].lower()) or _by_name(name) if dot > 0 else _by_name(name)


@lru_cache(maxsize=10_000)
def _by_extension(extension: str) -> str:
    if extension in FAMILY:
        return FAMILY[extension]
    tags = EXTENSIONS.get(extension[1:]) or EXTENSIONS_NEED_BINARY_CHECK.get(extension[1:]) or set()
    return _chosen(tags)


@lru_cache(maxsize=10_000)
def _by_name(name: str) -> str:
    tags = NAMES.get(name) or NAMES.get(name.partition(".")[0]) or set()
    return _chosen(tags)


def _chosen(tags: set[str] | frozenset[str]) -> str:
    if "binary" in tags:
        return ""
    telling = sorted(tags - GENERAL) or sorted(tags - {"text", "executable", "header", "image"})
    return SPELLED.get(telling[0], telling[0].replace("-", " ").capitalize()) if telling else ""
