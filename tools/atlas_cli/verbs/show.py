"""Draws a diagram in the terminal, with its figures, its gates and what they tell you to run.

ID may be an id, the path of a page, or a title. --ascii keeps to plain ASCII; --pager leafs through it.
--drawing, --facts and --gates show only these parts.

Examples:
  atlas show debugging/redis-misconf
  atlas show source/incidents/github-2018-10-21.md --pager
  atlas show "etcd NOSPACE: database space exceeded" --gates
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import StringIO
from textwrap import wrap

from atlas.records.house import House
from atlas_cli.layouts import find_project
from atlas_cli.names import find_diagram
from atlas_cli.project import Record, read_atlas
from atlas_cli.running import print_command, print_first, print_timeline
from atlas_cli.sketch import list_edges, list_nodes, sketch, to_ascii
from atlas_cli.terminal import Terminal, pad, shorten, width_of

_PAINTS = {"edge": "blue", "service": "green", "state": "yellow", "control": "magenta", "failure": "red"}
_PARTS = ("drawing", "facts", "gates", "tables")
_REFERENCE = re.compile(r"[\w.-]+/[\w./-]*\w(?::[\w.-]*\w)?")
_STRAY = re.compile(r" ([.,;:)?])(?=\s|$)|(\() ")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="an id, a path or a title")
    parser.add_argument("--ascii", action="store_true", help="plain ASCII only")
    parser.add_argument("--pager", action="store_true", help="leaf through it with $PAGER (less -R)")
    parser.add_argument("--width", type=int, metavar="COLUMNS", help="instead of the terminal's")
    for part in _PARTS:
        does = "nodes and connections as tables" if part == "tables" else f"the {part}"
        parser.add_argument(f"--{part}", action="append_const", const=part, dest="parts", help=f"show {does}")


def run(args: Namespace, terminal: Terminal) -> int:
    """Always 0."""
    project = find_project(args.where)
    atlas = read_atlas(project, terminal)
    diagram = find_diagram(args.id, atlas, project)
    if args.json:
        terminal.give(_collect(diagram, atlas))
        return 0
    written = replace(terminal, out=StringIO(), width=max(args.width or terminal.width, 40))
    print_diagram(written, diagram, atlas, project.house, args.parts or _PARTS[:3], plain=args.ascii)
    text = written.out.getvalue() if isinstance(written.out, StringIO) else ""
    text = to_ascii(text) if args.ascii else text
    _leaf(text, terminal) if args.pager and terminal.out.isatty() else terminal.out.write(text)
    return 0


def _collect(diagram: Record, atlas: Record) -> Record:
    sources = {s["id"]: s for s in atlas["sources"]}
    facts = {id: atlas["facts"][id] for id in diagram["facts"]}
    return {"diagram": diagram, "facts": facts, "sources": [sources[id] for id in diagram["sources"]]}


def _leaf(text: str, terminal: Terminal) -> None:
    pager = shlex.split(os.environ.get("PAGER") or "less -R")
    try:
        subprocess.run(pager, input=text, text=True, check=False)
    except OSError:
        terminal.out.write(text)


def print_diagram(
    terminal: Terminal,
    diagram: Record,
    atlas: Record,
    house: House,
    parts: Iterable[str],
    *,
    plain: bool = False,
) -> None:
    """Title and standing, then the parts asked for."""
    terminal.say(terminal.style(diagram["page_title"] or diagram["title"], "bold"))
    standing = f"{diagram['id']} · {diagram['status'].replace('_', ' ')}"
    terminal.say(terminal.style(f"{standing} · {diagram['place']['path']}", "dim"))
    for finding in diagram["findings"]:
        terminal.say(terminal.word(finding["severity"], f"{finding['rule']} {finding['message']}"))
    shown = set(parts)
    if shown & {"drawing", "gates"}:
        print_first(terminal, diagram, atlas)
    if "drawing" in shown:
        _print_drawing(terminal, diagram, atlas, plain=plain)
    if "drawing" in shown:
        print_timeline(terminal, diagram)
    if "gates" in shown:
        _print_gates(terminal, diagram, atlas, house)
    if "facts" in shown:
        _print_facts(terminal, diagram, atlas)
    if "tables" in shown:
        _print_tables(terminal, diagram)


# The drawing -------------------------------------------------------------------------------------


def _print_drawing(terminal: Terminal, diagram: Record, atlas: Record, *, plain: bool) -> None:
    terminal.heading(diagram["title"])
    if not diagram["nodes"]:
        terminal.say(diagram["text"])
    for line in draw(terminal, diagram, atlas, plain=plain):
        terminal.say(line.replace("\ufe0f", ""))
    if diagram["caption"]:
        terminal.say("\n" + "\n".join(wrap(diagram["caption"], terminal.width)))


def draw(terminal: Terminal, diagram: Record, atlas: Record, *, plain: bool = False) -> list[str]:
    """The engine's drawing where it has one that fits, else our own along the flow."""
    from atlas.diagrams import mermaid, planes
    from atlas.records.model import Place
    from atlas.rules import figures

    values = {ref: atlas["facts"][id]["value"] for ref, id in diagram["references"].items()}
    try:
        text = planes.titled(figures.fill(diagram["text"], values, escape=figures.escape_mermaid))
        text = to_ascii(text) if plain else text  # symbols that are dropped later would leave gaps
        drawn = mermaid.draw_text(text, plain=plain).rstrip().split("\n")
        if all(width_of(line) <= terminal.width for line in drawn):
            return drawn
    except mermaid.EngineError:
        pass
    graph, _ = mermaid.parse(diagram["text"], Place(diagram["place"]["path"]))
    nodes = graph.nodes if graph else ()
    lines = {n.id: figures.fill(n.label, values).replace("\ufe0f", "").split("\n") for n in nodes}
    return sketch(diagram, width=terminal.width, style=_painter(terminal), lines=lines)


def _painter(terminal: Terminal) -> Callable[[str, str], str]:
    return lambda text, plane: terminal.style(text, _PAINTS[plane]) if plane in _PAINTS else text


# Facts -------------------------------------------------------------------------------------------


def _print_facts(terminal: Terminal, diagram: Record, atlas: Record) -> None:
    terminal.heading("Figures")
    sources = {s["id"]: s for s in atlas["sources"]}
    facts = [atlas["facts"][id] for id in diagram["facts"]]
    widest = min(max((width_of(f["value"]) for f in facts), default=0), 24)
    for fact in facts:
        source = sources[fact["source"]]
        by = f"as reported by {source['publisher']}" if source["second_hand"] else source["publisher"]
        said = "; ".join(filter(None, (fact["says"], fact["statistic"], fact["scope"])))
        told = f"{said} ({', '.join(filter(None, (by, source['tier'], fact['dated'])))})"
        _hang(terminal, terminal.style(pad(fact["value"], widest), "bold"), told, widest + 2)
    terminal.heading("Sources")
    for id in diagram["sources"]:
        source = sources[id]
        terminal.say(f"{id}  {source['title']} (read {source['read']}, {source['extent']})")
        terminal.say(f"  {terminal.style(source['url'], 'cyan')}")


def _hang(terminal: Terminal, head: str, text: str, indent: int) -> None:
    """A head and a text whose further lines hang below its first."""
    taken = " " * (width_of(head) + 2)
    first, *rest = wrap(text, terminal.width, initial_indent=taken, subsequent_indent=" " * indent) or [taken]
    terminal.say(head + first[width_of(head) :])
    for line in rest:
        terminal.say(line)


# Gates -------------------------------------------------------------------------------------------


def _print_gates(terminal: Terminal, diagram: Record, atlas: Record, house: House) -> None:
    words = _meanings(atlas)
    for result in diagram["gates"]:
        gate, checks = house.gates[result["gate"]], result["checks"]
        verdict = terminal.word(
            result["verdict"], f"{result['verdict']}, {result['settled']} of {len(checks)}"
        )
        terminal.heading(f"{gate.title} gate: {gate.question}  {verdict}")
        for check in checks:
            _print_check(terminal, check, words, diagram)


def _meanings(atlas: Record) -> Mapping[str, str]:
    """What the ids in an answer stand for: a figure's value, a source's or diagram's title."""
    meanings = {id: fact["value"] for id, fact in atlas["facts"].items()}
    meanings |= {s["id"]: f"[{s['id']}]" for s in atlas["sources"]}
    return meanings | {d["id"]: f"“{d['title']}”" for d in atlas["diagrams"]}


def _print_check(terminal: Terminal, check: Record, words: Mapping[str, str], diagram: Record) -> None:
    term = terminal.style(check["term"], "bold")
    if check["answer"] != "answered":
        reason = f": {_spell(check['reason'], words)}" if check["reason"] else ""
        _hang(terminal, term, f"{check['answer']}{reason}", 2)
        return
    terminal.say(term)
    errors = check["literals"] if check["term"] == "Error messages" else ()
    commands = {command["text"]: command for command in diagram["commands"]}
    for code, piece in split_code(check["text"], [*errors, *check["commands"]]):
        if piece in commands:
            print_command(terminal, commands[piece], indent=4)
        elif code:
            for line in piece.rstrip().split("\n"):
                terminal.say(f"    {terminal.style(line, 'cyan')}")
        else:
            for line in wrap(_spell(piece, words), terminal.width - 2):
                terminal.say(f"  {line}")


def split_code(text: str, pieces: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """An answer in words (False) and the code in it (True), in order, code with its lines restored."""
    for piece in pieces:
        before, found, after = text.partition(" ".join(piece.split()))
        if found:
            yield from ((False, words) for words in [before.strip()] if words)
            yield True, piece
            text = after
    yield from ((False, words) for words in [text.strip()] if words)


def _spell(text: str, words: Mapping[str, str]) -> str:
    """A text with its references told, and no blank where a reference stood before a full stop."""
    told = _REFERENCE.sub(lambda found: words.get(found[0], found[0]), text)
    return _STRAY.sub(lambda found: found[1] or found[2], told)


def _print_tables(terminal: Terminal, diagram: Record) -> None:
    room = max((terminal.width - 12) // 3, 16)
    terminal.heading("Nodes")
    terminal.table(
        ("plane", "node", "leads to"), ((p, shorten(n, 2 * room), k) for p, n, k in list_nodes(diagram))
    )
    terminal.heading("Connections")
    rows = ((shorten(t, room), shorten(m, room), shorten(h, room), f) for t, m, h, f in list_edges(diagram))
    terminal.table(("from", "what moves", "to", ""), rows)
