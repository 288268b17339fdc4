"""Planes: which node stands where, and what contradicts it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from colorsys import rgb_to_hls

from atlas.records.characters import plain
from atlas.records.model import Finding, Place, Plane
from atlas.records.notes import DiagramNote, Graph, Group, Node, PageNote

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
_BARE_SUBGRAPH = re.compile(r"^([ \t]*+subgraph[ \t]+)([\w-]+)[ \t]*+$", re.MULTILINE)
_BARE_STATE = re.compile(r"^([ \t]*+state[ \t]+)([\w-]+)\s*+\{", re.MULTILINE)
_TITLED_STATE = re.compile(
    r'^[ \t]*+(?:state[ \t]+"[^"\n]*"[ \t]+as[ \t]+([\w-]+)|([\w-]+)[ \t]*+:(?!:))', re.MULTILINE
)
_SUBGRAPH = re.compile(r"""^\s*subgraph\s+[\w-]+(?:\s*\[.*\])?\s*$""")
_END = re.compile(r"^\s*end\s*;?\s*(?:%%.*)?$")
_DIRECTION = re.compile(r"^\s*direction\s+\w+\s*;?\s*$")
_NAMED = re.compile(r"^[ \t]*+(?:style|class)[ \t]+([\w-]++(?:[ \t]*+,[ \t]*+[\w-]++)*+)", re.MULTILINE)
_ANY_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W_a-zA-Z]+")
_ANY_SUBGRAPH = re.compile(r"(?:^|;)\s*subgraph\b")
_STREAM = re.compile(r"stream[\s_-]*plane|\bstreamStyle\b", re.IGNORECASE)
_CALLED = re.compile(r"\b(edge|service|state|control)\s+plane\b", re.IGNORECASE)
_DRAWN = frozenset(
    """fill stroke color background background-color stroke-width stroke-dasharray font-weight font-style
    font-size font-family text-align rx ry""".split()
)
"""Properties of a style that may be written; the others hide, blur or move what is drawn."""
_STYLE = re.compile(r"(?<![\w-])([\w-]++)\s*+:\s*+((?:\([^()]*+\)|[^,;()])++)")
_STYLED = re.compile(r"^\s*(?:style|(linkStyle))\s+((?:[\w-]+\s*,\s*)*[\w-]+)\s+(.+)$")
_NOTHING = re.compile(r"0*(?:\.0*)?(?:[a-z%]+)?$", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9A-F]{3}|[0-9A-F]{6})")
_NO_STREAM = "there is no stream plane"
_STREAM_HINT = "streams and queues belong to the state plane"
_COLOURLESS = {"NONE", "TRANSPARENT", "INHERIT", "CURRENTCOLOR", "BLACK", "WHITE", "GRAY", "GREY"}
_HUES = 6 / 360  # by how much a shade may differ: classic outlines are rounded


def plane_of(name: str) -> Plane | None:
    """The plane that an id or class names: its first or last word, as in `edge-us-east` or `EdgePlane`."""
    return next(iter(planes_of(name)), None)


def planes_of(name: str) -> list[Plane]:
    """The same, and both planes of `edge-control`, which contradicts itself."""
    words = [w.lower() for w in _WORDS.findall(name)]
    words = [w for w in words if w not in ("plane", "style")]
    return list(dict.fromkeys(plane for plane in map(_BY_NAME.get, words[:1] + words[-1:]) if plane))


def _plane_called(title: str) -> Plane | None:
    """The plane that a whole title names: `State plane`, not `Steady State` nor `State & Logic Wrapper`."""
    words = [w.lower() for w in _ANY_WORD.findall(title) if w.lower() != "plane"]
    return _BY_NAME.get(words[0]) if len(words) == 1 else None


def planes_called(title: str) -> set[Plane]:
    """The planes that a title names: those of `State plane`, and that of a title that is no more than one."""
    named = {_BY_NAME[found.lower()] for found in _CALLED.findall(title)}
    alone = _plane_called(title)
    return named | {alone} if alone else named


def group_planes(graph: Graph) -> dict[str, Plane]:
    """Group id to plane, for groups that name one or stand inside one that does."""
    groups = {g.id: g for g in graph.groups}
    found = {id: _enclosing_plane(group, groups) for id, group in groups.items()}
    return {id: plane for id, plane in found.items() if plane}


def _enclosing_plane(group: Group | None, groups: dict[str, Group]) -> Plane | None:
    seen: set[str] = set()
    while group and group.id not in seen:
        plane = plane_of(group.id) or _plane_called(group.title)
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
    planes = {name: plane_of(name) or by_fill.get(_plain_colour(fills.get(name, ""))) for name in names}
    return {name: plane for name, plane in planes.items() if plane}


def _styled_plane(node: Node, styled: dict[str, Plane]) -> Plane | None:
    return next((styled[c] for c in node.classes if c in styled), None)


def _fill(styles: Iterable[str]) -> str:
    return _declared(styles).get("fill", "")


def _declared(styles: Iterable[str]) -> dict[str, str]:
    """Property to value. The engine parts styles at each comma, also at those of `rgb(1,2,3)`."""
    return {name.lower(): value.strip() for name, value in _STYLE.findall(",".join(styles))}


def _plain_colour(value: str) -> str:
    """`#f80`, `rgb(255,136,0)` and `#ff8800` as `#FF8800`; names in capitals."""
    if rgb := _RGB.fullmatch(value):
        return "#" + "".join(f"{min(int(part), 255):02X}" for part in rgb.groups())
    value = value.upper()
    short = len(value) == 4 and _HEX.fullmatch(value)
    return "#" + "".join(2 * digit for digit in value[1:]) if short else value


def _is_outline(colour: str, plane: Plane | None) -> bool:
    """True of a grey, and of a shade of the plane's colour, as classic outlines have."""
    if not _HEX.fullmatch(colour):
        return colour in _COLOURLESS
    hue, _, saturation = _hls(colour)
    return not saturation or (plane is not None and abs(hue - _hls(FILLS[plane])[0]) <= _HUES)


def _hls(colour: str) -> tuple[float, float, float]:
    return rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))


def titled(text: str) -> str:
    """The Mermaid text with a title (emoji and words) for every plane that is written by its bare id."""
    text = _BARE_SUBGRAPH.sub(lambda m: f'{m[1]}{m[2]} ["{plane_title(m[2])}"]', text)
    told = {name for found in _TITLED_STATE.findall(text) for name in found}

    def with_title(found: re.Match[str]) -> str:
        """The first block of a state that names a plane; the engine takes one title of a state, no more."""
        name = found[2]
        if name in told or not plane_of(name):
            return found[0]
        told.add(name)
        return f'{found[1]}"{plane_title(name)}" as {name} {{'

    return _BARE_STATE.sub(with_title, text)


def unframed(text: str, graph: Graph) -> str:
    """The text of a flowchart without the subgraphs that only name a plane, for drawing.

    Nodes tell their plane by colour, border and emoji. Frames would set the planes side by side, and a flow
    that passes between them would be twice as wide, too wide for a screen. A subgraph that says more
    (`edge-us-east`), or that an edge or a style names, keeps its frame.
    """
    lines = text.split("\n")
    if not _stands_on_lines(lines):
        return text
    named = {end for edge in graph.edges for end in (edge.tail, edge.head)}
    named |= {name.strip() for names in _NAMED.findall(text) for name in names.split(",")}
    bare = {g.line for g in graph.groups if g.id not in named and _only_names_a_plane(g)}
    return "\n".join(_without_frames(lines, bare)) if graph.kind == "flowchart" else text


def _stands_on_lines(lines: Sequence[str]) -> bool:
    """True where each subgraph begins and ends on a line of its own."""
    opened = [line for line in lines if _ANY_SUBGRAPH.search(line)]
    closed = sum(bool(_END.match(line)) for line in lines)
    return all(map(_SUBGRAPH.match, opened)) and len(opened) == closed


def _only_names_a_plane(group: Group) -> bool:
    words = {w.lower() for w in _ANY_WORD.findall(f"{group.id} {group.title}")} - {"plane"}
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
        yield from _check_titles(note, note.graph)
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
        worn = dict.fromkeys(styled[name] for name in node.classes if name in styled)
        if not here and len(worn) > 1:
            message = f"classes of the planes {' and '.join(worn)} on node {node.id}"
            yield Finding("PLANE002", message, place, "keep one of them", note.id)


def _check_titles(note: DiagramNote, graph: Graph) -> Iterator[Finding]:
    placed = group_planes(graph)
    for group in graph.groups:
        here = placed.get(group.id)
        called = planes_called(plain(group.title)).union(planes_of(group.id))
        for other in sorted(called - {here}) if here else ():
            message = f"group {group.id} is the {here} plane and is called the {other} plane"
            yield Finding("PLANE002", message, at(note, group.line), "name one plane", note.id)


def _check_colours(note: DiagramNote, graph: Graph) -> Iterator[Finding]:
    styled, planes = class_planes(graph), assign(graph)
    for name, styles, line in graph.class_defs:
        yield from _check_styles(note, _declared(styles), styled.get(name), f"class {name}", line)
    for node in graph.nodes:
        yield from _check_styles(
            note, _declared(node.styles), planes.get(node.id), f"node {node.id}", node.line
        )
    placed = group_planes(graph)
    groups = {group.id for group in graph.groups}
    for number, written in enumerate(note.text.split("\n"), 1):
        found = _STYLED.match(written)
        if found and found[1]:
            yield from _check_styles(note, _declared([found[3]]), None, f"edge {found[2]}", number)
        elif found and found[2] in groups:
            plane = placed.get(found[2])
            yield from _check_styles(note, _declared([found[3]]), plane, f"group {found[2]}", number)


def _check_styles(
    note: DiagramNote, styles: Mapping[str, str], plane: Plane | None, what: str, line: int
) -> Iterator[Finding]:
    wanted = [FILLS[plane]] if plane else list(FILLS.values())
    of = f"the {plane} plane's {wanted[0]}" if plane else "any plane's colour"
    for name, value in styles.items():
        if name not in _DRAWN or (name.endswith(("-size", "-width")) and _NOTHING.match(value)):
            message = f"{what} has the style {name}:{value}, which hides or changes what is drawn"
            yield Finding("PLANE003", message, at(note, line), "drop it: the plane gives the looks", note.id)
    for name in ("fill", "background", "background-color", "stroke"):
        colour = _plain_colour(styles.get(name, ""))
        outline = name == "stroke" and _is_outline(colour, plane)
        if colour and colour not in wanted and not outline:
            has = "is filled with" if name == "fill" else f"has the {name}"
            message = f"{what} {has} {styles[name]}, which is not {of}"
            yield Finding("PLANE003", message, at(note, line), "drop the colour: the plane gives it", note.id)


def _check_stream(note: DiagramNote) -> Iterator[Finding]:
    for number, line in enumerate(note.text.split("\n"), 1):
        if names_stream(line):
            yield Finding("PLANE004", _NO_STREAM, at(note, number), _STREAM_HINT, note.id)
    if names_stream(" | ".join((note.title, note.caption, note.alt, *note.symptoms))):
        yield Finding("PLANE004", _NO_STREAM, note.place, _STREAM_HINT, note.id)


def names_stream(text: str) -> bool:
    """True where a text names a stream plane, in whatever letters."""
    return bool(_STREAM.search(plain(text)))


def check_words(page: PageNote) -> Iterator[Finding]:
    """PLANE004 of the words of a page, inside and outside of its gates."""
    for place, text in page.blocks:
        if names_stream(text):
            yield Finding("PLANE004", _NO_STREAM, place, _STREAM_HINT)


def at(note: DiagramNote, line: int) -> Place:
    """The place on the page of a line (from 1) of the diagram's text."""
    return Place(note.place.path, note.first_line + max(line, 1) - 1)
