"""Is what was read what is drawn? Each word of each label, each edge once, nothing hidden or cut by the view.

Words are compared without blanks, since a line may be broken at any, and the engine fills an empty one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element

from atlas.records.notes import Graph, Node

from . import outline
from .finished import box_of, kind_of, parse, parts_of, path_box, words_of
from .job import Loss
from .outline import Box

SLACK: Final = 1.0
"""By how much something may reach beyond the view, in px: borders are drawn half outside."""
_LINES: Final = frozenset({"atlas-flow", "atlas-tie", "atlas-life"})
_FRAMES: Final = frozenset({"atlas-group", "atlas-fragment", "atlas-band"})


def find_losses(drawing: str, graph: Graph, words: Iterable[str] = ()) -> tuple[Loss, ...]:
    """What a drawing made by `svg` has otherwise than the graph that it was made of.

    `words` are further ones that were read: notes, conditions, the title of a sequence.
    """
    page = parse(drawing)
    return (
        *_lost_nodes(page, graph.nodes),
        *_lost_edges(page, graph),
        *_lost_titles(page, graph),
        *_lost_words(page, words),
        *_hidden(page, graph),
        *_cut(page),
    )


def _lost_nodes(page: Element, nodes: Iterable[Node]) -> Iterator[Loss]:
    drawn = [element for element in page.iter("g") if kind_of(element) == "atlas-node"]
    counted = Counter(element.get("data-node", "") for element in drawn)
    said = {element.get("data-node", ""): " ".join(words_of(element)) for element in drawn}
    for node in nodes:
        if node.shape == "note":
            continue
        if counted[node.id] != 1:
            yield Loss("node", node.id, f"box {node.id} is drawn {_times(counted[node.id])}")
        elif _squeezed(said[node.id]) != _squeezed(node.label):
            yield Loss("node", node.id, _differ(f"box {node.id}", node.label, said[node.id]))


def _lost_edges(page: Element, graph: Graph) -> Iterator[Loss]:
    lines = Counter(path.get("data-edge") for path in page.iter("path") if kind_of(path) == "atlas-flow")
    labels = (element for element in page.iter("g") if kind_of(element) == "atlas-label")
    said = {element.get("data-edge"): " ".join(words_of(element)) for element in labels}
    for i, edge in enumerate(graph.edges):
        what, drawn = f"arrow {edge.tail} → {edge.head}", said.get(str(i), "")
        if lines[str(i)] != 1:
            yield Loss("edge", str(i), f"{what} is drawn {_times(lines[str(i)])}")
        elif _squeezed(drawn) != _squeezed(edge.label):
            yield Loss("edge", str(i), _differ(what, edge.label, drawn))


def _lost_titles(page: Element, graph: Graph) -> Iterator[Loss]:
    titles = (element for element in page.iter("g") if kind_of(element) == "atlas-title")
    drawn = Counter(_squeezed(" ".join(words_of(element))) for element in titles)
    for group in graph.groups:
        title = _squeezed(group.title)
        if title and not drawn[title]:
            yield Loss("group", group.id, f"the title “{_short(group.title)}” is not drawn")
        drawn[title] -= 1


def _lost_words(page: Element, words: Iterable[str]) -> Iterator[Loss]:
    """Words that belong to no box, arrow or group; they may be parted into several elements."""
    drawn = _squeezed("".join(words_of(page)))
    for text in words:
        if _squeezed(text) not in drawn:
            yield Loss("words", text, f"the words “{_short(text)}” are not drawn")


def _hidden(page: Element, graph: Graph) -> Iterator[Loss]:
    """Words on arrows that stand on a box, which would hide them."""
    boxes = {e.get("data-node", ""): box_of(e) for e in page.iter("g") if kind_of(e) == "atlas-node"}
    labels = (element for element in page.iter("g") if kind_of(element) == "atlas-label")
    for id, words in ((e.get("data-edge", ""), box_of(e)) for e in labels):
        for node in (node for node, box in boxes.items() if id and _covers_other(words, box)):
            edge = graph.edges[int(id)]
            yield Loss("edge", id, f"the words of arrow {edge.tail} → {edge.head} stand on box {node}")


def _covers_other(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > SLACK and min(a[3], b[3]) - max(a[1], b[1]) > SLACK


def _cut(page: Element) -> Iterator[Loss]:
    left, top, width, height = outline.numbers(page.get("viewBox", ""))
    for what, (x, y, right, bottom) in _covers(page):
        over = max(left - x, top - y, right - left - width, bottom - top - height)
        if over > SLACK:
            yield Loss("view", "", f"{what} reaches {over:.0f} px beyond the drawing")


def _covers(page: Element) -> Iterator[tuple[str, Box]]:
    """What is drawn, with a name for it."""
    for part in parts_of(page):
        yield f"“{_short(' '.join(part.words) or part.node)}”", part.box
    for element in chain(page.iter("path"), page.iter("rect")):
        kind = kind_of(element)
        if kind in _LINES:
            ends = f" {element.get('data-tail')} → {element.get('data-head')}"
            yield f"the line{ends if element.get('data-tail') else ''}", path_box(element)
        elif kind in _FRAMES:
            yield "a frame", box_of(_alone(element))


def _alone(element: Element) -> Element:
    """A group of one element."""
    group = Element("g")
    group.append(element)
    return group


def _differ(what: str, read: str, drawn: str) -> str:
    return f"the words of {what}, “{_short(read)}”, are drawn as “{_short(drawn)}”"


def _times(count: int) -> str:
    return f"{count} times" if count else "not at all"


def _squeezed(words: str) -> str:
    return re.sub(r"[\s\u200b]+", "", words)


def _short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
