"""The time that a fact is true of: a day, a month, a year, or undated. Ages count from the last day of it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from .model import Fact, Source
from .quantity import names_in

UNDATED = "undated"
_TIME = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?")


def read_date(given: date | str | None) -> dict[str, Any]:
    """`as_of` and `dated` of a fact: the last day of a year or a month that is written as text."""
    if not isinstance(given, str):
        return {"as_of": given}
    if not (found := _TIME.fullmatch(given)):
        return {"as_of": None, "dated": given}
    year, month = int(found[1]), int(found[2] or 12)
    return {"as_of": date(year, month, monthrange(year, month)[1]), "dated": given}


def date_derived(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """A derived fact without a date is as old as the newest fact that it is derived from."""
    dated = {fact.name: fact for fact in facts if fact.as_of}

    def dating(fact: Fact) -> Fact:
        named = (dated[name] for name in names_in(fact.derived) if name in dated)
        newest = max(named, key=lambda other: other.as_of or date.min, default=fact)
        return replace(fact, as_of=newest.as_of, dated=newest.dated)

    return tuple(fact if fact.when else dating(fact) for fact in facts)


def fault_of_date(fact: Fact, source: Source) -> str:
    """What is wrong with the time that a fact is true of; nothing where all is well."""
    if not fact.when:
        return "has no as_of"
    if fact.dated and fact.dated != UNDATED and fact.as_of is None:
        return f"has the as_of {fact.dated!r}, which is no year, month or day"
    first = _first_day(fact)
    if first and first > source.read:
        return f"has the as_of {fact.when}, after {source.read}, when it was read"
    last = fact.as_of
    if source.of and source.published and last and last < source.published:
        return f"has the as_of {fact.when}, before {source.published}, when {source.of} was published"
    return ""


def _first_day(fact: Fact) -> date | None:
    if fact.as_of is None or not fact.dated:
        return fact.as_of
    return fact.as_of.replace(day=1) if "-" in fact.dated else fact.as_of.replace(month=1, day=1)
