"""The tally of what was seen again, by hand, and the pages that rest on what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from atlas.records.checks import fact_key
from atlas.records.model import Place
from atlas.records.plan import Check, Cited, Newest
from atlas.rules.atlas import Atlas
from atlas.views import checking
from atlas.views.blocks import Table


def checked(atlas: Atlas, newest: Newest | None, **more) -> Atlas:
    """The atlas with a check of `acme/outage:backlog`."""
    source = atlas.ledgers.sources["acme/outage"]
    key = fact_key(source, source.facts[0])
    known: dict[str, Any] = {"by": "words", "at": "a" * 40, "of": date(2026, 8, 1)} | more
    check = Check("acme/outage:backlog", Place("x"), key, atlas.today, Cited.SEEN, newest=newest, **known)
    return replace(atlas, ledgers=replace(atlas.ledgers, checks={check.id: check}))


def test_a_tally_counts_facts_that_are_not_derived(atlas):
    tallies = checking.tally_checks(checked(atlas, Newest.STANDS))
    assert list(tallies) == ["operator", "press", "all"]
    operator, whole = tallies["operator"], tallies["all"]
    assert (operator.facts, operator.checked, operator.seen, operator.again, operator.stands) == (
        2,
        1,
        1,
        1,
        1,
    )
    assert (whole.facts, whole.checked, whole.age, whole.old) == (3, 1, 994, 2)
    assert checking.tally_checks(checked(atlas, None))["all"].again == 0


def test_nothing_is_told_of_an_atlas_without_facts(bare):
    assert checking.tally_checks(bare) == {}
    tables = [block for block in checking.checks(bare) if isinstance(block, Table)]
    assert not any(table.rows for table in tables)


def test_a_tier_without_days_has_no_age(atlas):
    source = atlas.ledgers.sources["press/story"]
    undated = replace(source, facts=tuple(replace(f, as_of=None) for f in source.facts))
    ledgers = replace(atlas.ledgers, sources={source.id: undated})
    told = checking.tally_checks(replace(atlas, ledgers=ledgers))
    assert told["press"].age is None
    [table] = [b for b in checking.checks(replace(atlas, ledgers=ledgers)) if isinstance(b, Table)][:1]
    assert table.rows[0][-2].text == "–"


def test_the_worst_pages_are_old_then_overtaken(atlas):
    worst = checking.checks(checked(atlas, Newest.CHANGED))[-1]
    assert isinstance(worst, Table)
    told = [(row[0].target, row[1].text, row[3].text) for row in worst.rows]
    assert told == [
        ("debugging/queue-full", "1", "yes"),
        ("strays/one", "0", "yes"),
        ("systems/acme/architecture", "0", "yes"),
        ("incidents/acme", "1", "no"),
    ]
