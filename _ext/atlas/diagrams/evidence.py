"""Evidence lines: `%% = publisher/key "words"` under an arrow or a box names where that is published.

Mermaid has no `click` on an arrow, and skips comments; so the line stands beside what it proves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlas.records.model import Finding, Place
from atlas.records.notes import Evidence, Graph

BROKEN = "broken"
"""The class of what broke."""

_EVIDENCE = re.compile(r"\s*%%\s*=(?P<rest>.*)")
_REST = re.compile(r'\s*(?P<source>[^\s"]+)\s+"(?P<words>[^"]*)"\s*')
_WORD = re.compile(r"\w")
_FORM = 'write %% = publisher/key "the words that state it", on the line below what they state'


def read_evidence(text: str) -> tuple[Evidence, ...]:
    """The evidence lines of a Mermaid text, those that are not well formed left out."""
    return tuple(
        Evidence(found["source"], " ".join(found["words"].split()), line, under)
        for line, under, rest in _lines(text)
        if (found := _REST.fullmatch(rest)) and _WORD.search(found["words"])
    )


def check_form(text: str, place: Place) -> Iterator[Finding]:
    """FACT012 for evidence lines that are not well formed; `place` is where the text begins."""
    for line, _, rest in _lines(text):
        found = _REST.fullmatch(rest)
        if not found or not _WORD.search(found["words"]):
            message = f"evidence line {rest.strip()!r} names no source with its words"
            yield Finding("FACT012", message, Place(place.path, max(place.line, 1) + line - 1), _FORM)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Each evidence line: its number, that of the last line above it that is no comment, what follows `=`."""
    above = 0
    for number, line in enumerate(text.split("\n"), 1):
        if found := _EVIDENCE.fullmatch(line):
            yield number, above, found["rest"]
        elif line.strip() and not line.lstrip().startswith("%%"):
            above = number


def drawn_lines(graph: Graph) -> set[int]:
    """The lines that draw an arrow or a box."""
    return {node.line for node in graph.nodes} | {edge.line for edge in graph.edges}


def broken_nodes(graph: Graph) -> tuple[str, ...]:
    """The ids of the nodes that broke."""
    return tuple(node.id for node in graph.nodes if BROKEN in node.classes)
