"""Planes: which node stands where, and what contradicts it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .model import DiagramNote, Finding, Graph, Group, Node, Place, Plane

FILLS = {
    Plane.EDGE: "#0066CC",
    Plane.SERVICE: "#00AA00",
    Plane.STATE: "#FF8800",
    Plane.CONTROL: "#CC0000",
}
EMOJI = {Plane.EDGE: "🌐", Plane.SERVICE: "⚙️", Plane.STATE: "💾", Plane.CONTROL: "🎛️"}
MEANING = {
    Plane.EDGE: "what touches the outside: clients, name servers, caches, load balancers, the network",
    Plane.SERVICE: "stateless work: gateways, services, workers",
    Plane.STATE: "what remembers: databases, caches, queues, logs, disks",
    Plane.CONTROL: "what steers the rest: orchestration, deploys, configuration, monitoring, people",
}
_BY_NAME = {str(plane): plane for plane in Plane}
PSEUDO_STATES = {"start", "end", "fork", "join", "choice", "note"}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BARE_SUBGRAPH = re.compile(r"^(\s*subgraph\s+)([\w-]+)[ \t]*$", re.MULTILINE)
_BARE_STATE = re.compile(r"^(\s*state\s+)([\w-]+)(\s*\{)", re.MULTILINE)
_SUBGRAPH = re.compile(r"""^\s*subgraph\s+[\w-]+(?:\s*\[.*\])?\s*$""")
_END = re.compile(r"^\s*end\s*$")
_DIRECTION = re.compile(r"^\s*direction\s+\w+\s*$")
_ANY_SUBGRAPH = re.compile(r"(?:^|;)\s*subgraph\b")
_STREAM = re.compile(r"stream[\s_-]*plane|\bstreamStyle\b", re.IGNORECASE)
_FILL = re.compile(r"^\s*fill\s*:\s*(.+?)\s*$")


def plane_of(name: str) -> Plane | None:
    """The plane that an id or class names: its first or last word, as in `edge-us-east` or `EdgePlane`."""
    words = [w.lower() for w in _WORDS.findall(name)]
    words = [w for w in words if w not in ("plane", "style")]
    candidates = words[:1] + words[-1:]
    return next((plane for plane in map(_BY_NAME.get, candidates) if plane), None)


def group_planes(graph: Graph) -> dict[str, Plane]:
    """Group id to plane, for groups that name one or stand inside one that does."""
    groups = {g.id: g for g in graph.groups}
    found = {id: _enclosing_plane(group, groups) for id, group in groups.items()}
    return {id: plane for id, plane in found.items() if plane}


def _enclosing_plane(group: Group | None, groups: dict[str, Group]) -> Plane | None:
    seen: set[str] = set()
    while group and group.id not in seen:
        plane = plane_of(group.id) or plane_of(group.title)
        if plane:
            return plane
        seen.add(group.id)
        group = groups.get(group.group)
    return None


def assign(graph: Graph) -> dict[str, Plane]:
    """Node id to plane: by placement first, else by class. Nodes without a plane are left out."""
    placed, styled = group_planes(graph), class_planes(graph)
    planes = {n.id: placed.get(n.group) or _styled_plane(n, styled) for n in graph.nodes}
    return {id: plane for id, plane in planes.items() if plane}


def class_planes(graph: Graph) -> dict[str, Plane]:
    """Class name to plane, for every class on a node or in a `classDef`: by its name, else by its fill."""
    fills = {name: _fill(styles) for name, styles, _ in graph.class_defs}
    names = {c for n in graph.nodes for c in n.classes} | set(fills)
    by_fill = {fill: plane for plane, fill in FILLS.items()}
    planes = {name: plane_of(name) or by_fill.get(fills.get(name, "").upper()) for name in names}
    return {name: plane for name, plane in planes.items() if plane}


def _styled_plane(node: Node, styled: dict[str, Plane]) -> Plane | None:
    return next((styled[c] for c in node.classes if c in styled), None)


def _fill(styles: Iterable[str]) -> str:
    return next((m[1] for s in styles if (m := _FILL.match(s))), "")


def titled(text: str) -> str:
    """The Mermaid text with a title (emoji and words) for every plane that is written by its bare id."""
    text = _BARE_SUBGRAPH.sub(lambda m: f'{m[1]}{m[2]} ["{plane_title(m[2])}"]', text)
    return _BARE_STATE.sub(lambda m: f'{m[1]}"{plane_title(m[2])}" as {m[2]}{m[3]}', text)


def unframed(text: str, graph: Graph) -> str:
    """The text of a flowchart without the subgraphs that only name a plane, for drawing.

    Nodes tell their plane by colour, border and emoji. Frames would set the planes side by side, and a flow
    that passes between them would be twice as wide, too wide for a screen. A subgraph that says more
    (`edge-us-east`), or that an edge leads to, keeps its frame.
    """
    lines = text.split("\n")
    if any(_ANY_SUBGRAPH.search(line) and not _SUBGRAPH.match(line) for line in lines):
        return text
    ends = {end for edge in graph.edges for end in (edge.tail, edge.head)}
    bare = {g.line for g in graph.groups if g.id not in ends and _only_names_a_plane(g)}
    return "\n".join(_without_frames(lines, bare)) if graph.kind == "flowchart" else text


def _only_names_a_plane(group: Group) -> bool:
    words = {w.lower() for w in _WORDS.findall(f"{group.id} {group.title}")} - {"plane"}
    return len(words) == 1 and words <= set(_BY_NAME)


def _without_frames(lines: Iterable[str], bare: set[int]) -> Iterator[str]:
    """The lines but those that open, turn and close the subgraphs that begin on the lines `bare`."""
    dropped: list[bool] = []
    for number, line in enumerate(lines, 1):
        inside = bool(dropped) and dropped[-1]
        if _SUBGRAPH.match(line):
            dropped.append(number in bare)
            inside = dropped[-1]
        elif _END.match(line) and dropped:
            dropped.pop()
        elif not _DIRECTION.match(line):
            inside = False
        if not inside:
            yield line


def plane_title(id: str) -> str:
    """`edge-us-east` → `🌐 Edge us east`; an id that names no plane stays as it is."""
    plane = plane_of(id)
    words = [w for w in _WORDS.findall(id) if w.lower() != "plane"]
    return f"{EMOJI[plane]} {' '.join(words).capitalize()}" if plane else id


def check_planes(note: DiagramNote) -> Iterator[Finding]:
    """PLANE001 to PLANE004 over one diagram."""
    yield from _check_stream(note)
    if note.graph:
        yield from _check_nodes(note, note.graph)
        yield from _check_colours(note, note.graph)


def _check_nodes(note: DiagramNote, graph: Graph) -> Iterator[Finding]:
    placed, styled, planes = group_planes(graph), class_planes(graph), assign(graph)
    for node in graph.nodes:
        place = at(note, node.line)
        if node.id not in planes and node.shape not in PSEUDO_STATES:
            hint = "move it into `subgraph edge|service|state|control`, or write `:::edgeStyle` behind it"
            yield Finding("PLANE001", f"node {node.id} stands in no plane", place, hint, note.id)
        here = placed.get(node.group)
        for name in node.classes:
            if here and styled.get(name, here) != here:
                message = f"node {node.id} stands in the {here} plane but has class {name}"
                yield Finding("PLANE002", message, place, "drop the class, or move the node", note.id)


def _check_colours(note: DiagramNote, graph: Graph) -> Iterator[Finding]:
    styled, planes = class_planes(graph), assign(graph)
    for name, styles, line in graph.class_defs:
        yield from _check_fill(note, _fill(styles), styled.get(name), f"class {name}", line)
    for node in graph.nodes:
        yield from _check_fill(note, _fill(node.styles), planes.get(node.id), f"node {node.id}", node.line)


def _check_fill(note: DiagramNote, fill: str, plane: Plane | None, what: str, line: int) -> Iterator[Finding]:
    wanted = [FILLS[plane]] if plane else list(FILLS.values())
    if fill and fill.upper() not in wanted:
        of = f"the {plane} plane's {wanted[0]}" if plane else "any plane's colour"
        message = f"{what} is filled with {fill}, which is not {of}"
        yield Finding("PLANE003", message, at(note, line), "drop the colour: the plane gives it", note.id)


def _check_stream(note: DiagramNote) -> Iterator[Finding]:
    for number, line in enumerate(note.text.split("\n"), 1):
        if _STREAM.search(line):
            hint = "streams and queues belong to the state plane"
            yield Finding("PLANE004", "there is no stream plane", at(note, number), hint, note.id)


def at(note: DiagramNote, line: int) -> Place:
    """The place on the page of a line (from 1) of the diagram's text."""
    return Place(note.place.path, note.first_line + max(line, 1) - 1)
