"""How current things are: a diagram, or a page of lists by the reviews and figures of what it lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from atlas.rules.atlas import Atlas, Diagram

from .bibliography import SHELVES
from .blocks import Prose, Section, counted
from .render import targets

LISTS = frozenset(
    (
        "category",
        "glossary",
        "home",
        "incident-response",
        "sources",
        "system",
        "systems-matrix",
        "technologies",
    )
)
"""The views that list diagrams, or what diagrams stand on."""


def stand(atlas: Atlas, view: str, argument: str, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections of a view with the line ahead of them; as they are where it lists no diagram.

    The parts of incident response share a page, so that those by plane leave the line to the first.
    """
    if view not in LISTS or argument.startswith("plane-"):
        return sections
    listed = {id: atlas.diagrams[id] for id in targets(sections) if id in atlas.diagrams}
    if view == "home" or (view == "sources" and argument in ("", *SHELVES)):
        listed = dict(atlas.diagrams)
    line = Section("standing", "", (Prose(_line(listed.values()), "standing"),))
    return (line, *sections) if listed else sections


def of_diagram(diagram: Diagram) -> list[str]:
    """Version, review and days of the figures: what stands in one line with the status."""
    parts = [f"version {diagram.note.version}" if diagram.note.version else "no version"]
    if diagram.review:
        parts.append(f"reviewed {diagram.review.when.date()} by {diagram.review.who}")
    return parts + _figures([diagram])


def _line(diagrams: Iterable[Diagram]) -> str:
    drawn = list(diagrams)
    reviewed = sorted(d.review.when.date() for d in drawn if d.review)
    waiting = len(drawn) - len(reviewed)
    parts = [counted(len(drawn), "diagram")]
    parts += [f"reviewed {_span(reviewed)}"] if reviewed else []
    parts += [f"{waiting:,} to be reviewed"] if waiting else []
    return " · ".join(parts + _figures(drawn))


def _figures(diagrams: Iterable[Diagram]) -> list[str]:
    """The times of the oldest and newest figure as ledgers have them: a year is no last of December."""
    dated = sorted((f.as_of, f.when) for d in diagrams for f in d.cited if f.as_of)
    return [f"figures as of {_span([when for _, when in dated])}"] if dated else []


def _span(days: Sequence[date | str]) -> str:
    """From the first to the last of sorted days."""
    return f"{days[0]}" if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
