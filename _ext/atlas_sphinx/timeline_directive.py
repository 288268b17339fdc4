"""The directive `atlas-timeline`: rows of `fact | kind | event`, from trigger to all clear."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from atlas.records.model import Place
from atlas.records.notes import TimelineNote, TimelineRow
from atlas_sphinx.pages.nodes import atlas_ref, atlas_timeline
from atlas_sphinx.pages.reading import spoken_of, worded

from .directives import NotingDirective
from .domain import domain_of


class TimelineDirective(NotingDirective):
    """`atlas-timeline`: a row a line. It speaks of the diagram before it."""

    option_spec: ClassVar[Any] = None
    optional_arguments = 0

    def run(self) -> list[nodes.Node]:
        node = atlas_timeline("", place=self.place)
        self.set_source_info(node)
        rows = []
        for number, line in enumerate(self.content):
            if line.strip():
                event, row = self._row(line, self._line_of(number))
                rows.append(row)
                node += event
        node["rows"] = tuple(rows)
        return [node]

    def _row(self, line: str, number: int) -> tuple[nodes.paragraph, TimelineRow]:
        reference, kind, event = (part.strip() for part in [*line.split("|", 2), "", ""][:3])
        children, messages = self.parse_inline(event, lineno=number)
        paragraph = nodes.paragraph("", "", *children, *messages)
        paragraph.source, paragraph.line = self.get_source_info()[0], number
        for part in paragraph.findall(nodes.Element):
            part.line = number
        row = TimelineRow(
            reference, kind, worded(paragraph), Place(self.place.path, number), _typed(paragraph)
        )
        return paragraph, row

    def _line_of(self, number: int) -> int:
        """The line of the file on which a line of the content stands, from 1."""
        if type(self.state).__module__.startswith("myst_parser"):
            return self.lineno + self.content_offset + 1 + number
        return int(self.content.offset(number)) + 1


def _typed(part: nodes.Node) -> str:
    """The words of an event as typed, “…” for references and code."""
    if isinstance(part, nodes.literal) or (isinstance(part, atlas_ref) and not part.children):
        return "…"
    return part.astext() if isinstance(part, nodes.Text) else "".join(map(_typed, part.children))


def note_timelines(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: the timelines of a page, each with the diagram that it speaks of."""
    docname = app.env.docname
    notes = [
        TimelineNote(diagram, docname, node["place"], node["rows"])
        for node, diagram, _ in spoken_of(doctree)
        if isinstance(node, atlas_timeline)
    ]
    domain_of(app.env).note_timelines(docname, notes)


def setup(app: Sphinx) -> None:
    app.add_directive("atlas-timeline", TimelineDirective)
    app.connect("doctree-read", note_timelines)
