"""What ledgers say beside a figure."""

from __future__ import annotations

from datetime import date

import pytest

from atlas.records import quantity
from atlas.records.model import Extent, Fact, Place, Source, Tier
from atlas.records.plan import Ledgers
from atlas.rules.saying import check_says

HERE = Place("source/_data/sources/acme.toml", 3)


def ledgers(value: str, says: str, scope: str = "") -> Ledgers:
    facts = (
        Fact("acme/outage:x", value, says, HERE, scope=scope, quantity=quantity.parse(value)),
        Fact("acme/outage:y", "12 s", "another", HERE, text="12 seconds", quantity=quantity.parse("12 s")),
    )
    day = date(2024, 4, 1)
    source = Source("acme/outage", "Outage", "", "Acme", Tier.OPERATOR, day, Extent.FULL, HERE, facts=facts)
    return Ledgers(sources={source.id: source})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("1.4 M jobs", "jobs waiting at the peak"),
        ("75 %", "healthy share after 5 minutes"),
        ("40 s", "wait, of which 12 seconds in a queue"),
        ("3 jobs", "since server 5.6, in 2021 over 2019 (2018), see conntrack(8)"),
        ("READONLY", "after 90 seconds"),
        ("09:23 UTC", "end, after 5 minutes"),
    ],
)
def test_conditions_may_stand_beside_a_figure(value: str, says: str) -> None:
    assert list(check_says(ledgers(value, says))) == []


@pytest.mark.parametrize(
    ("value", "says", "scope", "word"),
    [
        ("40 s", "cut off for 90 seconds", "", "90"),
        ("1.4 M jobs", "nearly two million jobs", "", "two million"),
        ("40 s", "cut off", "two minutes of it", "two"),
        ("3 jobs", "in 2021 users", "", "2021"),
        ("3 jobs", "of ½ a kind", "", "½"),
    ],
)
def test_a_second_figure_of_the_kind_is_found(value: str, says: str, scope: str, word: str) -> None:
    (finding,) = check_says(ledgers(value, says, scope))
    assert finding.rule == "FACT014"
    assert repr(word) in finding.message
