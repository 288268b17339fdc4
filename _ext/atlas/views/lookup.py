"""By what a diagram is looked up in an incident: error strings, technologies, terms, what fails, why."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from atlas.records.model import Plane, Role, Technology
from atlas.records.notes import Node
from atlas.records.plan import Ledgers
from atlas.rules.atlas import Diagram
from atlas.rules.gates import Check, GateResult

_NO_KEY: Final = re.compile(
    r"[a-z]+|\d+|/[\w./~-]+|[\w.~-]+(/[\w.~-]+)+\.[a-z]{1,4}"
    r"|[\w-]+\.(c|cc|cfg|conf|cpp|go|h|java|js|json|log|py|rb|rs|toml|ts|ya?ml)",
    re.ASCII,
)
_LINE: Final = re.compile(r"(?!.*(\s--?\w|[|$]))\S+(\s+\S+){2,}")


def labels_of(diagram: Diagram) -> list[str]:
    """The labels of nodes, edges and groups as written, each on one line."""
    graph = diagram.note.graph
    if graph is None:
        return []
    labels = [n.label for n in graph.nodes] + [e.label for e in graph.edges] + [g.title for g in graph.groups]
    return [" ".join(label.split()) for label in labels if label]


def find_technologies(ledgers: Ledgers) -> Callable[[Diagram], tuple[Technology, ...]]:
    """A finder of the technologies that a diagram's labels name; make it once for many diagrams.

    Names count as whole words in their own spelling. Of names that overlap the longest counts: a label
    `Kafka Connect` does not name Kafka where both are known.
    """
    technologies = ledgers.technologies
    find = _find_words({name: t.id for t in technologies.values() for name in t.names})
    return lambda diagram: tuple(technologies[id] for id in find("\n".join(labels_of(diagram))))


def technologies_of(diagram: Diagram, ledgers: Ledgers) -> tuple[Technology, ...]:
    """The technologies that the labels of one diagram name, in the order of their first mention."""
    return find_technologies(ledgers)(diagram)


def find_terms(ledgers: Ledgers) -> Callable[[Diagram], list[str]]:
    """A finder of the glossary terms, by id, that a diagram's labels hold or its nodes link to."""
    find = _find_words({id: id for id in ledgers.terms})

    def terms(diagram: Diagram) -> list[str]:
        graph = diagram.note.graph
        links = [n.link for n in graph.nodes if n.link in ledgers.terms] if graph else []
        return list(dict.fromkeys([*find("\n".join(labels_of(diagram))), *links]))

    return terms


def _find_words(names: dict[str, str]) -> Callable[[str], list[str]]:
    """A finder of the ids whose name stands in a text as a whole word, each once, in order."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    either = "|".join(map(re.escape, longest_first)) or "(?!)"
    pattern = re.compile(rf"(?<![\w-])(?:{either})(?![\w-])")
    return lambda text: list(dict.fromkeys(names[name] for name in pattern.findall(text)))


def error_strings(diagram: Diagram) -> tuple[str, ...]:
    """The exact strings in code under “Error messages” of the 3am gate, and the lines of a guide's “Logs”.

    Each line of a block without a command is one, and what stands in code in a sentence. Under “Logs” so are
    lines that a command printed, but only what reads like a line and stands in none of the others. Paths,
    numbers and single plain words are none: half of all logs hold them.
    """
    result = _gate(diagram, "3am")
    checks = {c.term: c for c in result.checks} if result else {}
    runs = frozenset(command.text for command in diagram.commands)
    errors = [*_said(checks["Error messages"], runs, printed=False)] if "Error messages" in checks else []
    logs: Iterable[str] = ()
    if diagram.role is Role.GUIDE and "Logs" in checks:
        logs = (line for line in _said(checks["Logs"], runs, printed=True) if _LINE.fullmatch(line))
    logs = [line for line in logs if not any(line.strip("… []") in error for error in errors)]
    found = dict.fromkeys(text for text in (*errors, *logs) if text and not _NO_KEY.fullmatch(text))
    return tuple(found)


def _said(check: Check, runs: frozenset[str], *, printed: bool) -> Iterator[str]:
    """What stands in code in an answer, but for what it `runs`; of blocks with a typed command what is
    `printed`, or nothing.
    """
    yield from check.literals
    for block in check.commands:
        if block in runs:
            continue
        if printed or not any(line.startswith("$ ") for line in block.splitlines()):
            yield from _printed(block)


def _printed(block: str) -> Iterator[str]:
    """The lines of a block that are no command, nor go on with one."""
    command = False
    for line in map(str.strip, block.splitlines()):
        typed = command or line.startswith("$ ")
        command = typed and line.endswith("\\")
        if not typed:
            yield line


def answering_gate(diagram: Diagram) -> GateResult | None:
    """The gate that a responder reads first: 3am, else incident."""
    return _gate(diagram, "3am") or _gate(diagram, "incident")


def _gate(diagram: Diagram, id: str) -> GateResult | None:
    return next((r for r in diagram.gates if r.gate == id), None)


def failing_nodes(diagram: Diagram) -> dict[Plane, list[Node]]:
    """The nodes at either end of a failure path, by plane, in the order of the drawing."""
    graph = diagram.note.graph
    failing: dict[Plane, list[Node]] = defaultdict(list)
    if graph:
        touched = {end for edge in graph.edges if edge.dashed for end in (edge.tail, edge.head)}
        for node in graph.nodes:
            if node.id in touched and node.id in diagram.planes:
                failing[diagram.planes[node.id]].append(node)
    return dict(failing)


def cause_of(diagram: Diagram) -> str:
    """Why it broke: the kind that page or catalogue gives, else the plane where the failure path begins."""
    kind = diagram.note.kind or (diagram.entry.kind if diagram.entry else "")
    plane = _first_failing_plane(diagram)
    return kind.replace("-", " ") or (f"{plane} plane" if plane else "not classified")


def _first_failing_plane(diagram: Diagram) -> Plane | None:
    edges = [e for e in diagram.note.graph.edges if e.dashed] if diagram.note.graph else []
    hit = {e.head for e in edges}
    return _first_plane(diagram, [*(e.tail for e in edges if e.tail not in hit), *(e.tail for e in edges)])


def _first_plane(diagram: Diagram, nodes: Iterable[str]) -> Plane | None:
    return next((diagram.planes[id] for id in nodes if id in diagram.planes), None)
