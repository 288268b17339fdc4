"""Plain mermaid fences, which no rule of diagrams reaches: passed, judged or refused.

None passes beside a diagram of the atlas: there readers take every figure for one that can be clicked, unless
the project does not ask for sources yet.
A fence is what sphinxcontrib-mermaid makes a node of, and a block of code in the language mermaid.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from atlas.diagrams import mermaid
from atlas.records.model import Finding, Place
from atlas.records.notes import DiagramNote
from atlas.rules.figures import check_labels
from atlas.rules.strictness import LEVELS

from .domain import domain_of
from .places import path_of

_AS_DIRECTIVE = "write it as an atlas-diagram, with its sources"


def note_fences(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: MERMAID009, or what is wrong in the text of a fence."""
    docname = app.env.docname
    choice = app.config.atlas_plain_mermaid
    sourced = domain_of(app.env).last_diagram(docname) and app.config.atlas_strictness != LEVELS[0]
    if choice == "pass" and not sourced:
        return
    for text, source, line in _fences(doctree):
        place = Place(path_of(app.env, source), line)
        found = [_refusal(place)] if choice == "refuse" else list(_judge(text, place, docname))
        domain_of(app.env).note_findings(docname, found)


def _fences(doctree: nodes.document) -> Iterator[tuple[str, str | None, int]]:
    """Text, file and line of each fence. The node of sphinxcontrib-mermaid is told by its name."""
    for node in doctree.findall(nodes.Element):
        if type(node).__name__ == "mermaid":
            yield str(node.get("code", "")), node.source, node.line or 0
        elif isinstance(node, nodes.literal_block) and node.get("language") == "mermaid":
            yield node.astext(), node.source, node.line or 0


def _refusal(place: Place) -> Finding:
    return Finding("MERMAID009", "a plain mermaid fence is checked by no rule", place, _AS_DIRECTIVE)


def _judge(text: str, place: Place, docname: str) -> Iterator[Finding]:
    graph, findings = mermaid.parse(text, Place(place.path, place.line + 1))
    yield from findings
    note = DiagramNote("", docname, place, text, place.line + 1, graph)
    yield from check_labels(note, ())


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_fences)
