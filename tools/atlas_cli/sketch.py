"""A diagram as lines of text, made from its record in `atlas.json`.

A flow is drawn as a spine of boxes from the top down. What branches off hangs to the right of it, drawn to
the point where it meets something that has a box elsewhere; ↑ and ↓ say where. A sequence is a list of its
messages in their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .project import Record
from .terminal import fold, pad, width_of

Style = Callable[[str, str], str]
"""A text in the colour of a plane, or of `failure`."""

_PSEUDO = {"start": "●", "end": "◎", "fork": "━", "join": "━", "choice": "◇"}
_ASCII = str.maketrans(
    "╭╮╰╯┌┐└┘─│┊├▶▼┄●◎━◇↑↓–—×→←µ≥≤’“”·\xa0",
    "++++++++-|:+>v.o@=<^v--x><u><'''. ",
)
_STEP, _WIDEST = 4, 56


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection out of a node."""

    head: str
    label: str
    failure: bool

    @property
    def paint(self) -> str:
        return "failure" if self.failure else ""


@dataclass(slots=True)
class Flow:
    """A drawing under way: its nodes and edges, and what has a box already."""

    nodes: Mapping[str, Record]
    edges: Mapping[str, list[Edge]]
    lines: Mapping[str, Sequence[str]]
    groups: Mapping[str, str]
    width: int
    style: Style
    drawn: set[str] = field(default_factory=set)


def sketch(
    diagram: Record, *, width: int, style: Style, lines: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """The lines of a drawing, none wider than `width` where words allow it.

    `lines` are the labels of nodes as their author broke them, which the record does not hold.
    """
    if diagram["diagram_type"] == "sequence":
        return list(_sequence(diagram, style))
    flow = _read_flow(diagram, lines or {}, width, style)
    drawn: list[str] = []
    for root in _roots(flow):
        if root not in flow.drawn:
            drawn += ["", *_spine(flow, root, 0, frozenset())]
    return drawn[1:]


def to_ascii(text: str) -> str:
    """The text in ASCII: lines and arrows by their likes, symbols dropped."""
    plain = text.replace("…", "...").translate(_ASCII)
    return "".join(c for c in plain if ord(c) < 128)


# Flows -------------------------------------------------------------------------------------------


def _read_flow(diagram: Record, lines: Mapping[str, Sequence[str]], width: int, style: Style) -> Flow:
    nodes = {n["id"]: n for n in diagram["nodes"]}
    groups = {g["id"]: g["title"] or g["id"] for g in diagram["groups"]}
    edges: dict[str, list[Edge]] = defaultdict(list)
    for e in diagram["edges"]:
        edges[e["tail"]].append(Edge(e["head"], e["label"], e["dashed"]))
    for end in {*edges, *(e["head"] for e in diagram["edges"])} - nodes.keys():
        nodes[end] = {"id": end, "label": groups.get(end, end), "plane": None, "group": "", "shape": "group"}
    return Flow(nodes, edges, lines, groups, width, style)


def _roots(flow: Flow) -> list[str]:
    """Where to begin: what leads on and is led to by failures at most, then whatever is left."""
    heads = {e.head for edges in flow.edges.values() for e in edges if not e.failure}
    leads = {id for id, edges in flow.edges.items() if not all(e.failure for e in edges)}
    rest = [id for id in flow.nodes if id not in heads]
    return [*(id for id in rest if id in leads), *rest, *flow.nodes]


def _spine(flow: Flow, id: str, depth: int, later: frozenset[str]) -> Iterator[str]:
    """A node, its branches, and on down along its main way. What is in `later` gets its box elsewhere."""
    while True:
        flow.drawn.add(id)
        yield from (" " * depth + line for line in _box(flow, id, flow.width - depth))
        main, others = _ways(flow, id, later)
        waiting = later | (_reach(flow, main.head) if main else frozenset())
        for number, edge in enumerate(others, 1):
            yield from _branch(flow, edge, depth, waiting, last=main is None and number == len(others))
        if main is None:
            return
        rail = "┊" if main.failure else "│"
        yield from _tell(flow, main, main.label, depth, (rail, rail))
        yield " " * depth + flow.style("▼", main.paint)
        id = main.head


def _ways(flow: Flow, id: str, later: frozenset[str]) -> tuple[Edge | None, list[Edge]]:
    """The way on, where there is one, and the edges that branch off, failures last."""
    out = flow.edges.get(id, [])
    ahead = [e for e in out if e.head not in flow.drawn | later]
    main = max(ahead, key=lambda e: (not e.failure, len(_reach(flow, e.head))), default=None)
    return main, [e for e in sorted(out, key=lambda e: e.failure) if e is not main]


def _reach(flow: Flow, id: str) -> frozenset[str]:
    """What is not drawn yet and can be reached from a node, itself included."""
    seen = {id}
    ahead = [id]
    while ahead:
        new = {e.head for e in flow.edges.get(ahead.pop(), ())} - seen - flow.drawn
        seen |= new
        ahead += new
    return frozenset(seen)


def _branch(flow: Flow, edge: Edge, depth: int, later: frozenset[str], *, last: bool) -> Iterator[str]:
    """An edge to the right, and what it leads to unless that has its box elsewhere."""
    rail = " " if last else "│"
    heads = (f"{'└' if last else '├'}{'┄' if edge.failure else '─'}▶", f"{rail}  ")
    if edge.head in flow.drawn or edge.head in later:
        where = "↑" if edge.head in flow.drawn else "↓"
        led = f"{_name(flow, edge.head)} {where}"
        yield from _tell(flow, edge, f"{edge.label}: {led}" if edge.label else led, depth, heads)
        return
    yield from _tell(flow, edge, edge.label, depth, heads)
    for line in _spine(flow, edge.head, depth + _STEP, later):
        yield " " * depth + rail + line[depth + 1 :]


def _tell(flow: Flow, edge: Edge, text: str, depth: int, heads: tuple[str, str]) -> Iterator[str]:
    """A text behind the first of two heads, and what is left of it behind the second."""
    first, rest = heads
    room = max(flow.width - depth - width_of(first) - 1, 16)
    for number, line in enumerate(fold(text, room)):
        head = rest if number else first
        yield " " * depth + f"{flow.style(head, edge.paint)} {flow.style(line, edge.paint)}".rstrip()


def _name(flow: Flow, id: str) -> str:
    node = flow.nodes[id]
    return node["label"] or _PSEUDO.get(node["shape"], id)


def _box(flow: Flow, id: str, room: int) -> list[str]:
    """A node as a box, its plane (and group, where that says more) in the upper edge."""
    node = flow.nodes[id]
    if node["shape"] in _PSEUDO:
        return [_PSEUDO[node["shape"]]]
    plane = node["plane"] or ""
    most = max(min(room - 4, _WIDEST), 16)
    lines = [part for line in flow.lines.get(id) or [node["label"] or id] for part in fold(line, most)]
    title = f" {_title(flow, node)} " if _title(flow, node) else ""
    inner = max(width_of(title) + 1, *(width_of(line) + 2 for line in lines))
    side = flow.style("│", plane)
    return [
        flow.style(f"╭─{title}{'─' * (inner - width_of(title) - 1)}╮", plane),
        *(f"{side} {pad(line, inner - 2)} {side}" for line in lines),
        flow.style(f"╰{'─' * inner}╯", plane),
    ]


def _title(flow: Flow, node: Record) -> str:
    plane, group = node["plane"] or "", flow.groups.get(node["group"], "")
    return plane if not group or group.casefold() == plane else f"{plane} · {group}".removeprefix(" · ")


# Sequences ---------------------------------------------------------------------------------------


def _sequence(diagram: Record, style: Style) -> Iterator[str]:
    nodes = {n["id"]: n for n in diagram["nodes"]}
    names = {id: n["label"] or id for id, n in nodes.items()}
    yield from (
        f"{style('│', n['plane'] or '')} {names[id]}{_in_plane(n)}"
        for id, n in nodes.items()
        if n["shape"] != "note"
    )
    yield ""
    tails = [names.get(e["tail"], e["tail"]) for e in diagram["edges"]]
    widest = max(map(width_of, tails), default=0)
    for number, (edge, tail) in enumerate(zip(diagram["edges"], tails, strict=True), 1):
        arrow = style("┄┄▶" if edge["dashed"] else "──▶", "failure" if edge["dashed"] else "")
        head = names.get(edge["head"], edge["head"])
        yield f"{number:>3} {pad(tail, widest)} {arrow} {head}"
        if edge["label"]:
            yield f"    {' ' * widest}     {edge['label']}"
    yield from (f"note: {n['label']}" for n in nodes.values() if n["shape"] == "note" and n["label"])


def _in_plane(node: Record) -> str:
    return f"  ({node['plane']})" if node["plane"] else ""


# Tables ------------------------------------------------------------------------------------------


def list_nodes(diagram: Record) -> list[Sequence[str]]:
    """Rows of plane, label, link."""
    return [
        (n["plane"] or "–", n["label"] or _PSEUDO.get(n["shape"], n["id"]), n["link"])
        for n in diagram["nodes"]
    ]


def list_edges(diagram: Record) -> list[Sequence[str]]:
    """Rows of from, what moves, to, and whether it fails."""
    names = {n["id"]: n["label"] or n["id"] for n in diagram["nodes"]}
    names |= {g["id"]: g["title"] or g["id"] for g in diagram["groups"] if g["id"] not in names}
    return [
        (
            names.get(e["tail"], e["tail"]),
            e["label"],
            names.get(e["head"], e["head"]),
            "failure" if e["dashed"] else "",
        )
        for e in diagram["edges"]
    ]
