"""Plain Mermaid made into what the atlas draws: without settings and looks, each box in a plane."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent

from atlas.diagrams import mermaid
from atlas.records.addresses import fault_of_link
from atlas.records.model import Plane
from atlas.records.notes import Graph, Node

_FRONT_TITLE = re.compile(r"\A\s*---[ \t]*\n(?:.*\n)*?[ \t]*title[ \t]*:[ \t]*(.+)\n(?:.*\n)*?[ \t]*---")
_ACC_TITLE = re.compile(r"^[ \t]*accTitle[ \t]*:[ \t]*(.*)\n?", re.MULTILINE)
_ACC_DESCR = re.compile(r"^[ \t]*accDescr[ \t]*(?::[ \t]*(.*)|\{([^}]*)\})\n?", re.MULTILINE)
_ICON = re.compile(r"\bfa[a-z]?:fa-[\w-]+[ \t]*")
_SETTINGS = re.compile(r"%%\{|\A\s*---[ \t]*\n(?:.*\n)*?[ \t]*config[ \t]*:")
_LOOKS = re.compile(r"^[ \t]*(?:style|linkStyle|classDef)[ \t].*\n?", re.MULTILINE)
_DIRECTION = re.compile(r"^([ \t]*(?:graph|flowchart)[ \t]+)(td|tb|bt|lr|rl)\b", re.MULTILINE)
_CLICK = re.compile(r"^([ \t]*click[ \t]+[^\s\"]+)[ \t]+(.*)$\n?", re.MULTILINE)
_ADDRESS = re.compile(r'(?:href[ \t]+)?"([^"]*)"')
_HEADER = re.compile(r"^[ \t]*sequenceDiagram[ \t]*;?[ \t]*$", re.MULTILINE)
_DECLARED = re.compile(
    r"^[ \t]*((?:participant|actor)[ \t]+(.+?)(?:[ \t]+as[ \t]+.+)?)[ \t]*;?$\n?",
    re.MULTILINE | re.IGNORECASE,
)
_MOVING = re.compile(r"^[ \t]*(?:create|box)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mended:
    """A text without what the atlas gives itself; the title and description it held, and what is `gone`."""

    text: str
    title: str = ""
    description: str = ""
    gone: tuple[str, ...] = ()


def mend(text: str) -> Mended:
    """Take settings, icons, hidden titles and links that lead nowhere out of a text."""
    title = _first(_FRONT_TITLE, text) or _first(_ACC_TITLE, text)
    description = _first(_ACC_DESCR, text)
    bare = mermaid.without_settings(text)
    gone = ["settings"] if _SETTINGS.search(text) else []
    rest = _ICON.sub("", _ACC_DESCR.sub("", _ACC_TITLE.sub("", bare)))
    gone += ["icons"] if _ICON.search(bare) else []
    rest = _DIRECTION.sub(lambda found: found[1] + found[2].upper(), rest)
    gone += [f"the link {link}" for link in _lost(rest)]
    rest = _CLICK.sub(_link, rest)
    return Mended(dedent(rest).strip("\n"), plain(title), plain(description), tuple(gone))


def without_looks(text: str) -> str:
    """The text without colours and line styles: the plane gives the looks."""
    return _LOOKS.sub("", f"{text}\n").rstrip("\n")


def place(text: str, graph: Graph, planes: Mapping[str, Plane]) -> str:
    """The text with each of `planes` said: by a class, in a sequence by a box around participants."""
    if not planes:
        return text
    if graph.kind == "sequence":
        return _boxed(text, graph, planes)
    lines = [
        f"  class {','.join(id for id, own in planes.items() if own is plane)} {plane}Style"
        for plane in Plane
        if plane in planes.values()
    ]
    return "\n".join([text.rstrip(), *lines])


def _boxed(text: str, graph: Graph, planes: Mapping[str, Plane]) -> str:
    """A sequence whose participants are declared at its head, in the order of the drawing, in boxes."""
    header = _HEADER.search(text)
    if not header or _MOVING.search(text):
        return text
    declared = {found[2].strip(): found[1] for found in _DECLARED.finditer(text)}
    rest = _DECLARED.sub("", text[header.end() :].lstrip("\n"))
    sent = [node for node in graph.nodes if node.shape != "note"]
    lines: list[str] = []
    for plane, nodes in groupby(sent, key=lambda node: planes[node.id]):
        lines += [f"  box {plane}", *_declarations(nodes, declared), "  end"]
    return "\n".join([text[: header.end()], *lines, rest])


def _declarations(nodes: Iterable[Node], declared: Mapping[str, str]) -> Iterator[str]:
    return (f"    {declared.get(node.id, f'participant {node.id}')}" for node in nodes)


def describe(graph: Graph, title: str) -> str:
    """An alternative text of what moves from where to where, in the words of the drawing without figures."""
    names = {node.id: _told(node.label) or _told(node.id) for node in graph.nodes}
    names |= {group.id: _told(group.title) for group in graph.groups if group.id not in names}
    steps: list[str] = []
    for edge in graph.edges:
        tail, head = names.get(edge.tail, ""), names.get(edge.head, "")
        moves = f" ({_told(edge.label)})" if _told(edge.label) else ""
        steps += [f"{tail} to {head}{moves}"] if tail and head else []
    told = _cut(list(dict.fromkeys(steps)) or [name for name in names.values() if name])
    return f"{told}." if told else title


def _cut(parts: Sequence[str], most: int = 300) -> str:
    """As many parts as are heard to the end."""
    told = ""
    for part in parts:
        if told and len(told) + len(part) > most:
            return f"{told}, and more"
        told = f"{told}; {part}" if told else part
    return told


def _told(label: str) -> str:
    """A label as words; nothing where it holds a figure, which nobody may type into a text."""
    words = plain(label)
    return "" if re.search(r"\d", words) else words


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next((part for part in found.groups() if part), "") if found else ""


def plain(text: str) -> str:
    """A text as the value of an option: on one line, without what its syntax takes for itself."""
    line = " ".join(re.sub(r"<[^<>]*>|[`*]", " ", text).split()).replace(" #", " ")
    return re.sub(r"^[^\w(]+|[\"'\[\]{}|#\s-]+$", "", line)


def _address(rest: str) -> str:
    """The web address of a click; nothing where it calls a function or leads elsewhere."""
    found = _ADDRESS.match(rest)
    address = found[1].strip() if found else ""
    return address if address.lower().startswith("https:") and not fault_of_link(address) else ""


def _lost(text: str) -> list[str]:
    return [found[2].split('" ')[0].strip('"') for found in _CLICK.finditer(text) if not _address(found[2])]


def _link(found: re.Match[str]) -> str:
    address = _address(found[2])
    return f'{found[1]} "{address}"\n' if address else ""
