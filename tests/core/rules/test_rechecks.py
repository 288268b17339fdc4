"""What the ledger of checks says of a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from atlas.records.checks import fact_key
from atlas.records.model import Change, Extent, Fact, Place, Source, Tier
from atlas.records.plan import Check, Cited, Ledgers, Newest
from atlas.rules.rechecks import check, day_known, is_overtaken, tell_check, tell_old

TODAY = date(2026, 11, 30)
HERE = Place("x")
FACT = Fact("queued/manual:limit", "1 M", "the limit", HERE, text="1 M", as_of=date(2020, 5, 1))
SOURCE = Source(
    "queued/manual",
    "manual",
    "u",
    "queued",
    Tier.DOCS,
    TODAY,
    Extent.FULL,
    HERE,
    published=date(2020, 6, 1),
    facts=(FACT,),
)
STANDS = Check(
    FACT.id,
    HERE,
    fact_key(SOURCE, FACT),
    TODAY,
    Cited.SEEN,
    "words",
    Newest.STANDS,
    "a" * 40,
    date(2026, 8, 1),
)


def ledgers(*checks: Check, source: Source = SOURCE) -> Ledgers:
    return Ledgers(sources={source.id: source}, checks={c.id: c for c in checks})


def test_a_fact_is_overtaken_where_the_newest_text_has_it_no_more_and_it_does_not_say_so():
    gone, changed = (ledgers(replace(STANDS, newest=n)) for n in (Newest.GONE, Newest.CHANGED))
    assert is_overtaken(FACT, gone)
    assert is_overtaken(FACT, changed)
    assert not is_overtaken(FACT, ledgers(STANDS))
    assert not is_overtaken(FACT, ledgers())
    assert not is_overtaken(replace(FACT, changed=Change("2", "queued/manual:new")), changed)
    assert not is_overtaken(replace(FACT, id="nobody/x:y"), changed)
    assert check(FACT, ledgers(STANDS)) is STANDS


def test_a_source_is_known_by_its_day_its_figures_or_the_text_in_which_it_stands():
    assert day_known(SOURCE, {}) == date(2020, 6, 1)
    undated = replace(SOURCE, published=None)
    assert day_known(undated, {}) == date(2020, 5, 1)
    assert day_known(replace(undated, facts=(replace(FACT, as_of=None),)), {}) is None
    assert day_known(SOURCE, {FACT.id: STANDS}) == date(2026, 8, 1)
    assert day_known(SOURCE, {FACT.id: replace(STANDS, newest=Newest.GONE)}) == date(2020, 6, 1)


@pytest.mark.parametrize(
    ("category", "checks", "today", "told"),
    [
        ("debugging", (), TODAY, True),
        ("debugging", (STANDS,), TODAY, False),
        ("debugging", (), date(2022, 6, 1), False),
        ("debugging", (), date(2022, 6, 2), True),
        ("incidents", (), TODAY, False),
    ],
)
def test_a_page_says_first_that_its_newest_source_is_old_and_was_not_seen_again(
    category, checks, today, told
):
    said = tell_old(category, [SOURCE], ledgers(*checks), today)
    assert ("2020-06-01" in said) is told
    assert bool(said) is told


def test_a_page_without_days_says_nothing():
    assert tell_old("debugging", [], ledgers(), TODAY) == ""


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, ""),
        (STANDS, "stands in the text of 2026-08-01"),
        (replace(STANDS, newest=Newest.MOVED, path="b.md"), "stands in the text of 2026-08-01, in b.md"),
        (replace(STANDS, newest=Newest.CHANGED), "no longer in the text of 2026-08-01"),
        (replace(STANDS, newest=Newest.GONE), "the document was gone by 2026-08-01"),
        (replace(STANDS, newest=None), "words seen in the copy on 2026-11-30"),
        (replace(STANDS, newest=None, cited=Cited.UNREAD), ""),
    ],
)
def test_what_readers_are_told_of_a_check(found, told):
    assert tell_check(found) == told
