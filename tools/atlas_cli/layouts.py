"""Where a project stands: its pages and its conf.py, in the layouts that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .project import Project
from .terminal import RefusalError

_ROOT_DOC = re.compile(r"^(?:root|master)_doc\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_ENDINGS = (".md", ".rst")
_NO_PAGES = ("_", ".")
"""How folders begin that hold no pages."""


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says of the project: a folder around it, or its two folders themselves."""

    root: Path | None = None
    source: Path | None = None
    conf: Path | None = None


def find_project(where: Where) -> Project:
    """The project that is named, or the one around the current folder. Raises RefusalError."""
    if where.source:
        return _named(where.source.resolve(), where.conf)
    if where.conf:
        return _beside(where.conf.resolve())
    here = (where.root or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        found = _project_in(folder)
        if found and (folder == here or not where.root or found.source == here):
            return found
    place = f"in {where.root}" if where.root else "here or in a folder around"
    why = "no conf.py beside an index page, or beside a folder with one"
    raise RefusalError(
        f"no atlas {place}: {why}",
        "name its folder: atlas -C DIR …, or both: atlas --source DIR --conf DIR …",
    )


def _named(source: Path, conf: Path | None) -> Project:
    """Pages in `source`; where `conf` is not named, conf.py is looked for there and around."""
    if not source.is_dir():
        raise RefusalError(f"{source} is no folder", "name the folder of the pages")
    folders = [conf.resolve()] if conf else [source, *source.parents]
    found = next((folder for folder in folders if (folder / "conf.py").is_file()), None)
    if found is None:
        raise RefusalError(f"no conf.py in {conf or f'{source} or around it'}", "name its folder: --conf DIR")
    return Project(source, found)


def _beside(conf: Path) -> Project:
    """The pages that belong to a conf.py."""
    project = next((p for p in _candidates(conf) if p.conf == conf and _is_there(p)), None)
    if project is None:
        raise RefusalError(f"no conf.py in {conf} with pages beside it", "name their folder: --source DIR")
    return project


def _project_in(folder: Path) -> Project | None:
    """conf.py beside an index page, or beside a folder with one: in `folder`, or in its docs/ or doc/."""
    for place in (folder, folder / "docs", folder / "doc"):
        for project in _candidates(place):
            if _is_there(project):
                return project
    return None


def _candidates(place: Path) -> Iterator[Project]:
    source = place / "source"
    yield from (Project(source, place), Project(place, place), Project(source, source))
    if (place / "conf.py").is_file():
        folders = (f for f in place.iterdir() if f.is_dir() and not f.name.startswith(_NO_PAGES))
        whole = [p for p in (Project(folder, place) for folder in folders) if _is_there(p)]
        yield from whole if len(whole) == 1 else ()


def _is_there(project: Project) -> bool:
    conf = project.conf / "conf.py"
    return conf.is_file() and any((project.source / name).is_file() for name in _root_pages(conf))


def _root_pages(conf: Path) -> Iterator[str]:
    """The names that the first page may have: that which conf.py sets, else `index`."""
    found = _ROOT_DOC.search(conf.read_text(encoding="utf-8", errors="replace"))
    yield from (f"{found[1] if found else 'index'}{ending}" for ending in _ENDINGS)
