"""Figures: references, what a typed digit is, and what is no figure at all."""

from __future__ import annotations

import pytest
from tests.core.conftest import fact, note, source

from atlas.records.model import Place, Technology
from atlas.records.notes import Graph, Node, PageNote
from atlas.records.plan import Ledgers
from atlas.rules import figures


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


@pytest.mark.parametrize(
    "label", ["cut for −${lost}", "~${lost}", "5${lost}", "${lost}k", "${lost} and ${lost},5"]
)
def test_nothing_stands_glued_to_a_figure(label: str) -> None:
    written = note("x/y", Graph("flowchart", nodes=(Node("A", label, 2),)))
    assert "at a ${…}" in " ".join(f.message for f in figures.check_labels(written, []))
    prose = "4\t" + label.replace("${lost}", figures.SHOWN)
    found = list(figures.check_prose(PageNote("page", "T", prose, Place("source/page.md")), []))
    assert {f.place.line for f in found} == {4}
    assert "at a figure" in " ".join(f.message for f in found)


@pytest.mark.parametrize("label", ["${a}–${b}", "A - ${a}", "rate=${a}/s", "(${a}), ${b}.", "up ${a}"])
def test_what_stands_apart_from_a_figure(label: str) -> None:
    assert list(figures.check_labels(note("x/y", Graph("flowchart", nodes=(Node("A", label, 2),))), [])) == []


def test_alerts_are_names_or_words() -> None:
    written = note("x/y", alerts=("LowCacheHitRate(<80%)", "Queue over 500 jobs"))
    assert [f.message.split("'")[1] for f in figures.check_labels(written, [])] == ["500"]


@pytest.mark.parametrize(
    ("says", "value", "rules"),
    [("jobs waiting", "5 jobs", ["FACT003"]), ("most jobs", "5 jobs", []), ("jobs", "≤ 5 jobs", [])],
)
def test_a_bound_in_front_of_a_figure_is_published(says: str, value: str, rules: list[str]) -> None:
    written = note("x/y", Graph("flowchart", nodes=(Node("A", "≤ ${limit}, ${other}, ≥ ${none}", 2),)))
    facts = {"limit": fact("acme/outage:limit", value, says=says)}
    assert [f.rule for f in figures.check_bounds(written, facts)] == rules


def test_a_figure_in_another_language_s_form_is_offered_in_ours() -> None:
    graph = Graph("flowchart", nodes=(Node("A", "$backlog, {{ rate }}, $HOME and {{other}}", 2),))
    _, found = figures.resolve(note("x/y", graph, sources=("acme/outage",)), LEDGERS)
    assert [(f.rule, f.hint) for f in found] == [
        ("FACT001", "did you mean ${backlog}?"),
        ("FACT001", "did you mean ${rate}?"),
    ]
