"""What to run and when things happened, as records of the Typst template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes

from atlas.files.printing import label, make_fact, make_link, soften
from atlas.files.reports import Json
from atlas.records.notes import CommandNote
from atlas.rules.atlas import Diagram
from atlas.views.running import EFFECTS, command_id, expected, kind_of, run_first, runs_on, time_of
from atlas_sphinx.pages.nodes import atlas_command
from atlas_sphinx.pages.reading import paragraph_below

if TYPE_CHECKING:
    from .typst_writer import Writer

_WIDTHS = [2.2, 1.3, 5.0]
_WHOLE = 1200
"""Characters up to which a command stands whole on a page."""


def command(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A command where it stands; the first of its id can be led to."""
    del level
    note: CommandNote = node["note"]
    for name in writer.claim([command_id(note)]):
        yield {"k": "mark", "label": name}
    loses = next((n for n in node.children if isinstance(n, nodes.paragraph)), None)
    yield _record(writer, note, writer.inlines(loses.children) if loses else [])


def first(writer: Writer, node: Any, diagram: Diagram) -> Iterator[Json]:
    """What is to be run first, ahead of the drawing; of an incident, that of the guide that it leads to."""
    commands, guide = run_first(diagram, writer.atlas)
    body: list[Json] = []
    if guide:
        link = make_link(guide.id, guide.name, writer.atlas, writer.notes)
        body.append({"k": "p", "c": ["From ", link, "."]})
    for note in commands:
        body.append(_record(writer, note, []))
        body += [_borrowed(writer, guide, note)] if guide else _own(writer, node, note)
    if body:
        yield {"k": "note", "title": "Run first", "body": body}


def _own(writer: Writer, node: Any, note: CommandNote) -> list[Json]:
    """The paragraph below a command of this page."""
    found = (n for n in node.document.findall(atlas_command) if n["note"].id == note.id)
    below = next((p for n in found if (p := paragraph_below(n))), None)
    return writer.paragraph(below.children) if below is not None else []


def _borrowed(writer: Writer, guide: Diagram, note: CommandNote) -> Json:
    return {"k": "p", "c": _coded(writer, guide.said(note.says))}


def _record(writer: Writer, note: CommandNote, loses: list[Json]) -> Json:
    body: list[Json] = []
    if note.loses:  # ahead of the command: it is read before it is run
        body.append({"k": "p", "c": [{"k": "strong", "c": ["Loses: "]}, *loses, *_look(note)]})
    body.append({"k": "pre", "t": note.text, "lang": "bash"})
    if said := expected(note):
        body.append({"k": "p", "c": _coded(writer, said)})
    if note.prints:
        body += [{"k": "p", "c": ["It prints:"]}, {"k": "pre", "t": note.prints, "lang": ""}]
    effect = note.effect if note.effect in EFFECTS else ""
    mark = EFFECTS.get(note.effect, "Effect unknown")
    whole = len(note.text) + len(note.prints) < _WHOLE
    on = soften(runs_on(note))
    return {"k": "command", "style": effect, "mark": mark, "on": on, "whole": whole, "body": body}


def _look(note: CommandNote) -> Iterator[Json]:
    if note.look:
        shown = command_id(CommandNote(note.look, note.docname, note.place, "", note.diagram))
        yield ". Look first: "
        yield {"k": "link", "c": [note.look], "to": label(note.docname, shown), "doc": note.docname}


def _coded(writer: Writer, text: str) -> list[Json]:
    """A text with what stands in backticks as code."""
    parts = text.split("`")
    return [writer.code(part) if n % 2 else part for n, part in enumerate(parts) if part]


def timeline(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A timeline as a table: the time with its source, the kind in words, the event."""
    del level
    day, rows = "", []
    events = [n for n in node.children if isinstance(n, nodes.paragraph)]
    for row, event in zip(node["rows"], events, strict=True):
        text, day = time_of(row, writer.atlas, day)
        cells: list[list[Json]] = [
            _time(writer, row.reference, text),
            [kind_of(row)],
            writer.inlines(event.children),
        ]
        rows.append([_cell(cell) for cell in cells])
    head = [_cell([word]) for word in ("When", "What", "Event")]
    yield {"k": "table", "widths": [*_WIDTHS], "head": [head], "rows": [*rows]}


def _time(writer: Writer, reference: str, text: str) -> list[Json]:
    if fact := writer.atlas.ledgers.fact(reference):
        return make_fact(fact, text, writer.atlas, writer.notes)
    return [make_link(reference.partition(":")[0], text, writer.atlas, writer.notes)]


def _cell(content: list[Json]) -> Json:
    return {"x": 1, "y": 1, "body": [{"k": "p", "c": content}]}
