"""The words that a scaffold leaves for an author to replace, and what still says them."""

from __future__ import annotations

from collections.abc import Iterator

from atlas.diagrams.planes import EMOJI, at
from atlas.records.model import Finding, Place
from atlas.records.notes import DiagramNote

BOX = "what stands here"
ARROW = "what moves"
_SAID = frozenset({BOX, ARROW})
_FILLER = ("lorem ipsum",)


def check_scaffold(note: DiagramNote) -> Iterator[Finding]:
    """DIAGRAM006: a label, title, caption or alternative text that is the scaffold's own, or filler."""
    for words, place in _words(note):
        plain = " ".join(word for word in words.split() if word not in EMOJI.values()).lower()
        if plain in _SAID or plain.startswith(_FILLER):
            message = f"{words.strip()!r} is the scaffold's, not the page's"
            yield Finding("DIAGRAM006", message, place, "say what it is, or take it out", note.id)


def _words(note: DiagramNote) -> Iterator[tuple[str, Place]]:
    if note.graph:
        yield from ((node.label, at(note, node.line)) for node in note.graph.nodes)
        yield from ((edge.label, at(note, edge.line)) for edge in note.graph.edges)
    yield from ((words, note.place) for words in (note.title, note.caption, note.alt))
