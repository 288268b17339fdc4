"""Bounds: the words and signs that make a quantity a floor, a ceiling or an estimate."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"""(?: (?P<floor> (?:no|not)\ (?:less|fewer)\ than | >=? | ≥
        | \b(?:over|above|beyond|at\ least|exceed(?:s|ed|ing)?|(?:more|greater|longer|higher|larger)\ than))
    | (?P<ceiling> <=? | ≤
        | \b(?:under|below|within|at\ most|up\ to|(?:no\ more|not\ more|less|fewer|shorter|lower)\ than))
    | (?P<estimate> ~ | ≈ | \b(?:about|around|nearly|almost|approximately|roughly|some|circa|approx|ca)\b\.?)
    )\s?(?:(?:the|a|an)\s)?[$€£¥]?\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s?(?:\+|\bor\s(?:(?P<floor>more|above|over|longer)|(?P<ceiling>less|fewer|below|under|shorter)))(?!\w)",
    re.IGNORECASE,
)
_PLUS = re.compile(r"[\w%]\s?\+")
_SIGNS = {"floor": ">", "ceiling": "<", "estimate": "~"}
_REACH = 24  # characters, of which the longest of these words and an article have fewer
_TOLD = re.compile(
    r"\b(?:above|allowed|allows|always|at\ once|below|beyond|bound|cap\w*|ceiling|exceed\w*|fewer|highest"
    r"|how\ (?:long|often)|larger|largest|least|less|limit\w*|longer|longest|lower|lowest|max\w*|min\w*"
    r"|more|most|over|shorter|shortest|slowest|smallest|threshold|under|up\ to|waits?|window|within)\b",
    re.IGNORECASE | re.VERBOSE,
)


def bound_of(text: str, start: int, end: int) -> str:
    """`<`, `>`, `~` or nothing: how the words around `text[start:end]` bound the quantity in it."""
    if _PLUS.search(text[start:end]):
        return ">"
    found = _BEFORE.search(text[max(0, start - _REACH) : start]) or _BEHIND.match(text, end)
    return _SIGNS[found.lastgroup or "floor"] if found else ""


def tells_bound(words: str) -> bool:
    """True of words such as `at most`, `longest`, `limit`: the figure is one end of what may be."""
    return bool(_TOLD.search(words))
