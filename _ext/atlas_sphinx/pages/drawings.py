"""The drawings of a build: kept by content in the doctree folder, drawn by a pool where they are missing."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sphinx.util.display import status_iterator

from atlas.diagrams import planes
from atlas.diagrams.evidence import broken_nodes
from atlas.drawing import press, svg
from atlas.drawing.job import Drawing, DrawJob, Loss
from atlas.records.whole_file import replace_file
from atlas.rules import figures
from atlas.rules.atlas import Diagram


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
        broken=broken_nodes(graph),
    )


def text_of(diagram: Diagram) -> str:
    """The Mermaid text with its values filled in."""
    return figures.fill(diagram.note.text, diagram.values, escape=figures.escape_mermaid)


class Drawings:
    """A folder of drawings, one file per content key. Only the main process writes to it.

    Beside each drawing stands its proof: a hash of it and of what it lacks. A drawing that does not fit its
    proof, as one that was cut short, is none, and is drawn again.

    `proofs` maps the ids of the jobs that the build shows to their proofs, so that a page knows what it
    shows; one that could not be drawn has none. `losses` maps the ids of those that lack something to what
    they lack.
    """

    def __init__(self, folder: Path, *, timeout: float, workers: int = 0) -> None:
        self.folder = folder
        self.timeout = timeout
        self.workers = workers or os.cpu_count() or 1
        self.proofs: dict[str, str] = {}
        self.losses: dict[str, tuple[Loss, ...]] = {}
        self._fingerprint = press.fingerprint()

    def key(self, job: DrawJob) -> str:
        """The name of a drawing: it changes with the job, the engine, its options, fonts and palette."""
        return hashlib.sha256(f"{self._fingerprint}\n{job!r}".encode()).hexdigest()[:32]

    def read(self, job: DrawJob, hrefs: Mapping[str, str]) -> str:
        """The SVG of a job with its links in place; empty where it could not be drawn.

        Raises OSError where it has been taken away or changed since this build proved it.
        """
        if job.id not in self.proofs:
            return ""
        path = self._path(self.key(job))
        drawing = path.read_text(encoding="utf-8")
        if _prove(path.stem, drawing, self.losses.get(job.id, ())) != self.proofs[job.id]:
            raise OSError(errno.EIO, "the drawing changed while it was shown", str(path))
        return svg.place_links(drawing, hrefs)

    def complete(self, jobs: Iterable[DrawJob]) -> dict[str, str]:
        """Draw what is missing, drop what nothing shows any more; returns job id to error message."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = {self.key(job): job for job in jobs}
        for path in self.folder.glob("*.*"):
            if path.suffix not in (".svg", ".json") or path.stem not in wanted:
                path.unlink()
        kept = {key: self._kept(key) for key in wanted}
        missing = [key for key, found in kept.items() if found is None]
        errors = self._draw([wanted[key] for key in missing])
        kept |= {key: self._kept(key) for key in missing}
        found = {job.id: drawing for key, job in wanted.items() if (drawing := kept[key])}
        self.proofs = {id: drawing.proof for id, drawing in found.items()}
        self.losses = {id: drawing.losses for id, drawing in found.items() if drawing.losses}
        return errors

    def _draw(self, jobs: list[DrawJob]) -> dict[str, str]:
        errors: dict[str, str] = {}
        if not jobs:
            return errors
        with press.Press(min(self.workers, len(jobs)), timeout=self.timeout) as pool:
            drawn = pool.draw_all(jobs)
            for job, result in status_iterator(
                drawn, "drawing diagrams... ", "purple", len(jobs), stringify_func=lambda pair: pair[0].id
            ):
                if isinstance(result, Drawing):
                    self._keep(self.key(job), result)
                else:
                    errors[job.id] = result.message
        return errors

    def _keep(self, key: str, drawing: Drawing) -> None:
        rows = [[loss.kind, loss.id, loss.message] for loss in drawing.losses]
        proof = _prove(key, drawing.svg, drawing.losses)
        replace_file(self._path(key, "json"), json.dumps({"proof": proof, "losses": rows}))
        replace_file(self._path(key), drawing.svg)

    def _kept(self, key: str) -> _Kept | None:
        """What is kept of a drawing that fits its proof; None where there is none."""
        try:
            record = json.loads(self._path(key, "json").read_text(encoding="utf-8"))
            losses = tuple(Loss(*map(str, row)) for row in record["losses"])
            proof = _prove(key, self._path(key).read_text(encoding="utf-8"), losses)
            return _Kept(proof, losses) if proof == record["proof"] else None
        except (FileNotFoundError, ValueError, TypeError, LookupError):
            return None

    def _path(self, key: str, ending: str = "svg") -> Path:
        return self.folder / f"{key}.{ending}"


@dataclass(frozen=True, slots=True)
class _Kept:
    proof: str
    losses: tuple[Loss, ...]


def _prove(key: str, drawing: str, losses: tuple[Loss, ...]) -> str:
    """SHA-256 of a drawing with its key and what it lacks, so that no other can stand in its place."""
    return hashlib.sha256(f"{key}\n{losses!r}\n{drawing}".encode()).hexdigest()
