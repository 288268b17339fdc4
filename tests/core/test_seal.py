"""Sealing: every rule that needs the whole atlas, statuses, exemptions, and what a review is of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from atlas.model import (
    Catalogue,
    Exemption,
    FactUse,
    Graph,
    Kind,
    Ledgers,
    Node,
    Notes,
    PageNote,
    Place,
    Review,
    Status,
    System,
    Term,
)
from atlas.seal import Atlas, content_hash, seal

from .conftest import HERE, TODAY, fact, gate, note, queue_graph, source

OUTAGE = source("acme/outage", fact("acme/outage:backlog", "1 M jobs"))
GRAPH = Graph("flowchart", nodes=(Node("A", "${backlog}", 1),))
PAGE = PageNote("incidents/acme", "Acme")


def rules(atlas: Atlas) -> list[str]:
    return sorted(f.rule for f in atlas.findings)


def sealed(*diagrams: object, ledgers: Ledgers | None = None, **more: object) -> Atlas:
    notes = Notes(diagrams=diagrams, **more)  # type: ignore[arg-type]
    return seal(notes, ledgers or Ledgers(sources={OUTAGE.id: OUTAGE}), today=TODAY)


def linked(link: str) -> Atlas:
    graph = Graph("flowchart", nodes=(Node("A", "a", 1, link=link),))
    drawn = replace(note("x/y", graph, sources=("acme/outage",)), text=f'flowchart LR\n A\n click A "{link}"')
    ledgers = Ledgers(sources={OUTAGE.id: OUTAGE}, terms={"BGP": Term("BGP", "b", "s", HERE)})
    return sealed(drawn, note("debugging/queue-full"), ledgers=ledgers)


@pytest.mark.parametrize("link", ["BGP", "acme/outage", "debugging/queue-full", "https://example.org/"])
def test_links_that_lead_somewhere(link: str) -> None:
    assert not [r for r in rules(linked(link)) if r.startswith("LINK")]


def test_a_dead_link_is_found_where_it_is_written() -> None:
    (finding,) = [f for f in linked("debugging/queue-fill").findings if f.rule == "LINK001"]
    assert finding.place.line == 11
    assert finding.hint.startswith("did you mean debugging/queue-full")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.org/", "data:text/html,x"])
def test_other_schemes_are_refused(link: str) -> None:
    assert "LINK002" in rules(linked(link))


def test_a_link_without_a_click_line_is_found_at_its_node() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "a", 2, link="gone"),))
    (finding,) = [f for f in sealed(note("x/y", graph)).findings if f.rule == "LINK001"]
    assert finding.place.line == 10


def test_two_pages_racing_for_one_id() -> None:
    first, second = note("x/y"), replace(note("x/y"), docname="z", place=Place("source/z.md", 3))
    (finding,) = [f for f in sealed(second, first).findings if f.rule == "DIAGRAM001"]
    assert finding.place == second.place
    assert str(first.place) in finding.message


def test_sources_that_are_missing_or_unknown() -> None:
    assert "SOURCE001" in rules(sealed(note("x/y")))
    assert "SOURCE002" in rules(sealed(note("x/y", sources=("acme/outagge",))))


def test_gates_without_diagram_twice_or_unknown() -> None:
    gates = (
        gate("3am", "x/y"),
        gate("3am", "x/y"),
        gate("3am", "nowhere"),
        replace(gate("3am", "x/y"), gate="4am"),
    )
    found = rules(sealed(note("x/y"), gates=gates))
    assert found.count("GATE004") == 2
    assert "GATE001" in found


def test_gates_that_are_owed() -> None:
    assert rules(sealed(note("incidents/acme"))).count("GATE003") == 2
    assert "GATE003" not in rules(sealed(note("patterns/x"), gates=(gate("3am", "patterns/x"),)))


def test_a_failed_check_is_reported() -> None:
    found = [f for f in sealed(note("x/y", queue_graph())).findings if f.rule == "GATE006"]
    assert {f.message.partition(":")[0] for f in found} >= {"Acronyms explained", "Flow directional"}


def test_categories_systems_and_kinds_must_be_planned() -> None:
    plan = Catalogue(systems=(System("acme", "Acme", 1),), kinds=(Kind("storage", "Storage"),))
    ledgers = Ledgers(catalogue=plan)
    assert (
        rules(sealed(note("systems/x", system="acne", kind="storag"), ledgers=ledgers)).count("CATALOGUE004")
        == 2
    )
    assert "CATALOGUE004" not in rules(
        sealed(note("systems/x", system="acme", kind="storage"), ledgers=ledgers)
    )


@pytest.mark.parametrize(
    ("role", "target", "rule"),
    [
        ("fact", "a/b:c", "FACT001"),
        ("source", "a/b", "SOURCE002"),
        ("diagram", "a/b", "LINK001"),
        ("term", "X", "LINK001"),
    ],
)
def test_references_in_prose_that_lead_nowhere(role: str, target: str, rule: str) -> None:
    page = replace(PAGE, uses=(FactUse(target, PAGE.docname, HERE, role),))
    assert rule in rules(sealed(pages=(page,)))


def test_a_fact_used_nowhere() -> None:
    rate = fact("acme/outage:rate", "5/s", derived="(backlog) / spare")
    spare, idle = fact("acme/outage:spare", "2"), fact("acme/outage:idle", "3")
    acme = source("acme/outage", *OUTAGE.facts, rate, spare, idle)
    page = replace(PAGE, uses=(FactUse(rate.id, PAGE.docname, HERE),))
    found = [f.message for f in sealed(ledgers=Ledgers(sources={acme.id: acme}), pages=(page,)).findings]
    assert found == ["fact acme/outage:idle is used nowhere"]


def test_a_chain_of_derived_facts_needs_all_its_links() -> None:
    chain = [fact("acme/outage:c0", "1"), fact("acme/outage:idle", "3", derived="c1 * 3")]
    chain += [fact(f"acme/outage:c{n}", "2", derived=f"(c{n - 1}) * c0") for n in (1, 2, 3)]
    acme = source("acme/outage", *chain)
    page = replace(PAGE, uses=(FactUse("acme/outage:c3", PAGE.docname, HERE),))
    found = [f.message for f in sealed(ledgers=Ledgers(sources={acme.id: acme}), pages=(page,)).findings]
    assert found == ["fact acme/outage:idle is used nowhere"]


def test_exemptions() -> None:
    def granted(rule: str, diagram: str, day: date) -> Atlas:
        exemption = Exemption(rule, diagram, "r", "R", day, HERE)
        return sealed(
            note("patterns/x"), gates=(gate("3am", "patterns/x"),), ledgers=Ledgers(exemptions=(exemption,))
        )

    plain = rules(granted("GATE006", "patterns/x", TODAY))
    assert "GATE006" not in plain
    assert plain == ["SOURCE001"]
    assert rules(granted("GATE006", "patterns/x", date(2026, 11, 23))) == ["GATE006", "GATE007", "SOURCE001"]
    assert "GATE008" in rules(granted("FACT003", "patterns/x", TODAY))
    (lost,) = [f for f in granted("FACT003", "patterns/z", TODAY).findings if f.rule == "GATE008"]
    assert "patterns/x" in lost.hint


def reviewed(day: int, *, spec: str = "", version: str = "1.0", digest: str = "") -> Atlas:
    drawn = note("patterns/x", GRAPH, sources=(OUTAGE.id,), version=version)
    when = datetime(2026, 11, day, tzinfo=UTC)
    hash = digest or content_hash(drawn, OUTAGE.facts, ())
    review = Review("patterns/x", hash, "1.0", when, "R", "all", (OUTAGE.id,), HERE, spec)
    older = replace(review, when=datetime(2026, 10, 1, tzinfo=UTC))
    ledgers = Ledgers(sources={OUTAGE.id: OUTAGE}, reviews=(review, older), specs={"patterns": "now"})
    return seal(Notes(diagrams=(drawn,)), ledgers, today=TODAY, max_age=10)


@pytest.mark.parametrize(
    ("atlas", "status"),
    [
        (reviewed(20), Status.UP_TO_DATE),
        (reviewed(20, spec="now"), Status.UP_TO_DATE),
        (reviewed(20, spec="then"), Status.OUTDATED),
        (reviewed(13), Status.OUTDATED),
        (reviewed(20, digest="0" * 32), Status.NEEDS_REVIEW),
        (reviewed(20, version=""), Status.MISSING_VERSION),
    ],
)
def test_status_is_computed(atlas: Atlas, status: Status) -> None:
    assert atlas.diagrams["patterns/x"].status is status


def test_a_review_of_an_unknown_diagram() -> None:
    review = Review("patterns/y", "0" * 32, "1.0", datetime(2026, 11, 1, tzinfo=UTC), "R", "all", (), HERE)
    assert "REVIEW003" in rules(sealed(note("patterns/x"), ledgers=Ledgers(reviews=(review,))))


def test_what_a_review_is_of() -> None:
    drawn, facts, gates = note("x/y", GRAPH), OUTAGE.facts, (gate("3am", "x/y"),)
    plain = content_hash(drawn, facts, gates)
    assert len(plain) == 32
    assert content_hash(replace(drawn, caption="new", place=Place("p", 99)), facts, gates) == plain
    assert content_hash(replace(drawn, text="other"), facts, gates) != plain
    assert content_hash(drawn, (replace(facts[0], value="2 M jobs"),), gates) != plain
    assert content_hash(drawn, facts, (gate("incident", "x/y"),)) != plain


def test_a_sealed_diagram_speaks() -> None:
    drawn = note(
        "x/y",
        GRAPH,
        sources=(OUTAGE.id,),
        title="T ${backlog}",
        caption="C ${backlog}",
        alt="A ${backlog}",
        system="acme",
    )
    atlas = sealed(drawn)
    diagram = atlas.diagrams["x/y"]
    assert (diagram.title, diagram.caption, diagram.alt) == ("T 1 M jobs", "C 1 M jobs", "A 1 M jobs")
    assert diagram.label("x\n${backlog}") == "x 1 M jobs"
    assert diagram.facts_of("${backlog} ${gone}") == [OUTAGE.facts[0]]
    assert diagram.sourced
    assert diagram.dates == [OUTAGE.facts[0].as_of]
    assert [atlas.title_of(t) for t in ("x/y", OUTAGE.id, "zzz")] == ["T 1 M jobs", OUTAGE.title, "zzz"]
    assert (atlas.docname_of("x/y"), atlas.docname_of("zzz")) == ("x/y", "")
    assert (atlas.system_name("acme"), atlas.category("x")) == ("acme", None)
    assert atlas.on_page("x/y") == [diagram]
    assert atlas.on_page("zzz") == []
