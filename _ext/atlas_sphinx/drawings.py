"""The drawings of a build: kept by content in the doctree folder, drawn by a pool where they are missing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sphinx.util.display import status_iterator

from atlas import drawing, figures, planes, svg
from atlas.drawing import DrawJob
from atlas.seal import Diagram


def job_of(diagram: Diagram, *, paper: bool = False) -> DrawJob:
    """What the engine is to draw: values filled in, planes titled; tightly for `paper`."""
    graph = diagram.note.graph
    assert graph is not None
    placed = {**planes.group_planes(graph), **diagram.planes}
    return DrawJob(
        id=diagram.id,
        text=planes.titled(planes.unframed(text_of(diagram), graph)),
        title=diagram.title,
        description=diagram.alt,
        planes=tuple(placed.items()),
        links=tuple(n.id for n in graph.nodes if n.link),
        paper=paper,
    )


def text_of(diagram: Diagram) -> str:
    """The Mermaid text with its values filled in."""
    return figures.fill(diagram.note.text, diagram.values, escape=figures.escape_mermaid)


class Drawings:
    """A folder of drawings, one file per content key. Only the main process writes to it.

    `keys` maps the ids of the jobs that the build shows to their content keys.
    """

    def __init__(self, folder: Path, *, timeout: float, workers: int = 0) -> None:
        self.folder = folder
        self.timeout = timeout
        self.workers = workers or os.cpu_count() or 1
        self.keys: dict[str, str] = {}
        self._fingerprint = drawing.fingerprint()

    def key(self, job: DrawJob) -> str:
        """The name of a drawing: it changes with the job, the engine, its options, fonts and palette."""
        return hashlib.sha256(f"{self._fingerprint}\n{job!r}".encode()).hexdigest()[:32]

    def read(self, job: DrawJob, hrefs: Mapping[str, str]) -> str:
        """The SVG of a job with its links in place; empty where it could not be drawn."""
        path = self._path(self.key(job))
        return svg.place_links(path.read_text(encoding="utf-8"), hrefs) if path.exists() else ""

    def complete(self, jobs: Iterable[DrawJob]) -> dict[str, str]:
        """Draw what is missing, drop what nothing shows any more; returns job id to error message."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = {self.key(job): job for job in jobs}
        self.keys = {job.id: key for key, job in wanted.items()}
        present = {p.stem for p in self.folder.glob("*.svg")}
        for key in present - set(wanted):
            self._path(key).unlink()
        return self._draw([job for key, job in wanted.items() if key not in present])

    def _draw(self, jobs: list[DrawJob]) -> dict[str, str]:
        errors: dict[str, str] = {}
        if not jobs:
            return errors
        with drawing.Press(min(self.workers, len(jobs)), timeout=self.timeout) as press:
            drawn = press.draw_all(jobs)
            for job, result in status_iterator(
                drawn, "drawing diagrams... ", "purple", len(jobs), stringify_func=lambda pair: pair[0].id
            ):
                if isinstance(result, drawing.Drawing):
                    self._write(self.key(job), result.svg)
                else:
                    errors[job.id] = result.message
        return errors

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.svg"

    def _write(self, key: str, text: str) -> None:
        temporary = self._path(key).with_suffix(".tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self._path(key))
