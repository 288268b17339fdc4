"""Warnings of others, which only reading and resolving a page give: the next build reads it again.

Without this a dead link would be red once and green on the next build.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import NAMESPACE, get_node_location, is_suppressed_warning

from atlas.records.whole_file import replace_file

NAME = ".atlas-warned.json"


class WarnedPages(logging.Handler):
    """Gathers the pages of a build that warnings name; those of the atlas are said on every build anyhow.

    A warning without a place belongs to all pages that were read. Until a build ends, each page that it
    reads is in doubt: who breaks it off must not lose what was said.
    """

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app = app
        self.pages: set[str] = set()
        self.read: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        kind, detail = (str(getattr(record, name, None) or "") for name in ("type", "subtype"))
        if kind != "atlas" and not is_suppressed_warning(kind, detail, self.app.config.suppress_warnings):
            self.pages |= self._pages_of(getattr(record, "location", None)) or self.read

    def _pages_of(self, location: object) -> set[str]:
        env: BuildEnvironment | None = getattr(self.app, "env", None)
        if isinstance(location, tuple):
            location = location[0]
        if isinstance(location, nodes.Node):
            location = get_node_location(location)
        name = re.sub(r":\d*$", "", str(location or ""))
        if not (name and env):
            return set()
        page = name if name in env.found_docs else env.path2doc(name)
        return {page} if page in env.found_docs else set(_including(env, name))

    # Through a build

    def listen(self, app: Sphinx) -> None:
        """At `builder-inited`."""
        del app
        logging.getLogger(NAMESPACE).addHandler(self)

    def read_again(self, app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
        """At `env-get-outdated`: the pages that the last build warned of, or was broken off with."""
        del app
        return [*read_pages(self._file) & env.found_docs]

    def begin(self, app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
        """At `env-before-read-docs`."""
        del app, env
        self.read = set(docnames)
        if self.read:
            keep_pages(self._file, self.read)

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """At `build-finished`."""
        del app
        logging.getLogger(NAMESPACE).removeHandler(self)
        if error is None and (self.pages or self._file.exists()):
            keep_pages(self._file, self.pages)

    @property
    def _file(self) -> Path:
        return Path(self.app.doctreedir) / NAME


def _including(env: BuildEnvironment, name: str) -> Iterable[str]:
    """The pages that a file is part of."""
    path = Path(env.srcdir, name).resolve()
    for page, files in env.dependencies.items():
        if path in {Path(env.srcdir, file).resolve() for file in files}:
            yield page


def read_pages(path: Path) -> set[str]:
    """The pages that were kept; none where there are none, or the file is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {page for page in found if isinstance(page, str)} if isinstance(found, list) else set()


def keep_pages(path: Path, pages: Iterable[str]) -> None:
    replace_file(path, json.dumps(sorted(pages), indent=0) + "\n")


def setup(app: Sphinx) -> None:
    warned = WarnedPages(app)
    app.connect("builder-inited", warned.listen)
    app.connect("env-get-outdated", warned.read_again)
    app.connect("env-before-read-docs", warned.begin)
    app.connect("build-finished", warned.end)
