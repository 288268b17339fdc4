"""Time zones by the names that clocks are printed with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ZONE: Final = re.compile(r"\b(?:UTC|GMT|[A-Z]{1,4}T|Pacific|Eastern|Central|Mountain)\b|(?<=\d)Z\b")
_SHIFT: Final = re.compile(r"(?:UTC|GMT)\s*([+−-])(\d{1,2})(?::?(\d\d))?")
# Hours that a zone's clock is ahead of UTC, from and to: some names do not say whether it is summer there.
_OFFSETS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "UTC": (0, 0), "GMT": (0, 0), "Z": (0, 0), "WET": (0, 0), "WEST": (1, 1), "BST": (1, 1),
        "CET": (1, 1), "CEST": (2, 2), "EET": (2, 2), "EEST": (3, 3), "MSK": (3, 3), "SGT": (8, 8),
        "JST": (9, 9), "AEST": (10, 10), "AEDT": (11, 11), "EST": (-5, -5), "EDT": (-4, -4),
        "MDT": (-6, -6), "PST": (-8, -8), "PDT": (-7, -7), "PT": (-8, -7), "Pacific": (-8, -7),
        "ET": (-5, -4), "Eastern": (-5, -4), "CT": (-6, -5), "Central": (-6, -5), "MT": (-7, -6),
        "Mountain": (-7, -6),
    }
)  # fmt: skip


def hours_ahead(value: str) -> tuple[float, float] | None:
    """Hours ahead of UTC, from and to; None where no zone, or an unknown one, is named."""
    if shift := _SHIFT.search(value):
        hours = (int(shift[2]) + int(shift[3] or 0) / 60) * (1 if shift[1] == "+" else -1)
        return hours, hours
    zone = _ZONE.search(value)
    return _OFFSETS.get(zone[0]) if zone else None


def differ(value: str, words: str) -> bool:
    """True where the words name a time zone and the value names another or none.

    `PT` may be `PST`. Words cut out of a text may leave the zone behind, so that a value may add one.
    """
    one, other = (_ZONE.search(text) for text in (value, words))
    if not other:
        return False
    ahead, published = hours_ahead(value), hours_ahead(words)
    if not one or not ahead or not published:
        return not one or one[0] != other[0]
    return ahead[1] < published[0] or published[1] < ahead[0]
