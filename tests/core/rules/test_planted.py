"""The planted faults of the reference: each is caught, or not, as the page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.core.conftest import HERE, fact, source

from atlas.records import quantity
from atlas.records.house import HOUSE
from atlas.records.notes import CheckNote, GateNote, PageNote
from atlas.records.plan import Ledgers
from atlas.records.sources import check_source
from atlas.rules import figures, gates
from atlas.rules.planted import PLANTED, Planted
from atlas.rules.saying import check_says
from atlas.rules.table import RULES


def rules_of(planted: Planted) -> set[str]:
    """The rules that are broken where a fault is planted."""
    if planted.rule == "GATE005":
        note = GateNote("3am", "x/y", "page", HERE, (CheckNote("Logs", planted.fault, 4),))
        return {f.rule for f in gates.check_gate(note, HOUSE.gates)}
    if planted.rule == "FACT011":
        prose = figures.REFERENCE.sub(figures.SHOWN, planted.fault)
        return {f.rule for f in figures.check_prose(PageNote("page", "P", f"3\t{prose}", HERE), [])}
    lost = fact("acme/outage:lost", "43", text="43", quantity=quantity.parse("43"))
    if planted.rule == "FACT004":
        told = fact("acme/outage:x", "43", text="", derived=planted.fault, quantity=quantity.parse("43"))
    elif planted.rule == "FACT014":
        told = replace(lost, id="acme/outage:x", value="40 s", text="40 s", says=planted.fault)
        told = replace(told, quantity=quantity.parse("40 s"))
    else:
        value, _, text = planted.fault.partition(" from ")
        told = fact("acme/outage:x", value, text=text, quantity=quantity.parse(value))
    known = source("acme/outage", lost, told)
    found = [*check_source(known, today=date(2026, 11, 24)), *check_says(Ledgers(sources={known.id: known}))]
    return {f.rule for f in found}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.rule} {planted.fault!r}")
def test_a_planted_fault(planted: Planted) -> None:
    assert planted.rule in RULES
    assert (planted.rule in rules_of(planted)) is planted.caught
