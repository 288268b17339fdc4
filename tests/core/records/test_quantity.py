"""Quantities: what is read as a number, when two are the same, and what expressions give."""

from __future__ import annotations

from math import isfinite
from random import Random

import pytest

from atlas.records import quantity, units
from atlas.records.model import Quantity
from atlas.records.quantity import QuantityError

DAY = 86400.0
MOMENT = 63675763200.0  # 21 October 2018


def q(text: str) -> Quantity:
    parsed = quantity.parse(text)
    assert parsed is not None, text
    return parsed


@pytest.mark.parametrize(
    ("text", "low", "unit"),
    [
        # numbers
        ("512", 512, ""),
        ("2,026", 2026, ""),
        ("1_000_000", 1e6, ""),
        ("1\u202f234\u202f567", 1234567, ""),
        ("0", 0, ""),
        ("1.25", 1.25, ""),
        ("1e6", 1e6, ""),
        ("-1", -1, ""),
        ("1024*1024*32", 33554432, ""),
        ("1,2345", 1, ""),
        # number words
        ("zero", 0, ""),
        ("twelve cells", 12, "cells"),
        ("forty-three", 43, ""),
        ("forty three", 43, ""),
        ("sixty", 60, ""),
        ("two hundred", 200, ""),
        ("two hundred and fifty", 250, ""),
        ("two hundred fifty", 250, ""),
        ("two hundred and more", 200, ""),
        ("three and a half hours", 3.5 * 3600, "s"),
        ("an hour and a half", 5400, "s"),
        ("half an hour", 1800, "s"),
        ("half a million", 5e5, ""),
        ("a million", 1e6, ""),
        ("a minute", 60, "s"),
        ("two dozen nodes", 24, "nodes"),
        ("twice", 2, "×"),
        ("twice a day", 2 / DAY, "×/s"),
        # multipliers
        ("1.2 M", 1.2e6, ""),
        ("500k", 5e5, ""),
        ("3 bn", 3e9, ""),
        ("2 trillion", 2e12, ""),
        ("two hundred thousand", 2e5, ""),
        ("740 万", 7.4e6, ""),
        ("1.5亿", 1.5e8, ""),
        ("2B users", 2e9, "users"),
        ("5m requests", 5e6, "requests"),
        # times
        ("43 s", 43, "s"),
        ("43 seconds", 43, "s"),
        ("43 sec", 43, "s"),
        ("5m", 300, "s"),
        ("<100 ms", 0.1, "s"),
        ("250 µs", 250e-6, "s"),
        ("24 h 11 min", 87060, "s"),
        ("24 hours and 11 minutes", 87060, "s"),
        ("1 day, 2 hours", 26 * 3600, "s"),
        ("2h28m", 8880, "s"),
        ("1 h 2 h", 3600, "s"),
        ("1 h and 3 nodes", 3600, "s"),
        ("24-hour window", DAY, "s"),
        ("10 additional hours", 36000, "s"),
        ("3 months", 3, "month"),
        ("2 years", 24, "month"),
        # qualifiers
        ("≥ 30 min", 1800, "s"),
        ("~ 5 GB", 5e9, "B"),
        ("about 3 weeks", 3 * 7 * DAY, "s"),
        ("more than 1,000", 1000, ""),
        ("up to 50 Gbps", 50e9 / 8, "B/s"),
        ("Over 2,000", 2000, ""),
        ("only about 3", 3, ""),
        # bytes
        ("512 B", 512, "B"),
        ("64mb", 64e6, "B"),
        ("32 MiB", 32 * 2**20, "B"),
        ("5 Gi", 5 * 2**30, "B"),
        ("4 kB", 4e3, "B"),
        ("1 gigabyte", 1e9, "B"),
        ("8 bits", 1, "B"),
        ("100 Mb/s", 12.5e6, "B/s"),
        ("64 Mb", 64e6, "B"),
        ("10 Gbit per second", 1.25e9, "B/s"),
        # money
        ("$3.2 M/year", 3.2e6 / 12, "$/month"),
        ("US$5m", 5e6, "$"),
        ("USD 5 million", 5e6, "$"),
        ("€5 bn", 5e9, "€"),
        ("£2.5k", 2500, "£"),
        ("$1.2B", 1.2e9, "$"),
        ("5 USD", 5, "$"),
        ("50 cents", 0.5, "$"),
        ("$12/user/month", 12, "$/user/month"),
        # shares and factors
        ("99.9 %", 99.9, "%"),
        ("99.99 percent", 99.99, "%"),
        ("5 per cent of requests", 5, "%"),
        ("3×", 3, "×"),
        ("3x faster", 3, "×"),
        # nouns and rates
        ("7.4 million concurrent users", 7.4e6, "users"),
        ("12 of 30 cells", 12, ""),
        ("5-node cluster", 5, "node"),
        ("100+ services", 100, "services"),
        ("4 vCPU", 4, "vcpu"),
        ("3 AWS accounts", 3, "accounts"),
        ("3 very old rusty machines", 3, "very"),
        ("1.2 M messages/s", 1.2e6, "messages/s"),
        ("1.2 million messages per second", 1.2e6, "messages/s"),
        ("5 billion messages a day", 5e9 / DAY, "messages/s"),
        ("12 ms per request", 0.012, "s/request"),
        ("5 /day", 5 / DAY, "/s"),
        ("120k RPS", 120e3, "requests/s"),
        ("5/qps", 5, ""),
        ("100 errors per 5 minutes", 100, "errors"),
        ("24/7", 24, ""),
        # moments
        ("08:45 PST", 8.75 * 3600, "clock"),
        ("8:45 a.m. PST", 8.75 * 3600, "clock"),
        ("8 PM", 20 * 3600, "clock"),
        ("6.57am PST", 25020, "clock"),
        ("12:30 am", 1800, "clock"),
        ("22:52:03 UTC+2", 82323, "clock"),
        ("21 October 2018", MOMENT, "date"),
        ("21st of October, 2018", MOMENT, "date"),
        ("October 21, 2018", MOMENT, "date"),
        ("Sunday, 21 Oct 2018", MOMENT, "date"),
        ("2018-10-21", MOMENT, "date"),
        ("2018-10-21T22:52Z", MOMENT + 82320, "date"),
        ("22:52 UTC on Sunday, 21 October 2018", MOMENT + 82320, "date"),
        ("21 October 2018 at last", MOMENT, "date"),
    ],
)
def test_a_value_is_read(text, low, unit):
    parsed = q(text)
    assert parsed.low == pytest.approx(low, rel=1e-12)
    assert parsed.unit == unit


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("36–90 s", 36, 90, "s"),
        ("36-90 s", 36, 90, "s"),
        ("3 to 5 minutes", 180, 300, "s"),
        ("between 36 and 90 seconds", 36, 90, "s"),
        ("500 ms – 2 s", 0.5, 2, "s"),
        ("10%–20%", 10, 20, "%"),
        ("$3–5 million", 3e6, 5e6, "$"),
        ("3–5 M users", 3e6, 5e6, "users"),
        ("177 to 72 nodes", 72, 177, "nodes"),
        ("100 to 1 million", 100, 1e6, ""),
        ("08:45–09:10 PST", 31500, 33000, "clock"),
        ("October 2018", MOMENT - 20 * DAY, MOMENT + 10 * DAY, "date"),
    ],
)
def test_a_range_is_read(text, low, high, unit):
    parsed = q(text)
    assert (parsed.low, parsed.high) == pytest.approx((low, high))
    assert parsed.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        *(
            "READONLY",
            "",
            "   ",
            "us-east-1",
            "HTTP 503",
            "7.2.4",
            "10.0.0.1",
            "n/a",
            "p99",
            "db.r6g.2xlarge",
        ),
        *("99:99", "24:10", "31 February 2018", "2018-13-01", "0000-01-01", "a quorum", "between systems"),
        *("PostgreSQL 14.2", "9" * 40),
    ],
)
def test_a_token_is_no_quantity(text):
    assert quantity.parse(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("grew from 5 to 20 million users", [(5e6, 20e6, "users")]),
        ("two zones, 43 nodes three regions", [(2, 2, "zones"), (43, 43, "nodes"), (3, 3, "regions")]),
        ("timeout-30 rate[5m] {p99}", [(30, 30, "rate"), (300, 300, "s")]),
        ("5 nodes to 10 s", [(5, 5, "nodes"), (10, 10, "s")]),
        ("READONLY You can't write against v1.2.3", []),
        ("at 25:10 there were 3", [(3, 3, "")]),
        ("3 k8s clusters", [(3, 3, "k8s")]),
        ("- 5", [(5, 5, "")]),
        ("2 dates", [(2, 2, "dates")]),
        ("2 date", [(2, 2, "")]),
        ("2 - 21 October 2018", [(2, 2, ""), (MOMENT, MOMENT, "date")]),
    ],
)
def test_a_phrase_gives_all_its_quantities(text, found):
    assert [(x.low, x.high, x.unit) for x in quantity.find_all(text)] == found


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("90 minutes", "1 h 30 min"),
        ("43 s", "43"),
        ("43 ms", "43"),
        ("10 s", "10000"),
        ("43 s", "43 default"),
        ("32 MB", "33554432"),
        ("32 MB", "32 MiB"),
        ("1 GB/s", "8 Gbps"),
        ("$750 M", "750 million"),
        ("5 bn messages/day", "5 billion messages"),
        ("1.2 M messages/min", "20,000 requests per second"),
        ("99.9 %", "99.9"),
        ("50 %", "half"),
        ("5 %", "5 requests"),
        ("7.4 M", "7.4 million concurrent users"),
        ("2×", "2"),
        ("1 TB", "1000 GB"),
        ("21 October 2018", "Oct 21"),
        ("21 October 2018", "2018-10-21 22:52 UTC"),
        ("2018-10-21 22:52", "22:52 UTC"),
        ("08:45 PST", "8:45 a.m."),
    ],
)
def test_same(a, b):
    assert quantity.same(q(a), q(b))
    assert quantity.same(q(b), q(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("43 s", "44 s"),
        ("43 s", "43 nodes"),
        ("43 s", "43 GB"),
        ("43 s", "43 %"),
        ("5/s", "5/day"),
        ("36–90 s", "36 s"),
        ("1 GB", "1.05 GB"),
        ("$5", "€5"),
        ("$1 M/year", "$1 M/month"),
        ("08:45", "09:45"),
        ("21 October 2018", "21 October 2019"),
        ("21 October 2018", "22 October"),
        ("2018-10-21 10:00", "2018-10-21 11:00"),
        ("October 2018", "21 October 2018"),
        ("08:45", "31,500"),
    ],
)
def test_not_same(a, b):
    assert not quantity.same(q(a), q(b))
    assert not quantity.same(q(b), q(a))


@pytest.mark.parametrize(
    ("text", "value", "held"),
    [
        ("cut for 43 seconds", "43 s", True),
        ("36 to 90 seconds", "90 s", True),
        ("from 36 at first up to 90 seconds", "36–90 s", True),
        ("from 36 at first", "36–90 s", False),
        ("a great many jobs", "1.4 M jobs", False),
        ("was unavailable for twenty minutes", "20 min", True),
        ("stored in S3", "3", False),
    ],
)
def test_holds(text, value, held):
    assert quantity.holds(text, q(value)) is held


@pytest.mark.parametrize(
    ("value", "computed", "agrees"),
    [
        ("2,025×", 2024.65, True),
        ("2,026×", 2024.65, False),
        ("~2,000×", 2024.65, True),
        ("~3,000×", 2024.65, False),
        ("over 2,000", 2024.65, True),
        ("over 1,000", 2024.65, False),
        ("over 2,100", 2024.65, False),
        ("under 3,000", 2024.65, True),
        ("under 2,000", 2024.65, False),
        ("2,024.7", 2024.65, True),
        ("2,024.6", 2024.75, False),
        ("2 k", 2024.65, True),
        ("202,465 %", 2024.65, True),
        ("1e3", 1000.4, True),
        ("READONLY", 1.0, False),
        ("08:45", 1.0, False),
    ],
)
def test_a_plain_result_agrees_to_the_precision_shown(value, computed, agrees):
    assert quantity.agrees(value, Quantity(computed, computed)) is agrees


@pytest.mark.parametrize(
    ("value", "computed", "agrees"),
    [
        ("1 h 30 min", Quantity(5400, 5400, "s"), True),
        ("1 h 30 min", Quantity(5425, 5425, "s"), True),
        ("1 h 30 min", Quantity(5435, 5435, "s"), False),
        ("2h28m", Quantity(8880, 8880, "s"), True),
        ("15 s", Quantity(15, 15, "s"), True),
        ("15 s", Quantity(15, 15, "B"), False),
        ("10–20 s", Quantity(10, 20, "s"), True),
        ("10–20 s", Quantity(10, 10, "s"), False),
        ("$3,200/user/year", Quantity(266.6667, 266.6667, "$/month/user"), True),
        ("1,000 jobs/s", Quantity(1000, 1000, "job/s"), True),
        ("21 October", Quantity(MOMENT, MOMENT, "date"), True),
        ("5", Quantity(MOMENT, MOMENT, "date"), False),
    ],
)
def test_a_result_with_a_unit_agrees_in_the_unit_shown(value, computed, agrees):
    assert quantity.agrees(value, computed) is agrees


NAMES = {
    name: q(value)
    for name, value in {
        "degraded": "24 h 11 min",
        "partition": "43 s",
        "total-writes": "954",
        "hours": "2 h",
        "spread": "10–20 s",
        "cost": "$3.2 M/year",
        "users": "1,000 users",
        "nodes": "20 nodes",
        "start": "08:45",
        "end": "10:15",
        "first-day": "21 October 2018",
        "last-day": "23 October 2018",
        "availability": "99.9 %",
        "other-share": "0.4 %",
        "no-time": "0 s",
        "huge": "1e99",
    }.items()
}


@pytest.mark.parametrize(
    ("expression", "low", "high", "unit"),
    [
        ("degraded / partition", 2024.651, 2024.651, ""),
        ("total-writes / hours", 0.1325, 0.1325, "/s"),
        ("total-writes / (hours + hours)", 0.06625, 0.06625, "/s"),
        ("spread * 2", 20, 40, "s"),
        ("spread - spread", -10, 10, "s"),
        ("partition / spread", 2.15, 4.3, ""),
        ("cost / users", 266.667, 266.667, "$/month/user"),
        ("spread * partition", 430, 860, "s·s"),
        ("partition * partition / partition", 43, 43, "s"),
        ("users + nodes + 3", 1023, 1023, "users"),
        ("end - start", 5400, 5400, "s"),
        ("start - end", DAY - 5400, DAY - 5400, "s"),
        ("last-day - first-day", 2 * DAY, 2 * DAY, "s"),
        ("100 - availability", 0.1, 0.1, "%"),
        ("availability + 0", 99.9, 99.9, "%"),
        ("availability - other-share", 99.5, 99.5, "%"),
        ("availability * users", 999, 999, "user"),
        ("2 * 3 - 4", 2, 2, ""),
        ("degraded -partition", 87017, 87017, "s"),
    ],
)
def test_evaluate(expression, low, high, unit):
    result = quantity.evaluate(expression, NAMES)
    assert (result.low, result.high) == pytest.approx((low, high), rel=1e-5)
    assert result.unit == unit


@pytest.mark.parametrize(
    ("expression", "message", "column"),
    [
        ("degraded / partitoin", "no number is called `partitoin`; did you mean `partition`?", 12),
        ("degraded-partition", "no number is called `degraded-partition`; minus stands between spaces", 1),
        ("nothing / 2", "no number is called `nothing`", 1),
        ("degraded +", "expected a name, an integer or `(`", 11),
        ("", "expected a name, an integer or `(`", 1),
        ("degraded + * 2", "expected a name, an integer or `(`", 12),
        ("(degraded", "expected `)`", 10),
        ("degraded ? 2", "expected an operator here", 10),
        ("1.5 * partition", "expected an operator here", 2),
        ("partition / no-time", "division by zero", 11),
        ("degraded - 3", "`s` and `a plain number` cannot be added or subtracted", 10),
        ("3 + degraded", "`a plain number` and `s` cannot be added or subtracted", 3),
        ("start + partition", "a moment can only be subtracted from another one of its kind", 7),
        ("first-day - start", "a moment can only be subtracted from another one of its kind", 11),
        ("start * 2", "a clock can only be subtracted from another one", 7),
        ("huge * huge * huge * huge", "too large", 20),
        ("1" * 201, "longer than 200 characters", 201),
        ("(" * 200, "expected a name, an integer or `(`", 201),
        ("__import__('os')", "no number is called `__import__`", 1),
    ],
)
def test_a_bad_expression_is_shown_with_a_caret(expression, message, column):
    with pytest.raises(QuantityError) as caught:
        quantity.evaluate(expression, NAMES)
    assert (caught.value.message, caught.value.column) == (message, column)
    first, shown, carets = str(caught.value).split("\n")
    assert (first, shown) == (message, f"  {expression}")
    assert carets.index("^") == column + 1


def test_no_text_breaks_the_parser():
    dice = Random(7)
    words = "43 7.2.4 - – to $ € 5m 2h3m 1,000 half a and million 万 % per / s MB users date May 21".split()
    words += ["2018-02-30", "8:61", "pm", "Z", "(", "²", "١"]
    for _ in range(3000):
        text = "".join(dice.choice(words) + dice.choice((" ", "")) for _ in range(dice.randrange(1, 8)))
        found = [*quantity.find_all(text), quantity.parse(text) or Quantity(0, 0)]
        assert all(x.low <= x.high and units.powers(x.unit) is not None for x in found)
        assert all(quantity.same(x, x) for x in found if isfinite(x.high))


def test_names_in_an_expression():
    assert quantity.names_in("(a-b + 2) * c_1 - a-b / 3x") == ("a-b", "c_1", "a-b", "3x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("43 s", "43 s"),
        ("36–90 s", "36–90 s"),
        ("2,026×", "2,026 ×"),
        ("12", "12"),
        ("1.25 M jobs", "1,250,000 jobs"),
    ],
)
def test_show(text, shown):
    assert quantity.show(q(text)) == shown


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("nodes", True), ("node", False), ("status", False), ("access", False), ("is", False)],
)
def test_is_plural(noun, plural):
    assert units.is_plural(noun) is plural


def test_a_noun_is_one_in_singular_and_plural():
    assert units.combine("queries/s", "query", sign=-1) == "/s"
    assert not units.is_measure("query")
