"""Diagrams in another language: title, caption, `alt` and quoted labels are messages of `gettext`.

What is reviewed and judged is what the author wrote; what is drawn and shown is the translation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from docutils import nodes
from sphinx.application import Sphinx

from atlas.diagrams import mermaid
from atlas.records.notes import DiagramNote
from atlas.rules.atlas import Atlas, Diagram

from .domain import domain_of
from .pages.nodes import atlas_diagram

_QUOTED = re.compile(r'"([^"\n]*[^\W\d_][^"\n]*)"')
_NO_LABELS = ("click ", "%%")


def messages(note: DiagramNote) -> Iterator[str]:
    """The words of a diagram that readers see, each as a translator gets it: with `${fact}` and `<br/>`."""
    yield from filter(None, (note.title, note.caption, note.alt))
    for line in note.text.split("\n"):
        if not line.lstrip().startswith(_NO_LABELS):
            yield from _QUOTED.findall(line)


def translate(atlas: Atlas, said: Mapping[str, Mapping[str, str]]) -> Atlas:
    """The atlas with the diagrams in the words of `said`: diagram to message to translation."""
    diagrams = {id: _translate(d, said[id]) if id in said else d for id, d in atlas.diagrams.items()}
    return replace(atlas, diagrams=diagrams)


def _translate(diagram: Diagram, said: Mapping[str, str]) -> Diagram:
    note = diagram.note
    text = "\n".join(_translate_line(line, said) for line in note.text.split("\n"))
    graph, _ = mermaid.parse(text, note.place)
    words = {name: said.get(getattr(note, name), getattr(note, name)) for name in ("title", "caption", "alt")}
    return replace(diagram, note=replace(note, text=text, graph=graph or note.graph, **words))


def _translate_line(line: str, said: Mapping[str, str]) -> str:
    if line.lstrip().startswith(_NO_LABELS):
        return line
    return _QUOTED.sub(lambda found: f'"{said.get(found[1], found[1]).replace(chr(34), "#quot;")}"', line)


def note_words(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`, when the catalogues of the language have been asked."""
    found = {n["diagram"]: n["said"] for n in doctree.findall(atlas_diagram) if n.get("said")}
    if found:
        domain_of(app.env).said[app.env.docname] = found


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_words)
