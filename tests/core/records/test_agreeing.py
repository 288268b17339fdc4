"""Facts and the words of their sources: the same number said otherwise is a contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from atlas.records import quantity
from atlas.records.agreeing import contradiction, fault_of_derivation
from atlas.records.bounds import bound_of, tells_bound
from atlas.records.model import Fact, Place, Quantity
from atlas.records.reading import read_all
from atlas.records.zones import differ

HERE = Place("source/_data/sources/acme.toml", 3)


def fact(value: str, text: str = "", says: str = "until orders flowed", **more: Any) -> Fact:
    return Fact("acme/outage:x", value, says, HERE, text=text, quantity=quantity.parse(value), **more)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("90 s", "90 seconds"),
        ("< 90 s", "under 90 seconds"),
        ("≥ 90 s", "at least 90 seconds"),
        ("90 s", "about 90 seconds"),
        (">20", "more than twenty exercises"),
        ("100+ nodes", "100 or more nodes"),
        ("10 s", "10000"),
        ("43 ms", "43"),
        ("77 bn records/day", "77 billion"),
        ("32 MiB", "33554432"),
        ("30,000 messages/s", "30000 msg/s"),
        ("8 nodes", "nodes: 8"),
        ("HTTP 500", "result in 500s"),
        ("22:52 UTC", "at 22:52 GMT"),
        ("22:52 UTC", "at 22:52"),
        ("08:45 PST", "8:45 a.m. PT"),
        ("2 November 2023", "Thursday, November 2, 2023, at 11:43 UTC"),
        ("⅓", "only a third of the CPU"),
        ("a third of the CPU", "only a third of the CPU"),
        ("½", "half of it"),
        ("3 points", "3 percentage points"),
        ("READONLY", "READONLY You can't write"),
    ],
)
def test_a_fact_that_agrees_with_its_words(value: str, text: str) -> None:
    assert contradiction(fact(value, text)) == ""


@pytest.mark.parametrize(
    ("value", "text", "fault"),
    [
        ("≥ 90 s", "under 90 seconds", "the words give a ceiling, not a floor"),
        ("< 90 s", "at least 90 seconds", "the words give a floor, not a ceiling"),
        ("~90 s", "90 seconds", "the words give no bound, not an estimate"),
        ("90 s", "over 90 seconds", "neither value nor `says` tells that “90 seconds” is a floor"),
        ("90 s", "90 seconds or less", "neither value nor `says` tells that “90 seconds” is a ceiling"),
        ("09:23 UTC", "at 09:23 PST", "“09:23 PST” is in another time zone"),
        ("09:23", "at 09:23 PST", "“09:23 PST” is in another time zone"),
        ("09:23 IST", "at 09:23 PST", "“09:23 PST” is in another time zone"),
        ("5 M users", "5 million requests", "it counts request, not user"),
        ("3 ms", "3 million", "“3 million” is another unit"),
        ("3 M", "3 ms", "“3 ms” is another unit"),
        ("5", "5 %", "“5 %” is another unit"),
    ],
)
def test_a_fact_that_contradicts_its_words(value: str, text: str, fault: str) -> None:
    assert contradiction(fact(value, text)) == fault


def test_says_may_tell_the_bound() -> None:
    assert contradiction(fact("90 s", "over 90 seconds", says="longest outage")) == ""
    assert contradiction(fact("90 s", "over 90 seconds", scope="a lower bound")) == ""
    assert tells_bound("at most")
    assert not tells_bound("orders that flowed")


def test_one_agreeing_place_is_enough() -> None:
    assert contradiction(fact("90 s", "over 90 seconds, that is 90 seconds")) == ""


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("no less than 5", ">"),
        ("no more than 5", "<"),
        ("exceeded $5", ">"),
        ("within the 5", "<"),
        ("5+ nodes", ">"),
        ("100+", ">"),
        ("5 or fewer", "<"),
        ("5 or more", ">"),
        ("nearly 5", "~"),
        ("moreover 5", ""),
        ("5 organs", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    (reading,) = read_all(text)
    start = text.index(reading.printed)
    assert bound_of(text, start, start + len(reading.printed)) == bound
    assert reading.bound == bound


@pytest.mark.parametrize(
    ("value", "words", "other"),
    [("1:00 UTC", "1:00 Z", False), ("1:00 UTC+2", "1:00 CEST", False), ("1:00 UTC-2", "1:00 UTC+2", True)],
)
def test_zones(value: str, words: str, *, other: bool) -> None:
    assert differ(value, words) is other


KNOWN = {
    "backlog": Quantity(1.4e6, 1.4e6, "jobs"),
    "outage": Quantity(1400, 1400, "s"),
    "began": Quantity(32400, 32400, "clock"),
    "before": Quantity(5, 5, "%"),
    "after": Quantity(2, 2, "%"),
}


@pytest.mark.parametrize(
    ("derived", "value", "fault"),
    [
        ("backlog / outage", "1,000 jobs/s", ""),
        ("backlog / outage", "1,000 /s", ""),
        ("backlog / outage", "1,000 users/s", "counts job, not user"),
        ("43", "43 s", "names no fact"),
        ("backlog - backlog + 43", "43", "gives the same whatever `backlog` is"),
        ("backlog * 2 + outage * 0", "2.8 M jobs", ""),
        ("backlog / backlog * 43", "43", "gives the same whatever `backlog` is"),
        ("5 / (backlog - 1400000)", "1", ""),
    ],
)
def test_a_derivation_and_its_value(derived: str, value: str, fault: str) -> None:
    if derived.startswith(("5", "backlog * 2 +")):
        with pytest.raises(quantity.QuantityError):
            fault_of_derivation(fact(value, derived=derived), KNOWN)
    else:
        assert fault_of_derivation(fact(value, derived=derived), KNOWN) == fault


def test_a_name_that_could_not_be_moved_is_not_idle() -> None:
    near = {"one": Quantity(1, 1), "two": Quantity(3.718281828, 3.718281828)}
    assert fault_of_derivation(fact("0.37", derived="1 / (two - one)"), near) == ""


def test_shares_differ_by_points() -> None:
    assert quantity.agrees("3 percentage points", quantity.evaluate("before - after", KNOWN))
    assert not quantity.same(*(q for q in map(quantity.parse, ("3 %", "3 percentage points")) if q))


def test_a_derivation_without_a_quantity_is_left_to_others() -> None:
    assert fault_of_derivation(fact("READONLY", derived="backlog"), KNOWN) == ""
