"""Faults that were planted, none of them the example of a rule, and whether they are found.

A table for the reference. `tests/core/rules/test_planted.py` plants each and holds `caught` to what happens.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Planted(NamedTuple):
    """A fault of a kind: the words of a page, or value and words of a fact, parted by `from`."""

    rule: str
    kind: str
    fault: str
    caught: bool = True


_WORDS: Final = "figure in words"
_SHARES: Final = "share in words"
_SCRIPTS: Final = "numerals of other scripts"
_GLUED: Final = "glued to a letter or a sign"
_BOUND: Final = "another bound"
_ZONE: Final = "another zone"
_NOUN: Final = "another noun"
_UNIT: Final = "another unit"
_FORMULA: Final = "constant as a derivation"
_SAYS: Final = "second figure beside the fact's own"
_ANSWER: Final = "answer that nobody sees"

PLANTED: Final = (
    Planted("FACT011", _WORDS, "twenty-five thousand jobs were waiting"),
    Planted("FACT011", _WORDS, "a hundred and fifty hosts went down"),
    Planted("FACT011", _WORDS, "it lasted forty-three seconds"),
    Planted("FACT011", _WORDS, "dozens of hosts went down"),
    Planted("FACT011", _WORDS, "half a million rows were lost"),
    Planted("FACT011", _WORDS, "several thousand users saw errors"),
    Planted("FACT011", _WORDS, "four times as many requests"),
    Planted("FACT011", _WORDS, "the load grew tenfold"),
    Planted("FACT011", _WORDS, "seven nodes were lost", caught=False),
    Planted("FACT011", _WORDS, "the load doubled, then twice the load again", caught=False),
    Planted("FACT011", _WORDS, "it took an hour", caught=False),
    Planted("FACT011", _SHARES, "two thirds of the requests failed"),
    Planted("FACT011", _SHARES, "half of all users saw errors"),
    Planted("FACT011", _SHARES, "one in ten requests failed"),
    Planted("FACT011", _SHARES, "nine out of ten orders were lost"),
    Planted("FACT011", _SHARES, "two of three replicas failed", caught=False),
    Planted("FACT011", _SCRIPTS, "٤٣ users"),
    Planted("FACT011", _SCRIPTS, "４３ users"),
    Planted("FACT011", _SCRIPTS, "三百 users"),
    Planted("FACT011", _SCRIPTS, "XIV nodes were lost"),
    Planted("FACT011", _SCRIPTS, "the V nodes were lost", caught=False),
    Planted("FACT011", _GLUED, "x5000 users"),
    Planted("FACT011", _GLUED, "it took s43000 and more"),
    Planted("FACT011", _GLUED, "−${lost} orders"),
    Planted("FACT011", _GLUED, "~${lost} orders"),
    Planted("FACT011", _GLUED, "${lost}0 orders"),
    Planted("FACT011", _GLUED, "under ${lost} orders", caught=False),
    Planted("FACT002", _BOUND, "≥ 90 s from under 90 seconds"),
    Planted("FACT002", _BOUND, "~90 s from exactly 90 seconds"),
    Planted("FACT002", _BOUND, "90 s from more than 90 seconds"),
    Planted("FACT002", _BOUND, "90 s from about 90 seconds", caught=False),
    Planted("FACT002", _ZONE, "09:23 UTC from at 09:23 PST"),
    Planted("FACT002", _ZONE, "09:23 from at 09:23 PDT"),
    Planted("FACT002", _ZONE, "09:23 UTC from at 09:23", caught=False),
    Planted("FACT002", _NOUN, "5 M users from 5 million requests"),
    Planted("FACT002", _NOUN, "5 M from 5 million requests", caught=False),
    Planted("FACT002", _UNIT, "3 % from 3 percentage points"),
    Planted("FACT002", _UNIT, "3 ms from 3 million"),
    Planted("FACT002", _UNIT, "3 M from 3 ms"),
    Planted("FACT002", _UNIT, "½ from a third of them"),
    Planted("FACT004", _FORMULA, "43"),
    Planted("FACT004", _FORMULA, "lost - lost + 43"),
    Planted("FACT004", _FORMULA, "lost / lost * 43"),
    Planted("FACT014", _SAYS, "cut off for ninety seconds"),
    Planted("FACT014", _SAYS, "cut off after 5 % of the time", caught=False),
    Planted("GATE005", _ANSWER, "\u200b"),
    Planted("GATE005", _ANSWER, "xx"),
    Planted("GATE005", _ANSWER, "see above"),
    Planted("GATE005", _ANSWER, "words words words"),
    Planted("GATE005", _ANSWER, "not published: see below"),
    Planted("GATE005", _ANSWER, "it is what it is", caught=False),
)  # fmt: skip
