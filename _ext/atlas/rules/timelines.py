"""Timelines: rows in order of time, from what set an incident off to the all clear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from atlas.records.model import Fact, Finding, Role
from atlas.records.moments import DAY
from atlas.records.notes import DiagramNote, TimelineNote, TimelineRow
from atlas.records.plan import Ledgers
from atlas.records.recall import Recall, all_of
from atlas.records.tokens import MOMENTS
from atlas.records.zones import hours_ahead

from .digits import without_dates
from .figures import offer
from .spelt import typed_figures

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "trigger": "trigger",
        "detected": "noticed",
        "escalated": "escalated",
        "tried": "tried",
        "mended": "mended",
        "over": "all clear",
        "changed": "changed afterwards",
    }
)
"""Kinds of rows, each with the words that readers see."""
_OWED: Final = ("trigger", "over")
_NAMED_TIMES: Final = MappingProxyType({"midnight": 0.0, "noon": DAY / 2})
_HOUR: Final = 3600.0


class Moment(NamedTuple):
    """When a row happened, in seconds since 0001-01-01: not before `low`, not after `high`.

    In UTC where `zoned`, else in a time zone that nobody names. `high` of a bare day is its end.
    """

    low: float
    high: float
    zoned: bool


def check_timelines(
    notes: Iterable[TimelineNote],
    diagrams: Mapping[str, DiagramNote],
    ledgers: Ledgers,
    recall: Recall | None = None,
) -> Iterator[Finding]:
    """Every rule of timelines but TIMELINE007."""
    recall = recall or Recall()
    seen: dict[str, TimelineNote] = {}
    for note in notes:
        if note.diagram not in diagrams:
            hint = "put the timeline behind the diagram of its incident"
            yield Finding("TIMELINE008", "timeline belongs to no diagram", note.place, hint, note.diagram)
        elif seen.setdefault(note.diagram, note) is not note:
            message = f"{note.diagram} has a timeline already, at {seen[note.diagram].place}"
            yield Finding("TIMELINE008", message, note.place, "merge the two", note.diagram)
        yield from recall("timeline", note, all_of(check_timeline, note, ledgers))


def owed_timeline(role: Role, timeline: TimelineNote | None, diagram: DiagramNote) -> Iterator[Finding]:
    """TIMELINE007: an incident without a timeline."""
    if role is Role.INCIDENT and timeline is None:
        hint = "add {atlas-timeline} behind the diagram, from trigger to over"
        yield Finding(
            "TIMELINE007", f"incident {diagram.id} has no timeline", diagram.place, hint, diagram.id
        )


def check_timeline(note: TimelineNote, ledgers: Ledgers) -> Iterator[Finding]:
    """TIMELINE001 to 006 of one timeline."""
    kinds = {row.kind for row in note.rows}
    for kind in _OWED:
        if kind not in kinds:
            message = f"timeline has no row {kind}, {_MEANING[kind]}"
            hint = f"add it; where no time is published: publisher/key | {kind} | the post does not say when"
            yield Finding("TIMELINE003", message, note.place, hint, note.diagram)
    for row in note.rows:
        yield from _check_row(row, note.diagram, ledgers)
    yield from _check_order(note, ledgers)


_MEANING: Final = MappingProxyType({"trigger": "what set it off", "over": "the all clear"})


def _check_row(row: TimelineRow, diagram: str, ledgers: Ledgers) -> Iterator[Finding]:
    if not (row.reference and row.event):
        hint = "write publisher/key:fact | kind | event, a row a line"
        yield Finding("TIMELINE001", "row is not `fact | kind | event`", row.place, hint, diagram)
        return
    if row.kind not in KINDS:
        hint = offer(row.kind, KINDS, "the kinds are " + ", ".join(KINDS))
        yield Finding("TIMELINE001", f"row has the unknown kind {row.kind!r}", row.place, hint, diagram)
    yield from _check_reference(row, diagram, ledgers)
    for word in typed_figures(without_dates(row.typed), _names(ledgers)):
        hint = "write {atlas:fact}`publisher/source:fact`"
        yield Finding("TIMELINE006", f"typed number {word!r} in an event", row.place, hint, diagram)


def _check_reference(row: TimelineRow, diagram: str, ledgers: Ledgers) -> Iterator[Finding]:
    if not row.timed:
        if row.source not in ledgers.sources:
            hint = offer(row.source, ledgers.sources, "name a source of the ledgers, or a fact with its time")
            yield Finding("TIMELINE004", f"unknown source {row.source!r}", row.place, hint, diagram)
        return
    fact = ledgers.fact(row.reference)
    if fact is None:
        known = [f.id for s in ledgers.sources.values() for f in s.facts]
        hint = offer(row.reference, known, "write the time into the ledger, or name the source alone")
        yield Finding("TIMELINE004", f"unknown fact {row.reference!r}", row.place, hint, diagram)
    elif not is_time(fact):
        message = f"{row.reference} is {fact.value}, which is no time"
        hint = "name the fact of a time such as 22:52 UTC, or the source alone where none is published"
        yield Finding("TIMELINE005", message, row.place, hint, diagram)
    elif moment_of(fact) is None:
        message = f"{row.reference} is {fact.value}, and its as_of names no day"
        yield Finding("TIMELINE005", message, row.place, "give the exact day in `as_of`", diagram)


def _names(ledgers: Ledgers) -> frozenset[str]:
    return frozenset(name.lower() for t in ledgers.technologies.values() for name in t.names)


def _check_order(note: TimelineNote, ledgers: Ledgers) -> Iterator[Finding]:
    """TIMELINE002: a row that is over before one above it begins. Rows without a time have no order."""
    last: dict[bool, tuple[TimelineRow, Moment]] = {}
    for row in note.rows:
        fact = ledgers.fact(row.reference) if row.timed else None
        moment = moment_of(fact) if fact else None
        if moment is None:
            continue
        above = last.get(moment.zoned)
        if above and moment.high < above[1].low:
            message = f"{row.reference} is before {above[0].reference}, which stands above it"
            hint = "put the rows in order of time, or mend `as_of` of the fact"
            yield Finding("TIMELINE002", message, row.place, hint, note.diagram)
        elif not above or moment.low >= above[1].low:
            last[moment.zoned] = (row, moment)


# Times --------------------------------------------------------------------------------------------


def is_time(fact: Fact) -> bool:
    """True of a time of day or a date; false of a duration or a count."""
    return bool(fact.quantity and fact.quantity.unit in MOMENTS) or _named_time(fact) is not None


def moment_of(fact: Fact) -> Moment | None:
    """When a fact was; None where it is no time, or no day says on which its clock was read."""
    span = _span(fact)
    if span is None:
        return None
    ahead = hours_ahead(fact.value)
    if ahead is None:
        return Moment(*span, zoned=False)
    return Moment(span[0] - ahead[1] * _HOUR, span[1] - ahead[0] * _HOUR, zoned=True)


def _span(fact: Fact) -> tuple[float, float] | None:
    day = fact.as_of.toordinal() * DAY if isinstance(fact.as_of, date) else None
    named = _named_time(fact)
    if named is not None:
        return None if day is None else (day + named, day + named)
    if fact.quantity is None or fact.quantity.unit not in MOMENTS:
        return None
    low, high = fact.quantity.low, fact.quantity.high
    whole_days = fact.quantity.unit == "date" and not re.search(r"\d[:.]\d\d|\d\s?[ap]\.?m", fact.value, re.I)
    if fact.quantity.unit == "date" and low >= 1000 * 365 * DAY:
        return low, high + DAY * whole_days
    if day is None:  # a clock, or a date without its year
        return None
    return day + low % DAY, day + high % DAY + DAY * whole_days


def _named_time(fact: Fact) -> float | None:
    words = fact.value.lower().split()
    return next((seconds for name, seconds in _NAMED_TIMES.items() if name in words), None)
