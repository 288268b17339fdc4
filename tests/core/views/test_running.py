"""What stands above a picture, and the words for commands and timelines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.core.conftest import HERE, TODAY, fact, note, source

from atlas.records.notes import CommandNote, FactUse, Graph, Node, Notes, PageNote, TimelineRow
from atlas.records.plan import Ledgers
from atlas.rules.atlas import Atlas
from atlas.rules.effects import Effect
from atlas.rules.seal import seal
from atlas.views import running

LOOK = CommandNote("look", "debugging/full", HERE, "df", "debugging/full", run_first=True)
LEDGERS = Ledgers(
    sources={
        "a/b": source(
            "a/b",
            fact("a/b:x", "22:52 UTC", as_of=date(2024, 3, 5)),
            fact("a/b:y", "5 March", as_of=date(2024, 3, 5)),
            fact("a/b:z", "noon UTC", as_of=date(2024, 3, 6)),
            fact("a/b:u", "11:00 UTC", as_of=None),
        )
    }
)


def drawn(id: str, *links: str):
    return note(
        id, Graph("flowchart", nodes=tuple(Node(f"N{n}", "x", n, link=k) for n, k in enumerate(links)))
    )


def sealed(*commands: CommandNote, links: tuple[str, ...] = (), uses: tuple[str, ...] = ()) -> Atlas:
    pages = (
        PageNote("incidents/x", "X", uses=tuple(FactUse(u, "incidents/x", HERE, "diagram") for u in uses)),
    )
    diagrams = (
        drawn("incidents/x", *links),
        note("debugging/full"),
        note("debugging/other"),
        note("systems/x"),
    )
    return seal(Notes(diagrams, pages=pages, commands=commands), LEDGERS, today=TODAY)


def first(atlas: Atlas, id: str = "incidents/x") -> tuple[list[str], str]:
    commands, guide = running.run_first(atlas.diagrams[id], atlas)
    return [c.id for c in commands], guide.id if guide else ""


def test_a_guide_shows_its_own() -> None:
    atlas = sealed(LOOK, replace(LOOK, id="more"), replace(LOOK, id="late", run_first=False))
    assert first(atlas, "debugging/full") == (["look", "more"], "")


def test_an_incident_borrows_the_first_of_a_guide_that_it_leads_to() -> None:
    more = replace(LOOK, id="more")
    assert first(sealed(LOOK, more, links=("a/b", "debugging/full"))) == (["look"], "debugging/full")
    assert first(sealed(LOOK, uses=("systems/x", "debugging/full"))) == (["look"], "debugging/full")
    other = replace(LOOK, id="other", diagram="debugging/other", docname="debugging/other")
    both = sealed(LOOK, other, links=("debugging/other",), uses=("debugging/full",))
    assert first(both) == (["other"], "debugging/other")


def test_a_guide_with_nothing_to_run_is_passed_over() -> None:
    assert first(sealed(LOOK, links=("debugging/other", "debugging/full"))) == (["look"], "debugging/full")
    assert first(sealed(LOOK)) == ([], "")


def test_an_incident_with_its_own_borrows_nothing() -> None:
    own = replace(LOOK, id="own", diagram="incidents/x", docname="incidents/x")
    assert first(sealed(LOOK, own, links=("debugging/full",))) == (["own"], "")


def test_only_incidents_borrow() -> None:
    assert first(sealed(LOOK, links=("debugging/full",)), "systems/x") == ([], "")


def test_a_diagram_that_does_not_parse_borrows_by_its_page() -> None:
    page = PageNote("incidents/x", "X", uses=(FactUse("debugging/full", "incidents/x", HERE, "diagram"),))
    notes = Notes((note("incidents/x"), note("debugging/full")), pages=(page,), commands=(LOOK,))
    assert first(seal(notes, Ledgers(), today=TODAY)) == (["look"], "debugging/full")
    assert first(seal(replace(notes, pages=()), Ledgers(), today=TODAY)) == ([], "")


def test_every_effect_has_a_word() -> None:
    assert set(running.EFFECTS) == set(Effect)


def test_where_a_command_stands() -> None:
    assert running.command_id(LOOK) == "debugging-full-command-look"
    assert running.command_id(replace(LOOK, diagram="")) == "debugging-full-command-look"


def test_what_it_runs_on() -> None:
    assert running.runs_on(replace(LOOK, on=("redis >= 7.0", "linux <= 6"))) == "redis ≥ 7.0, linux ≤ 6"


@pytest.mark.parametrize(
    ("expect", "prints", "says"),
    [
        ("nothing", "", "Prints nothing where it works."),
        ("^OK", "", "Expect output that matches `^OK`."),
        ("^OK", "OK", ""),
        ("", "", ""),
    ],
)
def test_what_to_expect(expect: str, prints: str, says: str) -> None:
    assert running.expected(replace(LOOK, expect=expect, prints=prints)) == says


def test_the_day_stands_where_it_changes() -> None:
    atlas, day, shown = sealed(), "", []
    for reference in ("a/b:x", "a/b:x", "a/b", "a/b:y", "a/b:z", "a/b:u", "a/b:gone"):
        text, day = running.time_of(TimelineRow(reference, "tried", "x", HERE), atlas, day)
        shown.append(text)
    assert shown == [
        "2024-03-05 22:52 UTC",
        "22:52 UTC",
        "no time published",
        "5 March",
        "2024-03-06 noon UTC",
        "11:00 UTC",
        "no time published",
    ]


def test_kinds_in_words() -> None:
    assert running.kind_of(TimelineRow("a/b", "over", "x", HERE)) == "all clear"
    assert running.kind_of(TimelineRow("a/b", "odd", "x", HERE)) == "odd"
