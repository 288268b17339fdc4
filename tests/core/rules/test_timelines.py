"""Timelines: each rule from several angles, and how times are put in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.core.conftest import HERE, TODAY, fact, note, source

from atlas.records.model import Fact, Place, Role
from atlas.records.notes import FactUse, Notes, PageNote, TimelineNote, TimelineRow
from atlas.records.plan import Ledgers
from atlas.records.quantity import parse
from atlas.rules.seal import seal
from atlas.rules.timelines import KINDS, check_timelines, is_time, moment_of, owed_timeline

DAY = date(2024, 3, 5)
INCIDENT = note("incidents/acme")


def when(name: str, value: str, day: date | None = DAY) -> Fact:
    return fact(f"acme/outage:{name}", value, quantity=parse(value), as_of=day)


LEDGERS = Ledgers(
    sources={
        "acme/outage": source(
            "acme/outage",
            when("began", "22:52 UTC"),
            when("alerted", "22:54 UTC"),
            when("green", "00:10 UTC", date(2024, 3, 6)),
            when("outage", "43 s"),
            when("word", "READONLY"),
            when("undated", "11:00 UTC", None),
        )
    }
)


def rows(*lines: str) -> TimelineNote:
    made = []
    for number, line in enumerate(lines, 11):
        reference, kind, event = [part.strip() for part in [*line.split("|", 2), "", ""][:3]]
        made.append(TimelineRow(reference, kind, event, Place("source/page.md", number), event))
    return TimelineNote(INCIDENT.id, INCIDENT.docname, HERE, tuple(made))


LAWFUL = rows(
    "acme/outage:began | trigger | it began",
    "acme/outage | detected | somebody saw it",
    "acme/outage:alerted | tried | a restart",
    "acme/outage:green | over | all is well",
    "acme/outage | changed | fewer of them",
)


def found(*notes: TimelineNote) -> list[tuple[str, int]]:
    findings = check_timelines(notes, {INCIDENT.id: INCIDENT}, LEDGERS)
    return [(f.rule, f.place.line) for f in findings]


def with_row(line: str) -> TimelineNote:
    (row,) = rows(line).rows
    return replace(LAWFUL, rows=(LAWFUL.rows[0], replace(row, place=Place("p", 50)), *LAWFUL.rows[1:]))


def test_a_lawful_timeline_has_no_finding() -> None:
    assert found(LAWFUL) == []


@pytest.mark.parametrize(
    "line",
    [
        "acme/outage | noticed | x",
        "acme/outage | | x",
        "acme/outage | tried",
        "acme/outage",
        "| tried | x",
        "||",
    ],
)
def test_001_rows_that_are_malformed(line: str) -> None:
    assert ("TIMELINE001", 50) in found(with_row(line))


def test_002_a_row_out_of_order() -> None:
    turned = (LAWFUL.rows[2], LAWFUL.rows[0], *LAWFUL.rows[3:])
    assert found(replace(LAWFUL, rows=turned)) == [("TIMELINE002", 11)]
    late = (LAWFUL.rows[0], LAWFUL.rows[3], LAWFUL.rows[2])
    assert found(replace(LAWFUL, rows=late)) == [("TIMELINE002", 13)]


def test_003_trigger_and_end_are_owed() -> None:
    assert found(replace(LAWFUL, rows=LAWFUL.rows[1:])) == [("TIMELINE003", HERE.line)]
    assert found(replace(LAWFUL, rows=LAWFUL.rows[:3])) == [("TIMELINE003", HERE.line)]
    assert found(replace(LAWFUL, rows=())) == [("TIMELINE003", HERE.line)] * 2


@pytest.mark.parametrize("reference", ["acme/outage:begun", "acme/outtage", "acme/outtage:began", "acme"])
def test_004_references_that_lead_nowhere(reference: str) -> None:
    assert found(with_row(f"{reference} | tried | x")) == [("TIMELINE004", 50)]


@pytest.mark.parametrize("name", ["outage", "word", "undated"])
def test_005_facts_that_are_no_time(name: str) -> None:
    assert found(with_row(f"acme/outage:{name} | tried | x")) == [("TIMELINE005", 50)]


@pytest.mark.parametrize(
    ("event", "faults"),
    [
        ("drains 2,000 jobs/s", 1),
        ("two million jobs wait", 1),
        ("50 % fail", 1),
        ("after 43 seconds", 1),
        ("HTTP 503 from us-east-1", 0),
        ("on 21 October", 0),
        ("… jobs wait", 0),
    ],
)
def test_006_typed_numbers_in_events(event: str, faults: int) -> None:
    assert found(with_row(f"acme/outage | tried | {event}")) == [("TIMELINE006", 50)] * faults


def test_007_an_incident_owes_a_timeline() -> None:
    assert [f.rule for f in owed_timeline(Role.INCIDENT, None, INCIDENT)] == ["TIMELINE007"]
    assert list(owed_timeline(Role.INCIDENT, LAWFUL, INCIDENT)) == []
    assert list(owed_timeline(Role.GUIDE, None, INCIDENT)) == []


def test_008_a_timeline_of_no_diagram_or_two() -> None:
    assert found(replace(LAWFUL, diagram="incidents/other")) == [("TIMELINE008", HERE.line)]
    assert found(LAWFUL, replace(LAWFUL, place=Place("p", 60))) == [("TIMELINE008", 60)]


def test_sealing_keeps_the_rows_with_their_diagram() -> None:
    uses = tuple(FactUse(r.reference, INCIDENT.docname, r.place, "time") for r in LAWFUL.rows)
    page = PageNote(
        INCIDENT.docname, "Acme", uses=(*uses, FactUse("acme/gone:x", INCIDENT.docname, HERE, "time"))
    )
    atlas = seal(Notes((INCIDENT,), pages=(page,), timelines=(LAWFUL,)), LEDGERS, today=TODAY)
    diagram = atlas.diagrams[INCIDENT.id]
    assert diagram.timeline == LAWFUL.rows
    assert "acme/outage:began" in {f.id for f in diagram.cited}
    unused = {f.message.split()[1] for f in atlas.findings if f.rule == "FACT005"}
    assert unused == {f"acme/outage:{name}" for name in ("outage", "word", "undated")}
    assert not [f for f in atlas.findings if f.rule in ("FACT001", "SOURCE002")]


def test_an_incident_without_a_timeline_is_found_when_sealed() -> None:
    atlas = seal(Notes((INCIDENT,)), LEDGERS, today=TODAY)
    assert "TIMELINE007" in {f.rule for f in atlas.findings}


# Order of time


@pytest.mark.parametrize(
    ("first", "second", "ordered"),
    [
        ("22:52 UTC", "22:54 UTC", True),
        ("22:54 UTC", "22:52 UTC", False),
        ("22:52 UTC", "22:52 UTC", True),
        ("2 p.m. PST", "23:00 UTC", True),
        ("4 p.m. PST", "23:00 UTC", False),
        ("6:45 a.m. PT", "6:00 a.m. PST", True),
        ("7:30 a.m. PT", "7:00 a.m. PST", True),
        ("15:00 PDT", "21:30 UTC", False),
        ("14:00 UTC+2", "13:30 UTC", True),
        ("16:00 UTC+2", "13:30 UTC", False),
        ("midnight UTC", "06:45 UTC", True),
        ("noon UTC", "06:45 UTC", False),
        ("11:15", "11:50", True),
        ("12:20", "11:50", False),
        ("12:20", "11:50 UTC", True),
        ("12:20 XYT", "11:50 UTC", True),
        ("5 March", "06:45 UTC", True),
        ("5 March 2024", "06:45 UTC", True),
        ("6 March 2024", "06:45", False),
        ("2024-03-05 22:52 UTC", "22:51 UTC", False),
        ("9:57pm UTC", "9:16pm UTC", False),
        ("March 2024", "5 March 2024", True),
    ],
)
def test_times_in_order(first: str, second: str, ordered: bool) -> None:
    ledger = Ledgers(
        sources={
            "a/b": source(
                "a/b", *(replace(when(n, v), id=f"a/b:{n}") for n, v in (("x", first), ("y", second)))
            )
        }
    )
    note = rows("a/b:x | trigger | x", "a/b:y | over | y")
    wanted = [] if ordered else ["TIMELINE002"]
    assert [f.rule for f in check_timelines((note,), {INCIDENT.id: INCIDENT}, ledger)] == wanted


def test_order_is_kept_within_each_clock() -> None:
    """A row whose zone nobody names is compared with its like alone."""
    ledger = Ledgers(
        sources={
            "a/b": source(
                "a/b",
                *(
                    replace(when(n, v), id=f"a/b:{n}")
                    for n, v in (("x", "11:00"), ("y", "12:00 UTC"), ("z", "10:00"))
                ),
            )
        }
    )
    note = rows("a/b:x | trigger | x", "a/b:y | tried | y", "a/b:z | over | z")
    assert [f.place.line for f in check_timelines((note,), {INCIDENT.id: INCIDENT}, ledger)] == [13]


def test_an_earlier_end_of_a_span_does_not_move_what_follows() -> None:
    facts = (("x", "11:00 UTC"), ("y", "5 March 2024"), ("z", "10:00 UTC"))
    ledger = Ledgers(sources={"a/b": source("a/b", *(replace(when(n, v), id=f"a/b:{n}") for n, v in facts))})
    note = rows("a/b:x | trigger | x", "a/b:y | tried | y", "a/b:z | over | z")
    assert [f.place.line for f in check_timelines((note,), {INCIDENT.id: INCIDENT}, ledger)] == [13]
    zoned = (("x", "11:00 UTC"), ("y", "10:59 UTC to 11:20 UTC"), ("z", "10:30 UTC"))
    ledger = Ledgers(sources={"a/b": source("a/b", *(replace(when(n, v), id=f"a/b:{n}") for n, v in zoned))})
    assert [f.place.line for f in check_timelines((note,), {INCIDENT.id: INCIDENT}, ledger)] == [13]


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("22:52 UTC", True),
        ("5 March", True),
        ("midnight", True),
        ("43 s", False),
        ("READONLY", False),
        ("9", False),
    ],
)
def test_what_is_a_time(value: str, time: bool) -> None:
    assert is_time(when("x", value)) is time
    assert (moment_of(when("x", value)) is not None) is time


def test_a_clock_without_its_day_has_no_moment() -> None:
    assert moment_of(when("x", "22:52 UTC", None)) is None
    assert moment_of(when("x", "midnight UTC", None)) is None
    assert moment_of(when("x", "5 March", None)) is None
    assert moment_of(when("x", "5 March 2024", None)) is not None


def test_every_kind_has_words() -> None:
    assert list(KINDS) == ["trigger", "detected", "escalated", "tried", "mended", "over", "changed"]
    assert all(KINDS.values())
