"""What Mermaid reads without a word, and draws otherwise than it is written, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atlas.records.notes import Graph, Group

Pitfall = tuple[int, str, str]
"""The line of the text from 1, what is wrong, how to mend it."""

WORDLESS: Final = frozenset(
    "fork join bolt com-link lightning-bolt f-circ junction filled-circle sm-circ start small-circle"
    " fr-circ stop framed-circle cross-circ summary crossed-circle hourglass collate".split()
)
"""Shapes of a flowchart on which no word is drawn."""

_MATH = re.compile(r"\$\$[^$\n]+\$\$(?!\{)")
_HEAD = re.compile(r"(?<=[\w\])}])\s*(?:-{2,}|={2,})([ox])([A-Za-z0-9_]+)")
_QUOTED = re.compile(r'"[^"\n]*"')
_LABEL = re.compile(r"\[[^\[\]]*+\]|\([^()]*+\)|\{[^{}]*+\}|\|[^|]*+\|")
_SMALL = re.compile(r"\s*(?:flowchart|graph)[ \t]+(tb|td|bt|lr|rl)\b")
_JOINED = re.compile(r"(?<![\w&])(\w+)&(\w+)(?![\w&])")
_MENU = re.compile(r"\s*(links?|properties|details)\s+([^:>]+):")
_STYLE = re.compile(r"\s*style\s+(\S+)")


def find_pitfalls(text: str, graph: Graph) -> Iterator[Pitfall]:
    """All of a text, with what it was read as."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.lstrip().startswith("%%"):
            yield from _in_line(line, number, graph)
    yield from _circles(graph)
    yield from _menus(text) if graph.kind == "sequence" else ()
    for node in graph.nodes:
        if graph.kind == "flowchart" and node.shape in WORDLESS and node.label:
            yield node.line, f"the shape {node.shape} of {node.id} shows no words", "choose another shape"


def _in_line(line: str, number: int, graph: Graph) -> Iterator[Pitfall]:
    if _MATH.search(line):
        yield number, "mathematics between $$ and $$ is not drawn", "write it in words"
    if graph.kind == "flowchart":
        yield from ((number, *told) for told in _in_flowchart(line, number, graph))


def _menus(text: str) -> Iterator[Pitfall]:
    """What a participant of a sequence is given beside its name: one link is drawn, as that of its box."""
    linked: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not (found := _MENU.match(line)):
            continue
        what, name = found[1], found[2].strip()
        if what in ("properties", "details"):
            yield number, f"the {what} of {name} are shown nowhere", "write them into the text of the page"
        elif name in linked or line.count('":') > 1:
            yield number, f"only one link of {name} is drawn", "write the others into the text of the page"
        linked.add(name)


def _in_flowchart(line: str, number: int, graph: Graph) -> Iterator[tuple[str, str]]:
    bare = _QUOTED.sub('""', line)
    if found := _HEAD.search(bare):
        message = f"“{found[0].strip()}” is an arrow with the head {found[1]} to a box {found[2]}"
        yield message, "put a blank in front of the name, or behind the head"
    if found := _SMALL.match(bare):
        yield f"“{found[1]}” is a box and no direction", f"write {found[1].upper()}"
    ids = {node.id for node in graph.nodes}
    for found in _JOINED.finditer(_LABEL.sub("", bare)):
        if ids.issuperset(found.groups()):
            message = f"“{found[0]}” is drawn as two boxes, {found[1]} and {found[2]}"
            yield message, "put blanks around the &, or choose another name"
    if (found := _STYLE.match(bare)) and (found[1], number) in {(n.id, n.line) for n in graph.nodes}:
        yield f"the style of {found[1]} draws a box that nothing else names", "delete it, or mend the name"


def _circles(graph: Graph) -> Iterator[Pitfall]:
    """Groups that stand in each other."""
    groups = {group.id: group for group in graph.groups}
    for group in graph.groups:
        if _is_in_itself(group, groups):
            yield group.line, f"the group {group.id} stands in itself", "let one hold the other"


def _is_in_itself(group: Group, groups: dict[str, Group]) -> bool:
    seen: set[str] = set()
    holder = group.group
    while holder in groups and holder not in seen:
        seen.add(holder)
        holder = groups[holder].group
    return group.id in seen
