"""Figures: references, what a typed digit is, and what is no figure at all."""

from __future__ import annotations

import pytest

from atlas import figures
from atlas.model import Graph, Ledgers, Node, PageNote, Place, Technology

from .conftest import fact, note, source


def test_prose_may_hold_dates_and_names_its_line() -> None:
    prose = "3\tOn 21 October 2018 and 2024-03-05 in 2019 all was well.\n9\tIt took 43 seconds."
    page = PageNote("page", "T", prose, Place("source/page.md"))
    found = list(
        figures.check_prose(page, [Technology("k", ("Kafka",), "log", "https://k.example/x", Place("t"))])
    )
    assert [(f.rule, f.place.line) for f in found] == [("FACT011", 9)]
    assert list(figures.check_prose(PageNote("page", "T"), [])) == []


def test_answers_are_prose_and_headings_may_be_numbered() -> None:
    page = PageNote("page", "T", "1\t2. Restart", Place("source/page.md"), answers="7\t500,000 users, $3 M")
    found = [f.message.split("'")[1] for f in figures.check_prose(page, [])]
    assert found == ["500,000", "$3"]


def test_labels_captions_and_titles_are_looked_at() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "3 ${nodes} of ${oct21:parts}", 2),))
    symptoms = ("504 Gateway Time-out", "40 users wait")
    written = note("x/y", graph, title="18 down", caption="7 of them", alt="On 5 March", symptoms=symptoms)
    found = [(f.place.line, f.message.split("'")[1]) for f in figures.check_labels(written, [])]
    assert found == [(10, "3"), (7, "18"), (7, "7"), (7, "40")]
    assert list(figures.check_labels(note("x/y"), [])) == []


def test_labels_spell_no_figure_out() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "two million users", 2),))
    assert [f.message.split("'")[1] for f in figures.check_labels(note("x/y", graph), [])] == ["two million"]


def test_an_unknown_technology_may_be_added() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "Debian 12 on ${n} hosts", 2), Node("B", "lost 40 nodes", 3)))
    page = PageNote("page", "T", "1\tkernel 5.15 hangs, 3 hosts lost", Place("source/page.md"))
    found = [*figures.check_labels(note("x/y", graph), []), *figures.check_prose(page, [])]
    assert ["technologies" in f.hint for f in found] == [True, False, True, False]


LEDGERS = Ledgers(
    sources={
        "acme/outage": source(
            "acme/outage", fact("acme/outage:backlog", "1 M"), fact("acme/outage:rate", "5/s")
        ),
        "acme/twin": source("acme/twin", fact("acme/twin:backlog", "2 M")),
    }
)


@pytest.mark.parametrize(
    ("reference", "sources", "rule"),
    [
        ("rate", ("acme/outage",), None),
        ("outage:backlog", ("acme/outage", "acme/twin"), None),
        ("acme/twin:backlog", ("acme/outage", "acme/twin"), None),
        ("backlog", ("acme/outage", "acme/twin"), "FACT006"),
        ("backlog", ("acme/outage", "acme/outage"), None),
        ("backlogg", ("acme/outage", "acme/none"), "FACT001"),
        ("rate", (), "FACT001"),
    ],
)
def test_references(reference: str, sources: tuple[str, ...], rule: str | None) -> None:
    graph = Graph("flowchart", nodes=(Node("A", "a", 2),))
    written = note("x/y", graph, sources=sources, title=f"T ${{{reference}}}")
    facts, findings = figures.resolve(written, LEDGERS)
    assert [f.rule for f in findings] == ([rule] if rule else [])
    assert list(facts) == ([] if rule else [reference])


def test_a_reference_is_closed_and_shown() -> None:
    graph = Graph("flowchart", nodes=(Node("A", 'A["rate ${rate<br/>of it"]', 1),))
    written = note(
        "x/y",
        graph,
        sources=("acme/outage",),
        caption="${rate} and ${backlog of it",
        symptoms=("over ${rate}",),
    )
    facts, findings = figures.resolve(written, LEDGERS)
    assert [(f.place.line, f.message) for f in findings] == [
        (10, "${rate is not closed"),
        (7, "${backlog is not closed"),
        (7, "symptom 'over ${rate}' cannot show a fact"),
    ]
    assert list(facts) == ["rate"]


def test_a_finding_in_the_text_names_the_line_of_the_page() -> None:
    _, (finding,) = figures.resolve(
        note("x/y", Graph("flowchart", nodes=(Node("A", "${gone}", 1),))), LEDGERS
    )
    assert finding.place.line == 10


def test_values_are_filled_in_and_escaped() -> None:
    values = {"a": '<1 s; "x" & #'}
    assert figures.fill("v ${a} ${b}", values) == 'v <1 s; "x" & # ${b}'
    assert (
        figures.fill("${ a }", values, escape=figures.escape_mermaid)
        == "#lt;1 s#59; #quot;x#quot; #amp; #35;"
    )


def test_offers() -> None:
    assert figures.offer("edgge", ["edge", "state"]) == "did you mean edge?"
    assert figures.offer("zzz", ["edge"], "otherwise") == "otherwise"
