"""Sealing: every rule that needs the whole atlas, statuses, exemptions, and what a review is of."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from tests.core.conftest import HERE, TODAY, fact, gate, note, queue_graph, source

from atlas.records.house import HOUSE, Charge, Gate
from atlas.records.model import Fact, Finding, Place, Role, Status, Term
from atlas.records.notes import (
    CheckNote,
    CommandNote,
    FactUse,
    GateNote,
    Graph,
    Node,
    Notes,
    PageNote,
    TimelineRow,
)
from atlas.records.plan import Catalogue, Exemption, Kind, Ledgers, Review, System
from atlas.rules.atlas import Atlas
from atlas.rules.reviews import _NOT_SAID, content_hash
from atlas.rules.seal import seal
from atlas.rules.table import SAFETY

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


def test_a_house_asks_and_owes_what_it_says() -> None:
    doors = Gate("doors", "Doors", "Who gets in", "Who gets in?", ("Access",))
    charges = {"notes": Charge(Role.GUIDE)}
    house = replace(HOUSE, gates={"doors": doors}, owes=(frozenset({"doors"}),), categories=charges, kinds={})
    ledgers = Ledgers(sources={OUTAGE.id: OUTAGE}, house=house)
    written = GateNote("doors", "notes/x", "notes/x", HERE, (CheckNote("Access", "by the proxy", 20),))
    atlas = sealed(note("notes/x"), note("notes/y"), gates=(written,), ledgers=ledgers)
    assert [(r.gate, r.asks, r.verdict) for r in atlas.diagrams["notes/x"].gates] == [
        ("doors", doors, "passed")
    ]
    assert atlas.diagrams["notes/x"].role is Role.GUIDE
    owed = [(f.rule, f.diagram) for f in atlas.findings if f.rule in ("GATE003", "GATE006", "COMMAND014")]
    assert sorted(owed) == [("COMMAND014", "notes/x"), ("COMMAND014", "notes/y"), ("GATE003", "notes/y")]


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


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ({"version": "1.1"}, "is of version 1.1, and the page has 1.0"),
        ({"sources": ("acme/outage", "acme/other")}, "names the source acme/other"),
        ({"confirmed": 1, "corrected": 1}, "counts 2 figures where its sources have 1"),
        ({"sources": (), "confirmed": 1}, "counts 1 figures where its sources have 0"),
        ({"confirmed": 1, "removed": 9}, ""),
        ({"hash": "0" * 32, "version": "7.7", "confirmed": 99}, ""),
    ],
)
def test_a_review_claims_no_more_than_its_page_holds(claim: dict[str, object], fault: str) -> None:
    drawn = note("x/y", GRAPH, sources=(OUTAGE.id,))
    digest = sealed(drawn).diagrams["x/y"].hash
    when = datetime(2026, 11, 1, tzinfo=UTC)
    plain = Review("x/y", digest, "1.0", when, "R", "all of it", (OUTAGE.id,), HERE)
    ledgers = Ledgers(sources={OUTAGE.id: OUTAGE}, reviews=(replace(plain, **claim),))  # type: ignore[arg-type]
    found = [f for f in sealed(drawn, ledgers=ledgers).findings if f.rule == "REVIEW004"]
    assert [fault in f.message for f in found] == ([True] if fault else [])


def test_a_review_that_stands_twice() -> None:
    review = Review("x/y", "0" * 32, "1.0", datetime(2026, 11, 1, tzinfo=UTC), "R", "all", (), HERE)
    other = replace(review, who="S")
    twice = Ledgers(reviews=(review, other, replace(review, place=Place("p", 9))))
    (finding,) = [f for f in sealed(note("x/y"), ledgers=twice).findings if f.rule == "REVIEW005"]
    assert finding.place == Place("p", 9)


def test_what_a_review_is_of() -> None:
    drawn, facts, gates = note("x/y", GRAPH), OUTAGE.facts, (gate("3am", "x/y"),)
    plain = content_hash(drawn, facts, gates)
    assert re.fullmatch(r"2-[0-9a-f]{32}", plain)
    moved = (replace(facts[0], place=Place("p", 99)), *facts[1:])
    assert content_hash(replace(drawn, place=Place("p", 99)), moved, gates) == plain
    for change in ({"title": "new"}, {"alt": "new"}, {"symptoms": ("new",)}, {"alerts": ("new",)}):
        assert content_hash(replace(drawn, **change), facts, gates) != plain
    command = GateNote("reads", "x/y", "x/y", Place("p", 1), (CheckNote("a", "b", 3, ("c",)),))
    commanded = content_hash(drawn, facts, gates, (command,))
    assert commanded != plain
    assert content_hash(drawn, facts, gates, (replace(command, place=Place("p", 2)),)) == commanded
    assert content_hash(drawn, facts, gates, (replace(command, gate="changes"),)) != commanded
    assert content_hash(replace(drawn, text="other"), facts, gates) != plain
    assert content_hash(drawn, (replace(facts[0], value="2 M jobs"),), gates) != plain
    assert content_hash(drawn, facts, (gate("incident", "x/y"),)) != plain


def test_what_is_hashed_of_a_record_is_chosen() -> None:
    """A new field joins the hash, and voids every review, unless it is named here and left out there."""
    said = {
        Fact: "id value says text where as_of statistic scope derived corroborates dated of copy changed",
        CommandNote: "id text gate effect on expect run_first loses look prints says",
        TimelineRow: "reference kind event",
    }
    for kind, names in said.items():
        assert {f.name for f in fields(kind)} - _NOT_SAID == set(names.split())


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


def test_findings_that_come_later_stand_beside_those_of_their_diagram() -> None:
    before = sealed(note("x/y", GRAPH, sources=("acme/outage",)), note("x/z"))
    late = Finding("MERMAID006", "not drawn", HERE, "", "x/y")
    stray = Finding("MERMAID006", "not drawn", HERE)
    after = before.with_findings([late, stray])
    assert after.findings == (*before.findings, late, stray)
    assert after.diagrams["x/y"].findings == (*before.diagrams["x/y"].findings, late)
    assert after.diagrams["x/z"] is before.diagrams["x/z"]


@pytest.mark.parametrize("rule", sorted(SAFETY))
def test_no_exemption_is_given_from_a_rule_of_safety(rule: str) -> None:
    leave = Exemption(rule, "x/y", "because", "R. Reviewer", date(2999, 1, 1), HERE)
    graph = Graph("flowchart", nodes=(Node("A", "a", 1, link="javascript:alert(1)"),))
    ledgers = Ledgers(sources={OUTAGE.id: OUTAGE}, exemptions=(leave,))
    found = rules(sealed(note("x/y", graph, sources=("acme/outage",)), ledgers=ledgers))
    assert "GATE011" in found
    assert "LINK002" in found


def test_leave_is_given_for_a_page_too() -> None:
    pages = tuple(
        PageNote(name, "T", "3\tIt took 43 seconds.", Place(f"docs/{name}.md")) for name in ("rota", "other")
    )
    leave = Exemption("FACT011", "page:rota", "because", "R. Reviewer", TODAY, HERE)
    found = seal(Notes(pages=pages), Ledgers(exemptions=(leave,)), today=TODAY).findings
    assert [(f.rule, f.place.path) for f in found] == [("FACT011", "docs/other.md")]
    idle = replace(leave, diagram="page:nowhere")
    assert "GATE008" in {f.rule for f in seal(Notes(), Ledgers(exemptions=(idle,)), today=TODAY).findings}


def test_ids_without_a_category_share_one() -> None:
    atlas = sealed(note("order-path"), note("refund-path"), note("patterns/x"))
    assert [d.category for d in atlas.diagrams.values()] == ["general", "patterns", "general"]
