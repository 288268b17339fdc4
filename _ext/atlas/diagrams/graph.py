"""From the engine's model of a diagram to a `Graph`.

Groups are subgraphs, composite states, and boxes around participants. Words that are drawn and belong to no
node, edge or group (notes, a title, the conditions of `loop` and `alt`) become nodes of the shape "note", so
that no check misses them. Pseudo states have the shapes "start", "end", "fork", "join" and "choice", and no
label.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from atlas.records.notes import Edge, Graph, Group, Node

from .pitfalls import WORDLESS
from .wording import bare, said

Model = Mapping[str, Any]

_STYLED = re.compile(r"\s*style\s+(\S+)")
_CLICK = re.compile(
    r'^[ \t]*+click[ \t]+([^\s,"]++(?:[ \t]*+,[ \t]*+[^\s,"]++)*+)[ \t]++(?:href[ \t]++)?"([^"\n]*+)"',
    re.MULTILINE,
)
_SUBGRAPH = re.compile(r"\s*subgraph\b(.*)")
_NAMING = re.compile(r"(?!.* (?:target|note participant)$)(?:flowchart node|state.*|sequence .*)")
_PSEUDO: Final = "[*]"
_UNNAMED: Final = frozenset({"start", "end", "fork", "join", "choice"})
_SHAPES: Final[Mapping[str | None, str]] = MappingProxyType(
    {None: "square", "rect": "square", "rectWithTitle": "square", "participant": "square"}
    | {"stateStart": "start", "stateEnd": "end"}
)
# Mermaid's numbers for what stands among the messages of a sequence.
_NOT_SENT: Final = frozenset({2, 17, 18})
# Crossed, or dotted as `-.->` of a flowchart is: what fails. An answer that is none is written solid.
_FAILING: Final = frozenset({1, 3, 4, 6, 25, 34})
_OPEN: Final = frozenset({5, 6})
_RECT: Final = 22
# Notes, and what opens or parts a frame.
_WORDED: Final = frozenset({2, 10, 12, 13, 15, 19, 20, 27, 28, 30, 32})
_ENGINE_CLASSES: Final = frozenset(
    "clickable default statediagram-state statediagram-cluster statediagram-cluster-alt".split()
)


def read_graph(model: Model, text: str, items: Iterable[Model]) -> Graph:
    """The graph of a parsed text; `items` are the names in it, each with where it stands."""
    return _with_bare_ids(_READERS[model["type"]](model, _Lines(text, items)))


def read_edges(model: Model) -> dict[str, Edge]:
    """The edges of a model, in order, by the ids that the engine's drawing has for them; without lines."""
    return {id: _with_bare_ends(edge) for id, edge in _edges(model).items()}


def read_words(model: Model) -> list[str]:
    """The words that are drawn beside those of boxes, edges and groups: notes, the conditions of `loop` …"""
    if model["type"] != "sequence":
        return [said(node["label"]) for node in model["nodes"] if node["shape"] == "note"]
    return [
        said(message["message"])
        for message in model["messages"]
        if message["type"] in _WORDED and isinstance(message["message"], str)
    ]


def read_ends(model: Model) -> dict[str, str]:
    """The participants of a sequence that are destroyed, each with the id of the message that does it."""
    places = model.get("destroyedActors") or {}
    return {bare(name): f"i{model['messages'][place]['id']}" for name, place in places.items()}


def _edges(model: Model) -> dict[str, Edge]:
    if model["type"] == "sequence":
        sent = (
            message for message in model["messages"] if message["to"] and message["type"] not in _NOT_SENT
        )
        return {f"i{message['id']}": _read_message(message) for message in sent}
    if model["type"] == "stateDiagram":
        moves = (edge for edge in model["edges"] if "note-edge" not in edge["classes"].split())
        return {edge["id"]: Edge(edge["start"], edge["end"], said(edge["label"])) for edge in moves}
    return {edge["id"]: _read_link(edge) for edge in model["edges"] if edge["stroke"] != "invisible"}


def _with_bare_ids(graph: Graph) -> Graph:
    """The graph with names as they are written; some, as those of participants, are words of the author."""
    return replace(
        graph,
        nodes=tuple(replace(n, id=bare(n.id), group=bare(n.group)) for n in graph.nodes),
        edges=tuple(map(_with_bare_ends, graph.edges)),
        groups=tuple(replace(g, id=bare(g.id), group=bare(g.group)) for g in graph.groups),
    )


def _with_bare_ends(edge: Edge) -> Edge:
    return replace(edge, tail=bare(edge.tail), head=bare(edge.head))


def _read_message(message: Model) -> Edge:
    kind, label = message["type"], said(message["message"])
    return Edge(message["from"], message["to"], label, dashed=kind in _FAILING, directed=kind not in _OPEN)


def _read_link(edge: Model) -> Edge:
    dashed, directed = edge["stroke"] == "dotted", edge["type"] != "arrow_open"
    return Edge(edge["from"], edge["to"], said(edge["label"] or ""), dashed=dashed, directed=directed)


# Lines -----------------------------------------------------------------------------------------


class _Lines:
    """On which line of the text things stand, and what nodes link to."""

    def __init__(self, text: str, items: Iterable[Model]) -> None:
        self.names: dict[int, list[str]] = defaultdict(list)
        self.marks: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for _, line, name, detail, role in sorted([*map(_spot, items), *_pseudo_states(text.encode())]):
            self.marks[detail].append((name, line))
            if role in ("entity", "reference") and _NAMING.fullmatch(detail):
                self.names[line].append(name)
        self.known = frozenset(name for names in self.names.values() for name in names)
        rows = [*enumerate(text.split("\n"), 1)]
        self.headers = [(n, found[1].strip()) for n, row in rows if (found := _SUBGRAPH.match(row))]
        self.styled = {found[1]: n for n, row in reversed(rows) if (found := _STYLED.match(row))}
        # `click A,B "id"` holds for both, though the engine links neither.
        clicks = (
            (name, link) for names, link in _CLICK.findall(text) for name in re.split(r"\s*,\s*", names)
        )
        self.links: dict[str, str] = dict(clicks)

    def first(self, name: str) -> int:
        """The first line on which a node is named, or else styled; 0 for what has no name."""
        named = (line for line, names in self.names.items() if name in names)
        return next(named, self.styled.get(name, 0))

    def marked(self, detail: str, *names: str) -> int:
        """The first line on which something of a sort stands under one of its names, else line 1."""
        return next((line for name, line in self.marks[detail] if name in names), 1)

    def header(self, id: str, title: str) -> int:
        """The line of a subgraph; one without an id is known by its title, all that its line says."""
        known = next((line for name, line in self.marks["subgraph"] if name in (id, title)), 0)
        written = (line for line, words in self.headers if words.strip('"') == title)
        return known or next(written, 1)

    def definition(self, name: str) -> int:
        """The line of the `classDef` of a class, which may define others with it."""
        marks = self.marks["flowchart class definition"] + self.marks["state class definition"]
        return next((line for names, line in marks if name in re.split(r"\s*,\s*", names)), 1)

    def place(self, edges: Iterable[Edge]) -> tuple[Edge, ...]:
        """The edges with lines: each on the first, from that of its forerunner on, that names its ends."""
        placed: list[Edge] = []
        taken: set[tuple[str, str, int]] = set()
        line = 1
        for edge in edges:
            ahead = [(n, names) for n, names in self.names.items() if n >= line]
            fits = [n for n, names in ahead if self._joins(names, edge)] or [
                n for n, names in ahead if edge.head in names
            ]
            line = next((n for n in fits if (edge.tail, edge.head, n) not in taken), line)
            taken.add((edge.tail, edge.head, line))
            placed.append(replace(edge, line=line))
        return tuple(placed)

    def _joins(self, names: Sequence[str], edge: Edge) -> bool:
        """True of a line that names the tail ahead of the head."""
        tail, head = (end if end in self.known else _PSEUDO for end in (edge.tail, edge.head))
        return tail in names and head in names[names.index(tail) + 1 :]


def _spot(item: Model) -> tuple[int, int, str, str, str]:
    span = item["span"]
    return span["local"]["start"], span["document"]["line"], item["name"], item["detail"], item["role"]


def _pseudo_states(data: bytes) -> Iterator[tuple[int, int, str, str, str]]:
    for found in re.finditer(rb"\[\*\]", data):
        yield found.start(), data.count(b"\n", 0, found.start()) + 1, _PSEUDO, "state", "reference"


# Readers ---------------------------------------------------------------------------------------


def _read_flowchart(model: Model, lines: _Lines) -> Graph:
    holder = {child: group["id"] for group in model["subgraphs"] for child in group["nodes"]}
    groups = tuple(
        Group(
            id=group["id"],
            title=said(group["title"]),
            line=lines.header(group["id"], group["title"]),
            group=holder.get(group["id"], ""),
            classes=_classes(group["classes"]),
        )
        for group in model["subgraphs"]
    )
    ids = {group.id for group in groups}
    nodes = tuple(_read_node(node, holder, lines) for node in model["nodes"] if node["id"] not in ids)
    edges = lines.place(_edges(model).values())
    direction = model["direction"] or "TB"
    return Graph("flowchart", direction, nodes, edges, groups, _class_defs(model["classDefs"], lines))


def _read_node(node: Model, holder: Mapping[str, str], lines: _Lines) -> Node:
    return Node(
        id=node["id"],
        label="" if _is_bare_sign(node) else said(node["label"]),
        line=lines.first(node["id"]),
        group=holder.get(node["id"], ""),
        shape=_SHAPES.get(node["shape"], node["shape"]),
        classes=_classes(node["classes"]),
        styles=tuple(node["styles"]),
        link=lines.links.get(node["id"], ""),
    )


def _is_bare_sign(node: Model) -> bool:
    """True of a shape that shows no words, where the author gave none: its label is its id."""
    return node["shape"] in WORDLESS and node["label"] == node["id"]


def _read_state(model: Model, lines: _Lines) -> Graph:
    states = {state["id"]: state for state in model["nodes"]}
    edges = lines.place(_edges(model).values())
    groups = tuple(
        Group(
            id=state["id"],
            title=said(state["label"]),
            line=lines.first(state["id"]),
            group=_composite(state, states),
            classes=_classes(state["cssClasses"].split()),
        )
        for state in states.values()
        if _is_composite(state)
    )
    nodes = tuple(
        _read_remark(state, states, lines)
        if state["shape"] == "note"
        else _read_single(state, states, lines, edges)
        for state in states.values()
        if not state["isGroup"]
    )
    defs = {name: known["styles"] for name, known in model["styleClasses"].items()}
    return Graph("state", model["direction"] or "TB", nodes, edges, groups, _class_defs(defs, lines))


def _read_single(state: Model, states: Mapping[str, Model], lines: _Lines, edges: Iterable[Edge]) -> Node:
    shape = _SHAPES.get(state["shape"], state["shape"])
    label = said("\n".join([state["label"], *state.get("description", ())]))
    touching = (edge.line for edge in edges if state["id"] in (edge.tail, edge.head))
    return Node(
        id=state["id"],
        label="" if shape in _UNNAMED else label,
        line=lines.first(state["id"]) or next(touching, 1),
        group=_composite(state, states),
        shape=shape,
        classes=_classes(state["cssClasses"].split()),
        styles=tuple(state["cssStyles"]),
        link=lines.links.get(state["id"], ""),
    )


def _read_remark(note: Model, states: Mapping[str, Model], lines: _Lines) -> Node:
    """A note, which belongs where the state belongs that it is on, as `ID----note-3` says."""
    state = states[note["id"].rpartition("----")[0]]
    line = lines.marked("state note", note["label"])
    classes = _classes(state["cssClasses"].split())
    return Node(note["id"], said(note["label"]), line, _composite(state, states), "note", classes)


def _is_composite(state: Model) -> bool:
    """The engine makes groups of notes and of concurrent regions as well."""
    return state["isGroup"] and state["shape"] not in ("noteGroup", "divider")


def _composite(state: Model, states: Mapping[str, Model]) -> str:
    """The id of the composite state around a state; empty where there is none."""
    parent = states.get(state.get("parentId") or "")
    while parent and not _is_composite(parent):
        parent = states.get(parent.get("parentId") or "")
    return parent["id"] if parent else ""


def _read_sequence(model: Model, lines: _Lines) -> Graph:
    names = [box["name"] or f"box-{i}" for i, box in enumerate(model["boxes"], 1)]
    holder = {id: name for name, box in zip(names, model["boxes"], strict=True) for id in box["actorKeys"]}
    participants = tuple(
        Node(
            id=id,
            label=said(model["actors"][id]["description"]),
            line=lines.first(id),
            group=holder.get(id, ""),
            shape=_SHAPES.get(model["actors"][id]["type"], model["actors"][id]["type"]),
            link=next(iter(model["actors"][id]["links"].values()), ""),
        )
        for id in model["actorOrder"]
    )
    remarks = _read_remarks(model, lines, holder)
    groups = tuple(
        Group(name, said(name), lines.marked("sequence box", name)) for name in dict.fromkeys(names)
    )
    return Graph("sequence", "LR", (*participants, *remarks), lines.place(_edges(model).values()), groups)


def _read_remarks(model: Model, lines: _Lines, holder: Mapping[str, str]) -> Iterator[Node]:
    """What is drawn beside participants and messages; a note belongs to the box of its first participant."""
    colours = {message["message"] for message in model["messages"] if message["type"] == _RECT}
    boxes = {line: holder.get(name, "") for name, line in reversed(lines.marks["sequence note participant"])}
    for detail in ("sequence title", "sequence note", "sequence fragment label"):
        for i, (words, line) in enumerate(lines.marks[detail], 1):
            if words not in colours:
                yield Node(f"{detail.split()[1]}-{i}", said(words), line, boxes.get(line, ""), "note")


def _classes(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in _ENGINE_CLASSES)


def _class_defs(
    known: Mapping[str, Sequence[str]], lines: _Lines
) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    return tuple((name, tuple(styles), lines.definition(name)) for name, styles in known.items())


_READERS: Final[Mapping[str, Callable[[Model, _Lines], Graph]]] = MappingProxyType(
    {"flowchart-v2": _read_flowchart, "stateDiagram": _read_state, "sequence": _read_sequence}
)
KINDS: Final = frozenset(_READERS)
