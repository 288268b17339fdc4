"""Places: the file and line where a part of a page is written, which an include may have brought to it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import traverse_parent

from atlas.records.model import Place


def project_path(env: BuildEnvironment, docname: str) -> str:
    """The path of a page relative to the folder that holds the source folder."""
    return Path(os.path.relpath(env.doc2path(docname), Path(env.srcdir).parent)).as_posix()


def path_of(env: BuildEnvironment, source: str | None) -> str:
    """The path of a file from the folder that holds the source folder; the page's own of what is no file."""
    path = _relative(str(env.srcdir), source) if source else ""
    return path or project_path(env, env.docname)


@lru_cache(maxsize=1024)
def _relative(srcdir: str, source: str) -> str:
    path = Path(source).resolve()
    return Path(os.path.relpath(path, Path(srcdir).parent.resolve())).as_posix() if path.is_file() else ""


def place_of(env: BuildEnvironment, node: Any) -> Place:
    """Where a node, or else what it stands in, is written; line 0 of the page where nothing is known."""
    part = next((part for part in traverse_parent(node) if part.line), None)
    return Place(path_of(env, part.source), part.line or 0) if part else Place(path_of(env, None))


@lru_cache(maxsize=16)
def root_of(source: Path) -> Path:
    """The root of the git repository around a source folder; what holds that folder where there is none."""
    source = source.resolve()
    return next((at for at in (source, *source.parents) if (at / ".git").exists()), source.parent)


def clickable(env: BuildEnvironment, place: Place) -> str:
    """`FILE:LINE` from the root of the repository, from which terminals and annotations read it."""
    source = Path(env.srcdir).resolve()
    path = Path(os.path.relpath(source.parent / place.path, root_of(source))).as_posix()
    return f"{path}:{place.line or 1}"
