"""Dates and clocks, in seconds."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from .tokens import MONTHS, Cursor, Reading

DAY = 86400.0
YEARLESS = 4
"""The year of a date that names none: a leap year, long before every source."""
_CLOCK = re.compile(r"(\d+)(?:[:.](\d+))?(?::([\d.]+))?\ ?([AaPp](?=\.?[Mm]))?")


def moment(cursor: Cursor) -> Reading | None:
    """A date, a clock, or both in either order, in seconds."""
    parts = {cursor.token.kind: cursor.token.text}
    cursor.at += 1
    mark = cursor.at
    while cursor.token.fold in (",", "on", "at") or cursor.token.text.endswith("day"):
        cursor.at += 1
    if cursor.token.kind in ("date", "clock") and cursor.token.kind not in parts:
        parts[cursor.token.kind] = cursor.token.text
        cursor.at += 1
    else:
        cursor.at = mark
    days = _days(parts["date"]) if "date" in parts else (0.0, 0.0)
    seconds = _seconds(parts["clock"]) if "clock" in parts else 0.0
    if days is None or seconds is None:
        return None
    return Reading(days[0] + seconds, days[1] + seconds, "date" if "date" in parts else "clock")


def _days(text: str) -> tuple[float, float] | None:
    """The first and last day meant, in seconds since 0001-01-01; None for a 31 February."""
    year = int(found[0]) if (found := re.search(r"\d{4}", text)) else YEARLESS
    if "-" in text:
        month, day = int(text[5:7]), int(text[8:10])
    else:
        month = next(n for n, name in enumerate(MONTHS, start=1) if name[:3] in text)
        day = int(found[0]) if (found := re.search(r"(?<!\d)\d{1,2}(?!\d)", text)) else 0
    if not (1 <= month <= 12 and year and day <= monthrange(year, month)[1]):
        return None
    first, last = date(year, month, day or 1), date(year, month, day or monthrange(year, month)[1])
    return first.toordinal() * DAY, last.toordinal() * DAY


def _seconds(text: str) -> float | None:
    """The second of the day; None for a clock that no watch shows."""
    hour, minute, second, half = _CLOCK.findall(text)[0]
    hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    if hours > 23 or int(minute or 0) > 59:
        return None
    return hours * 3600.0 + int(minute or 0) * 60.0 + float(second or 0)
