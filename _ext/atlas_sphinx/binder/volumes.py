"""Volumes of the binder: from written pages and the sealed atlas to jobs for the typesetter, and to PDF."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sphinx.config import Config

import atlas
from atlas.diagrams import planes
from atlas.drawing.palette import PALETTE
from atlas.drawing.paper import print_colour
from atlas.files import printing
from atlas.files.reports import Json, Record, dump
from atlas.records.model import Plane
from atlas.records.whole_file import replace_file
from atlas.rules.atlas import Atlas, Diagram
from atlas.views import binder
from atlas.views.binder import Chapter, Index, Volume
from atlas.views.blocks import slug

HERE = Path(__file__).parent
TEMPLATE = HERE / "binder.typ"
TYPESETTER = HERE / "typeset.py"

Job = Mapping[str, Any]
"""What `typeset.py` reads, with the `id` of the volume and the `digest` of all that its PDF depends on."""
Answer = Mapping[str, Any]
"""What `typeset.py` prints."""


@dataclass(frozen=True, slots=True)
class Page:
    """A written page: its path from the root of the work folder, its file's text, and the same as JSON."""

    path: str
    text: str
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shop:
    """What all volumes of a build share. `make` stands for fonts, templates and rooms.

    `commit` is named by the covers of what is set where no build is; it alone sets nothing again.
    """

    atlas: Atlas
    config: Config
    day: date
    root: Path
    output: Path
    fonts: Sequence[Path]
    case: printing.Typecase
    make: str
    commit: str

    def job(self, volume: Volume, pages: Mapping[str, Page]) -> Job:
        """Writes the volume's own file and says what is to be set."""
        shown = [pages[d] for d in volume.pages if d in pages]
        record = self._record(volume, pages)
        hash = hashlib.sha256("".join([dump(record), *(p.text for p in shown)]).encode()).hexdigest()
        build = self.config.atlas_build or f"{self.config.project} {self.config.release}"
        imprint: Record = {"hash": hash, "date": self.day.isoformat(), "build": build}
        text = dump({**record, **imprint})
        # Not among what a volume depends on: else each commit would set all of them again.
        printed = {**record, **imprint, "build": self.config.atlas_build or self.commit or build}
        replace_file(self.root / f"{volume.id}.json", dump(printed))
        made_by = [hash, text, TEMPLATE.read_text(encoding="utf-8"), self.make, typst_version()]
        return {
            "id": volume.id,
            "digest": hashlib.sha256("\n".join(made_by).encode()).hexdigest(),
            "root": str(self.root),
            "main": TEMPLATE.name,
            "output": str(self.output / f"{volume.id}.pdf"),
            "fonts": [str(folder) for folder in self.fonts],
            "inputs": {"volume": f"/{volume.id}.json"},
            "images": [name for page in shown for name in page.record["images"]],
            "timestamp": int(datetime.combine(self.day, time(), UTC).timestamp()),
        }

    def set_all(self, jobs: Sequence[Job], *, workers: int) -> Iterator[tuple[Job, Answer]]:
        """Each job with the typesetter's answer, in their order."""
        self.output.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(workers) as pool:
            yield from zip(jobs, pool.map(self._set, jobs), strict=True)

    def _set(self, job: Job) -> Answer:
        path = self.root / f"{job['id']}.job.json"
        replace_file(path, dump(job))
        command = [sys.executable, str(TYPESETTER), str(path)]
        core = {"PYTHONPATH": str(Path(atlas.__file__).parents[1])}
        ran = subprocess.run(  # noqa: S603  our own
            command, env={**os.environ, **core}, capture_output=True, text=True, check=False
        )
        lines = ran.stdout.splitlines()
        if lines and lines[-1].startswith("{"):
            answer: Answer = json.loads(lines[-1])
            return answer
        said = (ran.stderr.strip().splitlines() or ["nothing was said"])[-1]
        return {"error": f"the typesetter ended with code {ran.returncode}: {said}"}

    # Records

    def _record(self, volume: Volume, pages: Mapping[str, Page]) -> Record:
        diagrams = binder.diagrams_of(volume, self.atlas)
        terms = binder.make_glossary(diagrams, self.atlas)
        places = [printing.label(printing.GLOSSARY, slug(t.id)) for t in terms]
        labels = {name for d in volume.pages if d in pages for name in pages[d].record["labels"]}
        record: Record = {
            **self._imprint(volume, diagrams),
            "planes": [*map(_plane, Plane)],
            "chapters": [_chapter(c, pages) for c in volume.chapters],
            "indexes": [_index(i, pages) for i in binder.make_indexes(diagrams, self.atlas)],
            "index_first": volume.index_first,
            "glossary": [[at, t.id, t.long, t.says] for at, t in zip(places, terms, strict=True)],
        }
        legible = self.case.set(record)
        assert isinstance(legible, dict)
        return {**legible, "labels": dict.fromkeys(sorted([*labels, *places]), 1)}

    def _imprint(self, volume: Volume, diagrams: Iterable[Diagram]) -> Record:
        counts = binder.count(volume, self.atlas)
        return {
            "title": volume.title,
            "about": volume.about,
            "project": self.config.project,
            "author": self.config.author,
            "rights": _rights(self.config.copyright),
            "language": self.config.language,
            "base": self.config.html_baseurl,
            "keywords": [*_keywords(volume, diagrams)],
            "counts": {name: getattr(counts, name) for name in binder.Count.__slots__},
        }


def _rights(copyright: str | Sequence[str]) -> str:
    """Sphinx takes one line or several."""
    return copyright if isinstance(copyright, str) else ", ".join(copyright)


def _keywords(volume: Volume, diagrams: Iterable[Diagram]) -> Iterator[str]:
    yield from ("architecture", "incident response", "production systems", volume.id)
    named = {name for d in diagrams for name in (d.category, d.note.system)}
    yield from sorted(named - {"", volume.id})


def _plane(plane: Plane) -> Json:
    """A row of the legend, in the colours that are printed."""
    paint = PALETTE[plane]
    return {
        "name": str(plane),
        "emoji": planes.EMOJI[plane],
        "meaning": planes.MEANING[plane],
        "fill": print_colour(plane),
        "border": paint.border,
        "width": paint.width,
        "dashes": [*map(float, paint.dashes.split())],
    }


def _chapter(chapter: Chapter, pages: Mapping[str, Page]) -> Json:
    lead = pages[chapter.lead].record["blocks"] if chapter.lead in pages else []
    entries: list[Json] = [
        {"path": pages[d].path, "title": pages[d].record["title"], "label": printing.label(d)}
        for d in chapter.pages
        if d in pages
    ]
    return {
        "title": chapter.title,
        "label": printing.label("chapter", chapter.id),
        "lead": [block for block in lead if block["k"] == "p"],
        "pages": entries,
    }


def _index(index: Index, pages: Mapping[str, Page]) -> Json:
    soften = printing.soften_code if index.code else printing.soften
    entries: list[Json] = [
        {"text": soften(e.text), "pages": [printing.label(d) for d in e.pages if d in pages]}
        for e in index.entries
    ]
    return {
        "title": index.title,
        "label": printing.label("index", index.id),
        "code": index.code,
        "entries": entries,
    }


def read_commit(folder: Path) -> str:
    """The commit of a checkout and whether it is modified; empty where there is none."""
    commit = _ask_git(folder, "rev-parse", "--short=12", "HEAD")
    return f"{commit}, modified" if commit and _ask_git(folder, "status", "--porcelain") else commit


def _ask_git(folder: Path, *words: str) -> str:
    command = ["git", "--no-optional-locks", "-C", str(folder), *words]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own
    except OSError:  # no git
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def typst_version() -> str:
    try:
        return version("typst")
    except PackageNotFoundError:
        return "no typst"
