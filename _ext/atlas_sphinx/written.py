"""What each page showed when it was last written, and the file that holds it, kept beside the output.

Sphinx saves its environment before it writes. Digests kept in there would call a page written that an
interrupted build never wrote, and it would stay stale for good. So would a page that a full disk cut short,
or that somebody changed: a page counts as written where its file is the one that was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.html._build_info import BuildInfo
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

from atlas.records.whole_file import replace_file

NAME = ".atlas-written.json"
_END = b"</html>"


def hash_file(path: Path) -> str:
    """SHA-256 of a file; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_digests(builder: Builder) -> dict[str, str]:
    """Docname to digest, an empty one of a page whose file is not the one that was written.

    Empty where no build has ended here, so that all pages are written.
    """
    try:
        found = json.loads((Path(builder.outdir) / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    rows = found.items() if isinstance(found, dict) else ()
    whole = not isinstance(builder, StandaloneHTMLBuilder) or _is_info(Path(builder.outdir))
    return {page: _digest(builder, page, row) if whole else "" for page, row in rows}


def _digest(builder: Builder, page: str, row: object) -> str:
    match row:
        case [str(digest), str(file)] if file == _look(builder, page)[0]:
            return digest
    return ""


def _is_info(outdir: Path) -> bool:
    """True where Sphinx can tell from what it has written whether its settings are the same."""
    try:
        BuildInfo.load(outdir / ".buildinfo")
    except (OSError, ValueError, LookupError):
        return False
    return True


def mend_info(builder: Builder) -> None:
    """Take away a `.buildinfo` that was cut short, over which Sphinx would stumble on each build."""
    path = Path(builder.outdir) / ".buildinfo"
    if isinstance(builder, StandaloneHTMLBuilder) and path.exists() and not _is_info(path.parent):
        path.unlink()


def keep_digests(builder: Builder, digests: Mapping[str, str]) -> list[str]:
    """Call these pages written; returns those that are not, as their files are missing or cut short."""
    files = {page: _look(builder, page) for page in digests}
    ended = any(ends for _, ends in files.values())  # there are themes that end none of their pages
    short = sorted(page for page, (_, ends) in files.items() if ends is None or (ended and not ends))
    rows = {page: [d, files[page][0]] for page, d in digests.items() if page not in short}
    replace_file(Path(builder.outdir) / NAME, json.dumps(rows, indent=0, sort_keys=True) + "\n")
    return short


def _has_pages(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Whether a builder writes a file of HTML for each page; `singlehtml` writes one for all."""
    return isinstance(builder, StandaloneHTMLBuilder) and not isinstance(builder, SingleFileHTMLBuilder)


def _look(builder: Builder, page: str) -> tuple[str, bool | None]:
    """SHA-256 of the file of a page, and whether it ends as a page does; None where there is nothing.

    No hash and an end where the builder writes no file for each page.
    """
    if not _has_pages(builder):
        return "", True
    try:
        data = Path(builder.get_output_path(page)).read_bytes()
    except OSError:
        return "", None
    text = data.rstrip()
    return hashlib.sha256(data).hexdigest(), text[-len(_END) :].lower() == _END if text else None
