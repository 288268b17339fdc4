"""What to run: the commands that stand above a picture, and the words for commands and timelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from atlas.records.model import Role
from atlas.records.notes import CommandNote, TimelineRow
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.commands import NOTHING
from atlas.rules.effects import Effect
from atlas.rules.timelines import KINDS

from .blocks import slug

EFFECTS: Final[Mapping[str, str]] = MappingProxyType(
    {Effect.READS: "Reads", Effect.CHANGES: "Changes", Effect.DESTROYS: "Destroys"}
)
"""The mark of an effect, in words."""
_SIGNS: Final = MappingProxyType({">=": "≥", "<=": "≤"})


class First(NamedTuple):
    """Commands to run first; `guide` is whose they are where an incident has none of its own."""

    commands: tuple[CommandNote, ...]
    guide: Diagram | None = None


def run_first(diagram: Diagram, atlas: Atlas) -> First:
    """A diagram's own commands to run first; of an incident without any, the first of a guide it leads to."""
    if own := diagram.run_first:
        return First(tuple(own))
    if diagram.role is Role.INCIDENT:
        for guide in _guides(diagram, atlas):
            if guide.run_first:
                return First((guide.run_first[0],), guide)
    return First(())


def _guides(diagram: Diagram, atlas: Atlas) -> Iterator[Diagram]:
    """The debugging guides that a diagram's clicks lead to, then those of its page's words."""
    page = atlas.pages.get(diagram.note.docname)
    links = [node.link for node in diagram.note.graph.nodes] if diagram.note.graph else []
    links += [use.target for use in page.uses if use.role == "diagram"] if page else []
    for id in dict.fromkeys(links):
        if (guide := atlas.diagrams.get(id)) and guide.role is Role.GUIDE:
            yield guide


def command_id(note: CommandNote) -> str:
    """The HTML id of a command where it stands on its page."""
    return f"{slug(note.diagram or note.docname)}-command-{slug(note.id)}"


def runs_on(note: CommandNote) -> str:
    """`redis ≥ 7.0, linux`."""
    words = ", ".join(note.on)
    for typed, sign in _SIGNS.items():
        words = words.replace(typed, sign)
    return words


def expected(note: CommandNote) -> str:
    """What to expect where no sample is shown: in words, the pattern in backticks."""
    if note.expect == NOTHING:
        return "Prints nothing where it works."
    return f"Expect output that matches `{note.expect}`." if note.expect and not note.prints else ""


def time_of(row: TimelineRow, atlas: Atlas, day: str = "") -> tuple[str, str]:
    """What stands in a row's first column, and its day, which leads where it is not `day`, that above."""
    fact = atlas.ledgers.fact(row.reference) if row.timed else None
    if fact is None:
        return "no time published", day
    own = str(fact.as_of or "")
    return (
        f"{own} {fact.value}" if own and own != day and not _says_day(fact.value) else fact.value
    ), own or day


def _says_day(value: str) -> bool:
    """True of a value that is a date itself."""
    return ":" not in value and not value.lower().startswith(("midnight", "noon"))


def kind_of(row: TimelineRow) -> str:
    """A row's kind as readers see it."""
    return KINDS.get(row.kind, row.kind)
