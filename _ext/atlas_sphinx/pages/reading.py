"""Reading the tree of a page: the words of a block, what stands below it, which diagram it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.util.nodes import traverse_parent

from .nodes import atlas_command, atlas_diagram, atlas_gate, atlas_ref, atlas_timeline


def worded(node: nodes.Node | None) -> str:
    """The words of a block on one line: code in backticks, figures as `${publisher/key:fact}`."""
    return " ".join("".join(_words(node)).split()) if node is not None else ""


def _words(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, atlas_ref) and not node.children:
        yield f"${{{node['target']}}}" if node["role"] == "fact" else node["target"]
    elif isinstance(node, nodes.literal):
        yield f"`{node.astext()}`"
    elif isinstance(node, nodes.Text):
        yield node.astext()
    else:
        for child in node.children:
            yield from _words(child)


def line_of(node: Any) -> int:
    """The line, from 1, of a node or else of what it stands in; 0 where none is known."""
    return next((part.line for part in traverse_parent(node) if part.line), 0)


def around(node: nodes.Node, *kinds: type[nodes.Element]) -> nodes.Element | None:
    """The nearest node of one of these kinds that a node stands in."""
    return next(iter(traverse_parent(node.parent, kinds)), None)


def paragraph_below(node: nodes.Element) -> nodes.paragraph | None:
    """The paragraph right below a command, which says what its outcomes mean."""
    siblings = node.parent.children[node.parent.index(node) + 1 :]
    seen = next((n for n in siblings if not isinstance(n, (nodes.comment, nodes.target))), None)
    return seen if isinstance(seen, nodes.paragraph) else None


def spoken_of(doctree: nodes.document) -> Iterator[tuple[nodes.Element, str, str]]:
    """Each command and timeline of a page, with the diagram that it speaks of and the gate that it is in.

    That is the diagram of the gate around it, else the last one above it, else the first of the page.
    """
    kinds = (atlas_diagram, atlas_command, atlas_timeline)
    found = [n for n in doctree.findall(nodes.Element) if isinstance(n, kinds)]
    last = next((n["diagram"] for n in found if isinstance(n, atlas_diagram)), "")
    for node in found:
        if isinstance(node, atlas_diagram):
            last = node["diagram"]
        else:
            gate = around(node, atlas_gate)
            yield node, (gate["diagram"] if gate else last), (gate["gate"] if gate else "")
