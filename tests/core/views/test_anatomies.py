"""Incidents by date, corrections, and the diagram on the home page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.conftest import HERE, fact, source

from atlas.records.model import Change, Quantity
from atlas.records.notes import Graph, Node, TimelineRow
from atlas.records.plan import Ledgers
from atlas.rules.gates import Answer, Check, GateResult
from atlas.views.anatomies import broke, by_date, lasted
from atlas.views.blocks import Cell, Picture, Prose, Table
from atlas.views.corrections import corrections
from atlas.views.home import home
from atlas.views.render import targets


def told(diagram, text, *facts, timeline=()):
    """An incident whose recovery time says so, and that cites these facts."""
    check = Check("Recovery time", Answer.ANSWERED, text=text)
    gates = (GateResult("incident", (Check("Rollback", Answer.ANSWERED), check), HERE),)
    return replace(diagram, gates=gates, cited=facts, timeline=timeline)


@pytest.fixture
def incident(atlas):
    return atlas.diagrams["incidents/acme"]


BEGAN = fact("acme/outage:began", "12:18 UTC", quantity=Quantity(1, 1, "clock"))
OVER = fact("acme/outage:over", "15:45 UTC", quantity=Quantity(2, 2, "clock"))
NEARLY = fact("acme/outage:nearly", "15:40 UTC", quantity=Quantity(2, 2, "clock"))
LONG = fact("acme/outage:long", "3 h", quantity=Quantity(10800, 10800, "s"))


def rows_of(block):
    assert isinstance(block, Table)
    return block.rows


def row(kind, reference):
    return TimelineRow(reference, kind, "something", HERE)


def test_the_duration_that_the_recovery_time_states(incident):
    text = "From acme/outage:began on, acme/outage:long in all; not acme/outage:unknown."
    assert lasted(told(incident, text, BEGAN, LONG)) == "3 h"
    assert lasted(told(incident, "acme/outage:long", BEGAN)) == ""


def test_else_the_times_of_trigger_and_all_clear(incident):
    ends = [row("over", reference) for reference in (NEARLY.id, OVER.id, "acme/outage")]
    rows = (row("trigger", BEGAN.id), *ends)
    known = (BEGAN, NEARLY, OVER)
    assert lasted(told(incident, "acme/outage:began", *known, timeline=rows)) == "12:18 UTC to 15:45 UTC"
    assert lasted(told(incident, "nobody says", *known, timeline=rows[1:])) == ""


def test_what_broke_is_named_by_its_boxes(incident):
    broken = tuple(Node(id, f"{id} box\nmore", 1, "state", classes=("broken",)) for id in "ABC")
    graph = Graph("flowchart", nodes=(Node("Z", "fine", 1, "state"), *broken))
    assert broke(replace(incident, note=replace(incident.note, graph=graph))) == "A box; B box"
    assert broke(replace(incident, note=replace(incident.note, graph=None))) == ""


def test_incidents_stand_by_date_the_latest_first(atlas, incident):
    days = ("incidents/acme-2024-03-05", "incidents/undated", "incidents/acme-2025-01-01")
    diagrams = {id: replace(incident, note=replace(incident.note, id=id)) for id in days}
    table = by_date(replace(atlas, diagrams=diagrams))
    assert isinstance(table, Table)
    assert [(r[0].text, r[1].target) for r in table.rows] == [
        ("2025-01-01", days[2]),
        ("2024-03-05", days[0]),
        ("–", days[1]),
    ]


def test_no_incident_is_said(bare):
    assert by_date(bare) == Prose("No incident is drawn yet.")


def test_home_shows_the_diagram_that_it_is_given(atlas):
    shown = home(atlas, "incidents/acme")
    [picture] = [b for s in shown for b in s.blocks if isinstance(b, Picture)]
    assert picture == Picture("incidents/acme", atlas.diagrams["incidents/acme"].hash)
    assert "incidents/acme" in targets([s for s in shown if s.id == "live"])
    assert not [b for s in home(atlas) for b in s.blocks if isinstance(b, Picture)]


def test_corrections_are_those_of_readings_that_put_something_right(atlas):
    first = atlas.ledgers.reviews[0]
    reviews = (
        replace(first, corrected=2, removed=0, when=first.when.replace(year=2020), id="incidents/gone"),
        replace(first, corrected=0, removed=0),
        replace(first, corrected=1, removed=1),
        replace(first, corrected=0, removed=3, when=first.when.replace(year=2021)),
    )
    mended, _ = corrections(replace(atlas, ledgers=replace(atlas.ledgers, reviews=reviews)))
    [table] = mended.blocks
    assert [(r[1], r[2].text) for r in rows_of(table)] == [
        (Cell("The page", "incidents/acme"), "1 figure corrected, 1 figure removed"),
        (Cell("The page", "incidents/acme"), "3 figures removed"),
        (Cell("incidents/gone"), "2 figures corrected"),
    ]


def test_figures_that_a_later_version_changed_say_what_holds_since(bare):
    old = fact("db/manual:limit", "64", changed=Change("2.0", "db/manual:new"))
    lost = fact("db/manual:other", "8", changed=Change("3.0", "db/manual:gone"))
    new = fact("db/manual:new", "128")
    ledgers = Ledgers(sources={"db/manual": source("db/manual", old, new, lost)})
    _, changed = corrections(replace(bare, ledgers=ledgers))
    [table] = changed.blocks
    assert [tuple(cell.text for cell in row) for row in rows_of(table)] == [
        ("64", "says db/manual:limit", "2.0", "128"),
        ("8", "says db/manual:other", "3.0", "db/manual:gone"),
    ]


def test_nothing_corrected_is_said(bare):
    texts = [block for section in corrections(bare) for block in section.blocks]
    assert [type(text) for text in texts] == [Prose, Prose]
