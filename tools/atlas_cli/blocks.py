"""One diagram as a file holds it: its text, its options, and the lines that it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_OPTION = re.compile(r"\s*:?([\w-]+):(?:\s+(.*))?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A Mermaid text: what its directive names (an id, or a file of plain Mermaid), and where it begins.

    `start` and `end` are the first and the last line of the whole block, `fence` is what opens it, empty in
    reStructuredText and in files that hold nothing else.
    """

    id: str
    text: str
    line: int
    start: int = 0
    end: int = 0
    fence: str = ""
    plain: bool = False
    closed: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


def without_options(inside: Sequence[str]) -> int:
    """At which of its lines a directive's content begins, behind its options: those that begin with a colon,
    or what `---` encloses.
    """
    if inside and inside[0].startswith("---"):
        at = next((n for n, line in enumerate(inside) if n and line.startswith("---")), len(inside)) + 1
    else:
        at = next((n for n, line in enumerate(inside) if not line.lstrip().startswith(":")), len(inside))
    while at < len(inside) and not inside[at].strip():
        at += 1
    return min(at, len(inside))


def read_options(lines: Sequence[str]) -> dict[str, str]:
    """The options of a directive by name; a line that is none goes on with the one above it."""
    options: dict[str, str] = {}
    name = ""
    for line in lines:
        if found := _OPTION.match(line):
            name = found[1]
            options[name] = (found[2] or "").strip().strip("\"'")
        elif name and line.strip() and not line.startswith("---"):
            options[name] = f"{options[name]} {line.strip()}".strip()
    return options
