"""The order of a page: what a reader needs first stands first, in whatever order it was written.

What this is, what to run first, the picture; recovery, error texts, what it takes down, what it costs, the
timeline; then the page's own sections, its sources, and at the foot how far it was checked. Only a page about
one diagram is put in order; its gates become sections.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from docutils import nodes

from atlas.views.blocks import slug
from atlas_sphinx.pages.nodes import atlas_diagram, atlas_gate, atlas_timeline

LAST = "new-hire"
_FIRST = ("text", "steps", "3am", "incident", "cfo", "timeline")
_RANKS = {name: rank for rank, name in enumerate((*_FIRST, "other", "sections", LAST))}
_OVER = re.compile(r"(prove (that it is over|it)|it is over when|is it over)\b", re.IGNORECASE)


def arrange(document: nodes.document) -> nodes.section | None:
    """Put the parts of a page in order; gives the section that they stand in, None where there is none.

    Before the placeholders are replaced: they tell the parts apart.
    """
    diagrams = [*document.findall(atlas_diagram)]
    host = diagrams[0].parent if len(diagrams) == 1 else None
    if not isinstance(host, nodes.section) or host.parent is not document:
        return None
    parts: dict[str, list[nodes.Node]] = defaultdict(list)
    for gate in [gate for gate in host.findall(atlas_gate) if gate["gate"] == LAST]:
        gate.parent.remove(gate)
        parts[LAST].append(gate)
    begin = host.index(diagrams[0]) + 1
    for name, part in _named(host.children[begin:]):
        parts[name].append(part)
    del host[begin:]
    for name in sorted(parts, key=lambda name: _RANKS.get(name, _RANKS["other"])):
        host.extend([_timeline(parts[name], diagrams[0])] if name == "timeline" else parts[name])
    return host


def _named(children: Iterable[nodes.Node]) -> Iterator[tuple[str, nodes.Node]]:
    """Each part with what it is of; text goes with what stands above it."""
    name, gates = "text", False
    for child in children:
        if isinstance(child, atlas_gate):
            name, gates = child["gate"], True
        elif isinstance(child, nodes.section):
            name = "sections" if gates else "steps"
        elif isinstance(child, atlas_timeline):
            name = "timeline"
        yield name, child


def _timeline(parts: Iterable[nodes.Node], diagram: nodes.Element) -> nodes.section:
    id = f"{slug(diagram['diagram'])}-timeline"
    return nodes.section("", nodes.title("", "Timeline"), *parts, ids=[id])


def has_timeline(host: nodes.section | None) -> bool:
    """Whether the page has a timeline of its own, not one within another section."""
    parts = host.children if host is not None else []
    return any(isinstance(part, nodes.section) and part["ids"][0].endswith("-timeline") for part in parts)


def mark_over(gate: nodes.Element, id: str) -> bool:
    """Give the last step of a recovery the id where it says how one knows that it is over."""
    steps = [item for item in gate.findall(nodes.list_item) if isinstance(item.parent, nodes.enumerated_list)]
    ends = [item for item in steps if item.parent.index(item) == len(item.parent) - 1]
    found = next((item for item in reversed(ends) if _OVER.match(item.astext().strip())), None)
    if found is None:
        return False
    found["ids"].append(id)
    found["classes"].append("atlas-over")
    return True
