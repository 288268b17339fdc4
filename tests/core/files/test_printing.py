"""Records for print: notes, facts, diagrams, gates, and text that can be printed."""

# Records for Typst are JSON: what stands at a key is for the assertion to say.
# mypy: disable-error-code="index, union-attr, call-overload, arg-type, operator, misc, str-unpack"

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from atlas.files import printing
from atlas.files.printing import Notes, Typecase, soften
from atlas.records.checks import fact_key
from atlas.records.model import Extent
from atlas.records.plan import Check, Cited, Newest

ASCII = frozenset(range(0x20, 0x7F)) | {0xE9}


@pytest.mark.parametrize(
    ("text", "printed", "missing"),
    [
        ("plain <#$@> \\", "plain <#$@> \\", ""),
        ("café", "café", ""),
        ("a\u00a0b\u2003c", "a b c", ""),
        ("gear⚙\ufe0f", "gearU+2699", "⚙"),
        ("z\u200dw\u200bj\u00adx\x07", "zwjx", ""),
        ("漢漢", "U+6F22U+6F22", "漢"),
        ("é🏽🏻!", "é!", ""),
        ("\ud800", "U+D800", "\ud800"),
        ("tab\there\nthere", "tab\there\nthere", ""),
    ],
)
def test_only_what_fonts_have_is_printed(text, printed, missing):
    case = Typecase(ASCII)
    assert case.legible(text) == printed
    assert "".join(case.missing) == missing


def test_words_of_a_record_are_legible_and_addresses_ascii():
    record = {
        "k": "link",
        "c": ["漢", {"k": "em", "c": ["é"]}],
        "url": "https://x.example/漢#a b",
        "n": 1,
        "to": "p1",
    }
    assert Typecase(ASCII).set(record) == {
        "k": "link",
        "c": ["U+6F22", {"k": "em", "c": ["é"]}],
        "url": "https://x.example/%E6%BC%A2#a%20b",
        "n": 1,
        "to": "p1",
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("short words only", ["short words only"]),
        ("", []),
        (
            "see PreventCrossRegionMasterFailover now",
            ["see Prevent", "Cross", "Region", "Master", "Failover now"],
        ),
        ("src/networking/redis.c#L2058", ["src/", "networking/", "redis.", "c#L2058"]),
        ("a" * 24, ["a" * 11, "a" * 11, "aa"]),
        ("ends-in-punctuation/", ["ends-", "in-pun", "ctuation/"]),
    ],
)
def test_long_words_are_parted(text, parts):
    found = soften(text)
    assert "".join(map(str, found)) == text
    if text != "ends-in-punctuation/":
        assert found == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("systemctl restart --no-block a", ["systemctl", " ", "restart", " ", "--no-block", " ", "a"]),
        ("--limits=memory=2Gi,cpu=1", [["--limits=", "memory=", "2Gi,", "cpu=", "1"]]),
        ("a-very-long-name-of-a-host", [["a-very-long-name-of-a-host"]]),
    ],
)
def test_code_is_never_parted_behind_a_hyphen(text, words):
    assert printing.soften_code(text) == words


def test_a_label_depends_on_page_and_id_alone():
    names = {printing.label("a"), printing.label("a", "b"), printing.label("b"), printing.label("a")}
    assert len(names) == 3
    assert all(name.isalnum() for name in names)


def test_notes_number_each_address_once(atlas):
    notes, source = Notes(), atlas.ledgers.sources["acme/outage"]
    assert [notes.cite(source), notes.point("https://x.example/"), notes.cite(source)] == [1, 2, 1]
    first, second = notes.records()
    assert first["url"] == source.url
    assert first["archive"] == source.archive
    assert "".join(first["about"]).endswith("Acme (operator), read 2026-11-20, read in full. ")
    assert second == {"n": 2, "url": "https://x.example/", "about": [], "archive": ""}


def test_a_source_in_a_repository_is_named_with_its_commit(atlas):
    source = replace(
        atlas.ledgers.sources["press/story"],
        url="https://g.example/r.git",
        commit="a" * 40,
        extent=Extent.DIGEST,
    )
    assert printing.address_of(source) == f"https://g.example/r/tree/{'a' * 40}"


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("page:incidents/index", ("incidents/index", "")),
        ("page:sources#acme-outage", ("sources", "acme-outage")),
        ("incidents/acme", ("incidents/acme", "")),
        ("BGP", ("glossary", "bgp")),
        ("nowhere", ("", "")),
    ],
)
def test_a_place_is_a_page_and_an_id(atlas, target, place):
    assert printing.place_of(target, atlas) == place


def test_of_several_diagrams_on_a_page_each_has_its_place(atlas):
    crowded = replace(atlas, by_page={"incidents/acme": ("incidents/acme", "incidents/ring")})
    assert printing.place_of("incidents/acme", crowded) == ("incidents/acme", "incidents-acme")


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("acme/outage", {"k": "link", "c": ["w"], "url": "https://acme.example/outage", "n": 1}),
        ("https://x.example/", {"k": "link", "c": ["w"], "url": "https://x.example/", "n": 1}),
        ("http://x.example/", {"k": "link", "c": ["w"], "url": "http://x.example/", "n": 1}),
        ("BGP", {"k": "link", "c": ["w"], "to": printing.label("glossary", "bgp"), "doc": "glossary"}),
        ("nowhere", "w"),
    ],
)
def test_a_link_leads_to_what_its_target_is(atlas, target, link):
    assert printing.make_link(target, "w", atlas, Notes()) == link


def test_a_fact_leads_to_its_spot(atlas):
    fact = atlas.ledgers.fact("acme/outage:backlog")
    [link] = printing.make_fact(fact, "", atlas, Notes())
    assert link["c"] == ["1.4\u00a0M\u00a0jobs"]
    assert ":~:text=" in link["url"]
    [long] = printing.make_fact(fact, "own words that are rather long", atlas, Notes())
    assert long["c"] == ["own words that are rather long"]


def test_a_fact_of_the_press_says_so(atlas):
    *_, said = printing.make_fact(atlas.ledgers.fact("press/story:token"), "", atlas, Notes())
    assert said == " (as reported by Acme)"


def test_a_drawn_diagram_has_evidence_and_no_tables(atlas):
    diagram, notes = atlas.diagrams["incidents/acme"], Notes()
    record = printing.make_diagram(diagram, {"sheets": []}, atlas, notes)
    assert record["title"] == "Title of incidents/acme"
    assert record["caption"] == "1.4 M jobs wait"
    assert "nodes" not in record
    [row] = record["evidence"]
    assert (row["value"], row["where"], row["n"], row["as_of"]) == (
        ["1.4 M jobs"],
        ["“1.4 M jobs”"],
        1,
        "2024-03-05",
    )
    assert "".join(row["says"]) == "says acme/outage:backlog; peak; one region"


def test_what_could_not_be_drawn_is_listed(atlas):
    record = printing.make_diagram(atlas.diagrams["incidents/acme"], {}, atlas, Notes())
    assert record["nodes"][2] == ["💾 Kafka queue 1.4 M jobs waiting", "state"]
    assert record["edges"][2] == [
        "💾 Kafka queue 1.4 M jobs waiting",
        "full queue (failure)",
        "💾 Kafka Connect PostgreSQL 14",
    ]
    undrawn = printing.make_diagram(atlas.diagrams["incidents/broken"], {}, atlas, Notes())
    assert undrawn["nodes"] == undrawn["edges"] == []


def test_a_node_without_words_is_not_listed(atlas):
    diagram = atlas.diagrams["incidents/acme"]
    nodes = tuple(replace(n, label="") for n in diagram.note.graph.nodes)
    silent = replace(diagram, note=replace(diagram.note, graph=replace(diagram.note.graph, nodes=nodes)))
    assert printing.make_diagram(silent, {}, atlas, Notes())["nodes"] == []


def test_a_source_without_a_figure_is_a_note(atlas):
    notes = Notes()
    printing.make_diagram(atlas.diagrams["incidents/ring"], {}, atlas, notes)
    assert [n["url"] for n in notes.records()] == ["https://acme.example/outage"]


def test_evidence_says_what_is_derived_and_what_is_reported(atlas):
    diagram = atlas.diagrams["incidents/acme"]
    cited = tuple(atlas.ledgers.fact(id) for id in ("acme/outage:twice", "press/story:token"))
    made: dict[str, Any] = printing.make_diagram(replace(diagram, cited=cited), {}, atlas, Notes())
    derived, token = made["evidence"]
    assert (derived["where"], derived["as_of"]) == (
        ["derived: 1.4 M jobs (says acme/", "outage:", "backlog) * 2"],
        "",
    )
    assert token["where"] == ["page 3"]
    assert "".join(token["says"]).endswith("(as reported by Acme)")


def test_evidence_says_whether_the_newest_text_has_the_words(atlas):
    fact = atlas.ledgers.fact("acme/outage:backlog")
    key = fact_key(atlas.ledgers.sources[fact.source], fact)
    day = date(2026, 11, 20)
    checked = Check(fact.id, fact.place, key, day, Cited.SEEN, "words", Newest.CHANGED, "a" * 40, day)
    told = replace(atlas, ledgers=replace(atlas.ledgers, checks={fact.id: checked}))
    [row] = printing.make_diagram(atlas.diagrams["incidents/acme"], {}, told, Notes())["evidence"]
    assert row["as_of"] == "2024-03-05; no longer in the text of 2026-11-20"


def test_a_written_gate_holds_its_words_and_a_computed_one_its_checks_too(atlas):
    results = {r.gate: r for r in atlas.diagrams["incidents/acme"].gates}
    written = printing.make_gate(results["3am"], [{"k": "p", "c": ["run this"]}])
    assert (written["title"], written["verdict"], written["checks"]) == ("3 AM", "passed, 5 of 5", [])
    assert written["body"] == [{"k": "p", "c": ["run this"]}]
    computed: dict[str, Any] = printing.make_gate(results["new-hire"], [{"k": "p", "c": ["because"]}])
    assert computed["body"] == [{"k": "p", "c": ["because"]}]
    assert [check[0] for check in computed["checks"]][:2] == ["Acronyms explained", "Technologies versioned"]
