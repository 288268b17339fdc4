"""Parsed diagrams, kept for a build that reads everything anew: after another setting, or with `-E`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from atlas.records.model import Finding, Place
from atlas.records.notes import DiagramNote, Graph
from atlas.records.recall import Recall
from atlas.records.whole_file import replace_file

from .domain import AtlasDomain, domain_of
from .kept import engine

NAME: Final = ".atlas-parses"
FEW: Final = 20
"""So many pages are sooner parsed than all that was parsed is opened."""


class Parses:
    """Held by the handlers of one build."""

    def __init__(self) -> None:
        self._many = False

    def open(self, app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
        """At `env-before-read-docs`: what workers, which are copies of this process, need not parse again."""
        kept = b""
        self._many = len(list(docnames)) > FEW
        if self._many:
            with suppress(OSError):
                kept = _path(app).read_bytes()
        domain_of(env).parses = Recall(engine(), kept)

    def keep(self, app: Sphinx, env: BuildEnvironment) -> None:
        """At `env-updated`: the graphs of the diagrams in which nothing was found, which the notes have."""
        if self._many:
            parses = Recall(engine())
            for note in _faultless(domain_of(env)):
                begins = Place(note.place.path, note.first_line)
                parses("parse", (note.text, begins), partial(_parsed, note))
            replace_file(_path(app), parses.dump())


def _path(app: Sphinx) -> Path:
    return Path(app.doctreedir) / NAME


def _parsed(note: DiagramNote) -> tuple[Graph | None, tuple[Finding, ...]]:
    """What parsing its text came to."""
    return note.graph, ()


def _faultless(domain: AtlasDomain) -> Iterator[DiagramNote]:
    found = {finding.diagram for findings in domain.read_findings.values() for finding in findings}
    for notes in domain.diagrams.values():
        yield from (note for note in notes if note.graph and note.id not in found)


def setup(app: Sphinx) -> None:
    parses = Parses()
    app.connect("env-before-read-docs", parses.open)
    app.connect("env-updated", parses.keep, priority=400)
