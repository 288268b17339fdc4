"""How fast the atlas grows, and when at that pace a part of the plan is whole.

A diagram counts from the day of the first commit of its page; one that is not committed yet counts today.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from .project import Project, Record
from .repository import git
from .terminal import RefusalError

WINDOW = 4
"""The weeks whose mean is the pace."""
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """A part of the plan: what it lacks, and the weeks and the day until it is whole; None at no pace."""

    lacks: int
    weeks: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Pace:
    """Diagrams created by ISO week, the oldest week first, and their mean over the last `WINDOW` weeks."""

    by_week: Mapping[str, int]
    per_week: float

    def forecast(self, lacks: int, today: date) -> Forecast:
        if lacks <= 0:
            return Forecast(0, 0, today)
        if not self.per_week:
            return Forecast(lacks, None, None)
        weeks = math.ceil(lacks / self.per_week)
        return Forecast(lacks, weeks, today + timedelta(weeks=weeks))


def assumptions(pace: Pace) -> list[str]:
    """What a forecast takes for granted."""
    return [
        f"the pace stays as it was in the last {WINDOW} weeks: {pace.per_week:g} diagrams a week",
        "phases are worked on in their order, one after the other",
        "a diagram counts from the first commit of its page; reviews do not count",
    ]


def measure_pace(project: Project, diagrams: Iterable[Record], today: date) -> Pace:
    """The pace by the history of the repository; without git all pages count today."""
    born = read_birthdays(project)
    days = Counter(born.get(diagram["path"], today) for diagram in diagrams)
    weeks = [today - timedelta(weeks=back) for back in reversed(range(_SHOWN))]
    counts: Counter[str] = Counter()
    for day, count in days.items():
        counts[week_of(day)] += count
    recent = sum(count for day, count in days.items() if 0 <= (today - day).days < 7 * WINDOW)
    return Pace({week_of(day): counts[week_of(day)] for day in weeks}, recent / WINDOW)


def read_birthdays(project: Project) -> dict[str, date]:
    """The day of the first commit of each page by its path; nothing without git."""
    log = [
        "log",
        "--diff-filter=A",
        "--no-renames",
        "--format=@%cs",
        "--name-only",
        "--relative",
        "--",
        ".",
    ]
    said = ""
    with suppress(RefusalError):
        said = git(project, *log) or ""
    born: dict[str, date] = {}
    day = date.min
    for line in said.splitlines():
        if line.startswith("@"):
            day = date.fromisoformat(line[1:])
        elif line:
            born[f"{project.source.name}/{line}"] = day  # the log runs backwards: the first commit comes last
    return born


def week_of(day: date) -> str:
    """`2026-W47`"""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def phases_ahead(phases: Mapping[str, Record], pace: Pace, today: date) -> dict[str, Forecast]:
    """A forecast for each phase, worked on in their order."""
    lacks = 0
    found: dict[str, Forecast] = {}
    for number in sorted(phases, key=int):
        lacks += phases[number]["planned"]
        ahead = pace.forecast(lacks, today)
        found[number] = Forecast(phases[number]["planned"], ahead.weeks, ahead.day)
    return found


def current_phase(phases: Mapping[str, Record]) -> str:
    """The first phase that is not whole; empty where all are."""
    return next((n for n in sorted(phases, key=int) if phases[n]["planned"]), "")


def last_weeks(counts: Mapping[str, int], weeks: int = 8) -> Sequence[int]:
    return list(counts.values())[-weeks:]
