"""Generated pages as rows: every view over the sample atlas, a bare one and a crowd."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from atlas.diagrams import planes
from atlas.diagrams.mermaid import parse
from atlas.records.model import Finding, Place, Plane, Status
from atlas.records.notes import DiagramNote
from atlas.rules.table import RULES
from atlas.views import bibliography
from atlas.views.blocks import Cell, page_target, percent_cell, slug
from atlas.views.reference import contrast
from atlas.views.render import (
    VIEWS,
    Card,
    Cards,
    Chart,
    Drawing,
    Picture,
    Prose,
    Section,
    Table,
    check_view,
    digest,
    render_view,
    targets,
)

HERE = Place("source/dashboard.md", 3)
ARGUMENTS = {"category": "incidents", "system": "acme"}
EVERY = [(name, ARGUMENTS.get(name, "")) for name in VIEWS]


def blocks(sections, kind, section=""):
    return [b for s in sections if section in ("", s.id) for b in s.blocks if isinstance(b, kind)]


def texts(table):
    return [tuple(cell.text for cell in row) for row in table.rows]


def table(sections, section, index=0):
    return blocks(sections, Table, section)[index]


def cells(sections):
    for block in blocks(sections, Table | Cards):
        rows = block.rows if isinstance(block, Table) else [card.cells for card in block.items]
        yield from (cell for row in rows for cell in row)


# Every view


@pytest.mark.parametrize(("name", "argument"), EVERY)
@pytest.mark.parametrize("which", ["atlas", "bare"])
def test_every_view_is_well_formed(request, which, name, argument):
    atlas = request.getfixturevalue(which)
    sections = render_view(atlas, name, argument)
    assert sections
    assert all(s.title and s.blocks for s in sections)
    ids = Counter(s.id for s in sections)
    assert set(ids.values()) == {1}
    assert all(re.fullmatch(r"[a-z0-9-]+", id) for id in ids)
    for shown in blocks(sections, Table):
        assert shown.rows
        assert {len(row) for row in shown.rows} == {len(shown.head)}
    assert all(cards.items for cards in blocks(sections, Cards))
    assert all(prose.text for prose in blocks(sections, Prose))


@pytest.mark.parametrize(("name", "argument"), EVERY)
def test_every_target_leads_somewhere(atlas, name, argument):
    ids = {*atlas.diagrams, *atlas.ledgers.sources, *atlas.ledgers.terms}
    sections = render_view(atlas, name, argument)
    cards = [card for b in blocks(sections, Cards) for card in b.items]
    targets = [c.target for c in [*cells(sections), *cards]]
    assert not [t for t in targets if t and t not in ids and not t.startswith(("page:", "https://"))]


@pytest.mark.parametrize(("name", "argument"), EVERY)
def test_every_style_is_known(atlas, name, argument):
    known = {"", "code", "number", "passed", "open", "failed", *Plane, *Status}
    assert {c.style for c in cells(render_view(atlas, name, argument))} <= known


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("argument", ["", "no-such-thing", "größe/../数"])
def test_no_argument_breaks_a_view(atlas, bare, name, argument):
    sections = [*render_view(atlas, name, argument), *render_view(bare, name, argument)]
    assert all(isinstance(section, Section) for section in sections)


def test_an_unknown_view_is_a_key_error(atlas):
    with pytest.raises(KeyError):
        render_view(atlas, "dashbord")


@pytest.mark.parametrize(
    ("name", "argument", "message", "hint"),
    [
        ("dashbord", "", "unknown view 'dashbord'", "did you mean dashboard?"),
        ("zzz", "", "unknown view 'zzz'", "the views are home, "),
        ("category", "incidnts", "view category knows no 'incidnts'", "did you mean incidents?"),
        ("category", "", "view category needs an argument", "it may name debugging, guarantees, "),
        ("system", "acne", "view system knows no 'acne'", "did you mean acme"),
        ("technologies", "kafak", "view technologies knows no 'kafak'", "did you mean kafka?"),
        ("sources", "acne", "view sources knows no 'acne'", "did you mean acme"),
        ("incident-response", "zzz", "view incident-response knows no 'zzz'", "it may name alerts, errors, "),
        ("dashboard", "x", "view dashboard knows no 'x'", "it may name nothing"),
    ],
)
def test_a_page_that_asks_for_what_there_is_not(atlas, name, argument, message, hint):
    (finding,) = check_view(atlas, name, argument, HERE)
    assert (finding.rule, finding.message, finding.place) == ("DIAGRAM002", message, HERE)
    assert finding.hint.startswith(hint)


@pytest.mark.parametrize(
    ("name", "argument"), [*EVERY, ("sources", "acme"), ("technologies", "kafka"), ("category", "strays")]
)
def test_a_page_that_asks_rightly(atlas, name, argument):
    assert not list(check_view(atlas, name, argument, HERE))


@pytest.mark.slow
def test_views_grow_with_the_atlas_and_not_faster(crowd):
    small, large = (_seconds_of_all_views(crowd(count)) for count in (100, 900))
    assert large < 20 * small  # nine times the pages; a quadratic view would take eighty times as long


def _seconds_of_all_views(atlas):
    systems = tuple(f"sys{i}" for i in range(30))
    arguments = {"category": ("incidents", "debugging", "systems"), "system": systems}
    begin = process_time()
    pages = [render_view(atlas, name, a) for name in VIEWS for a in arguments.get(name, ("",))]
    assert all(pages)
    return process_time() - begin


# Digest


def test_targets_are_those_of_cells_and_cards():
    inner = Card("c", "page:a", "t", (Cell("x", "acme/outage"), Cell("y")))
    blocks = (Table(("h",), ((Cell("x", "BGP"), Cell("y")),)), Prose("p"), Cards((inner, Card("d", "", "t"))))
    assert [*targets((Section("s", "S", blocks),))] == ["BGP", "page:a", "acme/outage"]


def test_digest_is_stable_and_sees_a_change(atlas):
    first = render_view(atlas, "sources")
    assert digest(first) == digest(render_view(atlas, "sources"))
    assert re.fullmatch(r"[0-9a-f]{64}", digest(first))
    assert digest(first) != digest(first[1:])


@pytest.mark.parametrize(("name", "argument"), EVERY)
def test_digest_holds_no_line_numbers(atlas, name, argument):
    def moved(diagram):
        note = replace(diagram.note, place=Place("source/page.md", 4711), first_line=4711)
        findings = tuple(replace(f, place=Place(f.place.path, 4711)) for f in diagram.findings)
        return replace(diagram, note=note, findings=findings)

    diagrams = {id: moved(d) for id, d in atlas.diagrams.items()}
    findings = tuple(replace(f, place=Place(f.place.path, 4711)) for f in atlas.findings)
    later = replace(atlas, diagrams=diagrams, findings=findings)
    assert digest(render_view(later, name, argument)) == digest(render_view(atlas, name, argument))


# Home


def test_home_begins_with_what_is_on_fire(atlas):
    (cards,) = blocks(render_view(atlas, "home"), Cards, "on-fire")
    assert [(c.title, c.target) for c in cards.items] == [
        ("producers are refused", "debugging/queue-full"),
        ("orders time out", "incidents/acme"),
    ]
    assert cards.items[0].cells == (Cell("Debugging guides", "page:debugging/index"),)


def test_home_says_where(atlas):
    home = render_view(atlas, "home")
    (cards,) = blocks(home, Cards, "where")
    assert [c.title for c in cards.items] == ["🌐 Edge", "⚙️ Service", "💾 State", "🎛️ Control"]
    assert cards.items[2].target == "page:incident-response#plane-state"
    assert cards.items[2].cells == (Cell("fails in 2 diagrams", style="state"),)
    assert texts(table(home, "where")) == [("Kafka Connect", "2"), ("Kafka", "2"), ("PostgreSQL", "2")]
    assert table(home, "where").rows[1][0].target == "page:technologies#kafka"
    assert texts(table(home, "where", 1)) == [("Acme", "2"), ("Initech", "1")]


def test_home_tells_what_others_lived_through(atlas):
    rows = texts(table(render_view(atlas, "home"), "lived-through"))
    assert [(name, cause) for _, name, _, cause, _ in rows] == [
        ("The page", "queue backlog"),
        ("Title of incidents/broken", "not classified"),
        ("Title of incidents/ring", "edge plane"),
    ]


# Incident response


@pytest.mark.parametrize(
    ("section", "rows"),
    [
        (
            "symptoms",
            [
                ("Title of debugging/queue-full", "producers are refused", "Recovery"),
                ("The page", "orders time out; Queue grows", "Recovery"),
            ],
        ),
        (
            "errors",
            [
                ("Title of debugging/queue-full", "ERR full", "Recovery"),
                ("The page", "ERR full", "Recovery"),
            ],
        ),
        ("alerts", [("QueueDepthHigh", "The page", "Recovery")]),
        (
            "plane-state",
            [
                ("💾 Kafka queue; 💾 Kafka Connect", "Title of debugging/queue-full", "Recovery"),
                ("💾 Kafka queue; 💾 Kafka Connect", "The page", "Recovery"),
            ],
        ),
    ],
)
def test_incident_response(atlas, section, rows):
    (alone,) = render_view(atlas, "incident-response", section)
    assert alone in render_view(atlas, "incident-response")
    assert texts(table([alone], section)) == rows


def test_each_row_leads_to_the_diagram_and_names_the_gate(atlas):
    row = table(render_view(atlas, "incident-response"), "errors").rows[0]
    assert row[0].target == "debugging/queue-full"
    assert row[1] == Cell("ERR full", style="code")
    assert row[2] == Cell("Recovery")


def test_technologies_of_responses_only(atlas):
    rows = texts(table(render_view(atlas, "incident-response"), "technologies"))
    assert [(name, gate) for name, _, gate in rows] == [
        (name, "Recovery") for name in ("Kafka", "Kafka Connect", "PostgreSQL") for _ in range(2)
    ]


def test_a_plane_where_nothing_fails(atlas):
    (section,) = render_view(atlas, "incident-response", "plane-control")
    assert section.blocks[-1] == Prose("No failure in this plane is drawn yet.")


def test_a_diagram_without_a_responders_gate(atlas):
    note = replace(atlas.diagrams["strays/one"].note, symptoms=("it hums",))
    stray = replace(atlas.diagrams["strays/one"], note=note)
    sections = render_view(replace(atlas, diagrams={note.id: stray}), "incident-response", "symptoms")
    assert texts(table(sections, "symptoms")) == [("Title of strays/one", "it hums", "–")]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Redis MISCONF: the snapshot fails", "Redis MISCONF"),
        ("Segment: events counted twice", "Segment: events counted twice"),
        ("nginx failed (111: refused) upstream", "nginx failed (111: refused) upstream"),
        ("Acme (EU) down: a loop: again", "Acme (EU) down"),
    ],
)
def test_an_index_names_a_page_as_far_as_that_tells_it_apart(atlas, title, named):
    stray = atlas.diagrams["strays/one"]
    stray = replace(stray, page_title=title, note=replace(stray.note, alerts=("ItHums",)))
    sections = render_view(replace(atlas, diagrams={stray.id: stray}), "incident-response", "alerts")
    assert texts(table(sections, "alerts")) == [("ItHums", named, "–")]


# Systems and categories


def test_matrix(atlas):
    sections = render_view(atlas, "systems-matrix")
    assert [s.title for s in sections] == ["Tier 1", "Tier 2"]
    assert table(sections, "tier-1").head == ("System", "Storage", "Architecture", "oddity")
    assert table(sections, "tier-1").rows == (
        (
            Cell("Acme", "page:systems/acme/index"),
            Cell("–"),
            Cell("needs review, 0 facts", "systems/acme/architecture", "needs_review"),
            Cell("–"),
        ),
    )
    planned = table(sections, "tier-2").rows[0]
    assert planned[1] == Cell("planned (evidence B)", style="not_created")
    assert planned[3] == Cell("planned", style="not_created")


def test_system(atlas):
    sections = render_view(atlas, "system", "acme")
    [shown] = blocks(sections, Picture, "glance")
    assert shown == Picture("systems/acme/architecture", atlas.diagrams["systems/acme/architecture"].hash)
    (cards,) = blocks(sections, Cards, "kinds")
    assert [(c.title, c.target) for c in cards.items] == [("systems/acme/architecture",) * 2]
    assert texts(table(sections, "elsewhere")) == [("The page", "Incidents", "up to date")]
    assert texts(table(sections, "sources")) == [
        ("2024-03-20", "Report acme/outage", "Acme", "operator", "3"),
        ("not stated", "Report press/story", "Acme", "press", "1"),
    ]


def test_what_nobody_published_says_when_and_where_it_was_searched(atlas):
    catalogue = atlas.ledgers.catalogue
    entries = [
        replace(e, grade="C", searched=date(2026, 11, 20), where="filings of 2020 to 2025") if e.system else e
        for e in catalogue.entries
    ]
    told = replace(atlas.ledgers, catalogue=replace(catalogue, entries=tuple(entries)))
    searched = replace(atlas, ledgers=told)
    cell = Cell("not published (searched on 2026-11-20)", style="not_created")
    (cards,) = blocks(render_view(searched, "system", "globex"), Cards, "kinds")
    assert cards.items[0] == Card("Globex storage", "", "filings of 2020 to 2025", (cell,))
    assert table(render_view(searched, "systems-matrix"), "tier-2").rows[0][1] == cell


def test_a_planned_system(atlas):
    (cards,) = blocks(render_view(atlas, "system", "globex"), Cards, "kinds")
    assert not any(section.id == "glance" for section in render_view(atlas, "system", "globex"))
    assert cards.items == (
        Card("Globex storage", "", "", (Cell("planned (evidence B)", style="not_created"),)),
        Card("Globex oddity", "", "", (Cell("planned", style="not_created"),)),
    )


def test_category(atlas):
    (cards,) = blocks(render_view(atlas, "category", "debugging"), Cards, "written")
    [first] = cards.items
    assert (first.title, first.target) == ("Title of debugging/queue-full", "debugging/queue-full")
    assert [c.text for c in first.cells] == ["producers are refused"]


def test_incidents_are_a_table_by_date(atlas):
    sections = render_view(atlas, "category", "incidents")
    assert table(sections, "written").rows[0][1].target == "incidents/acme"
    assert blocks(sections, Prose, "planned") == [Prose("Nothing planned is left to write.")]


def test_category_tells_what_is_planned(atlas):
    sections = render_view(atlas, "category", "debugging")
    assert texts(table(sections, "planned")) == [("A guide for later", "–", "phase 1", "–")]
    systems = render_view(atlas, "category", "systems")
    assert texts(table(systems, "planned"))[0] == ("Globex storage", "Globex", "phase 4", "B")


# Technologies, glossary, sources


def test_technologies(atlas):
    sections = render_view(atlas, "technologies")
    assert [s.title for s in sections] == ["Kafka", "Kafka Connect", "Nobody's DB", "PostgreSQL"]
    assert texts(table(sections, "kafka")) == [("log", "https://kafka.example/", "Apache Kafka")]
    assert texts(table(sections, "kafka", 1)) == [
        ("Title of debugging/queue-full", "Debugging guides", "Recovery"),
        ("The page", "Incidents", "Recovery"),
    ]
    assert blocks(sections, Prose, "unnamed") == [Prose("No diagram names it yet.")]


def test_an_index_shows_some_and_the_page_of_one_shows_all(crowd):
    atlas = crowd(600)
    assert table(render_view(atlas, "technologies"), "tech-0", 1).caption == "6 of 20"
    alone = table(render_view(atlas, "technologies", "tech-0"), "tech-0", 1)
    assert (len(alone.rows), alone.caption) == (20, "")


def test_glossary(atlas):
    sections = render_view(atlas, "glossary")
    assert [(s.id, s.title) for s in sections] == [
        ("bgp", "BGP: Border Gateway Protocol"),
        ("ttl", "TTL"),
        ("wal", "WAL: Write-ahead log"),
    ]
    assert [len(s.blocks) for s in sections] == [2, 2, 1]


def test_sources(atlas):
    (row, *_, last) = table(render_view(atlas, "sources"), "sources").rows
    assert row[0] == Cell("Report acme/outage", "https://acme.example/outage", id="acme-outage")
    assert [c.text for c in row[-2:]] == ["3", "5"]
    assert (last[0].id, last[-1].text) == ("press-unused", "0")


def test_sources_are_parted_into_shelves_where_they_fill_more_than_a_page(atlas):
    whole = [row[0] for row in table(render_view(atlas, "sources"), "sources").rows]
    shelves = {name: render_view(atlas, "sources", name) for name in bibliography.SHELVES}
    parted = [row[0] for name, found in shelves.items() for row in shelved(found, name)]
    assert sorted(parted, key=lambda cell: cell.id) == sorted(whole, key=lambda cell: cell.id)
    assert {row[2].text for row in shelved(shelves["documentation"], "documentation")} <= {"docs"}
    assert not {"docs", "code"} & {row[2].text for row in shelved(shelves["publications"], "publications")}


def shelved(sections, name):
    """The rows of a shelf, none where it is empty."""
    block = next(s for s in sections if s.id == name).blocks[0]
    return getattr(block, "rows", ())


def test_sources_of_a_publisher(atlas):
    sections = (*render_view(atlas, "sources", "acme"), *render_view(atlas, "sources", "press"))
    assert [s.id for s in sections] == ["acme-outage", "press-story", "press-unused"]
    about = table(sections, "acme-outage").rows[0]
    assert about[0] == Cell("Report acme/outage", "https://acme.example/outage")
    assert about[-1] == Cell("archived copy", "https://a.example/x")
    assert [c.text for c in about[1:-1]] == ["Acme", "operator", "full", "2026-11-20", "2024-03-20"]
    story = [c.text for c in table(sections, "press-story").rows[0]]
    assert story[2:] == ["press, as reported by", "opening", "2020-01-01", "not stated", "–"]


def test_facts_say_who_shows_them(atlas):
    facts = table(render_view(atlas, "sources", "acme"), "acme-outage", 1)
    says = "says acme/outage:backlog, peak, one region"
    assert texts(facts) == [
        ("1.4 M jobs", says, "2024-03-05", "Title of debugging/queue-full"),
        ("1.4 M jobs", says, "2024-03-05", "The page"),
        ("2.8 M jobs", "says acme/outage:twice", "derived: backlog * 2", "–"),
        ("9 h", "says acme/outage:spare", "no date", "–"),
    ]
    assert facts.rows[0][0].target == "https://acme.example/outage#:~:text=1.4%20M%20jobs"
    assert facts.rows[0][3].target == "debugging/queue-full"


def test_a_page_without_a_diagram_cites_too(atlas):
    sections = render_view(atlas, "sources", "press")
    assert table(sections, "press-story", 1).rows[0][3] == Cell("About", "page:about")
    assert texts(table(sections, "press-story", 2)) == [("systems/acme/architecture",)]
    assert blocks(sections, Prose, "press-unused") == [Prose("It has no fact."), Prose("Nothing cites it.")]


# Dashboard


def test_dashboard_totals(atlas):
    totals = dict(texts(table(render_view(atlas, "dashboard"), "totals")))
    assert totals["Diagrams planned in all"] == "9"
    assert totals["Diagrams created"] == "6"
    assert totals["of which honest-empty: nothing is published"] == "4"
    assert totals["Nodes"] == "12"
    assert totals["Open findings"] == f"{len(atlas.findings)}"


def test_dashboard_coverage(atlas):
    sections = render_view(atlas, "dashboard")
    assert texts(table(sections, "categories")) == [
        ("Incidents", "4", "3", "1", "2", "1", "1", "75 %"),
        ("Debugging guides", "2", "1", "1", "0", "1", "0", "50 %"),
        ("Systems", "2", "1", "0", "1", "1", "0", "50 %"),
        ("Guarantees", "1", "0", "0", "0", "1", "0", "0 %"),
        ("strays", "0", "1", "0", "1", "0", "0", "–"),
    ]
    assert [row[0] for row in texts(table(sections, "phases"))] == [
        "1. Emergency response",
        "2. Core concepts",
        "4. Systems",
    ]
    rows = texts(table(sections, "systems"))
    assert [row[:3] for row in rows] == [("Acme", "1", "1"), ("Globex", "2", "0")]
    (chart,) = blocks(sections, Chart, "systems")
    assert chart.text.startswith("Tier 1: 0 sourced, 1 honest-empty, 0 planned; Tier 2: ")


def test_systems_outside_the_plan_are_counted_apart(atlas):
    note = replace(atlas.diagrams["systems/acme/architecture"].note, system="initech")
    strange = replace(atlas.diagrams["systems/acme/architecture"], note=note)
    sections = render_view(replace(atlas, diagrams={note.id: strange}), "dashboard")
    (chart,) = blocks(sections, Chart, "systems")
    assert chart.text.endswith("Others: 0 sourced, 1 honest-empty, 0 planned.")


def test_dashboard_gates(atlas):
    rows = {row[0]: row[1:] for row in texts(table(render_view(atlas, "dashboard"), "gates"))}
    assert rows["3 AM"] == ("2", "0", "0", "100 %", "0 %", "0 %")
    assert rows["Incident"] == ("2", "0", "0", "100 %", "10 %", "0 %")
    assert rows["CFO"] == ("0", "0", "0", "–", "–", "–")


def test_dashboard_findings_lead_to_their_rules(atlas):
    rows = table(render_view(atlas, "dashboard"), "findings").rows
    assert [row[0].text for row in rows] == sorted({f.rule for f in atlas.findings})
    assert rows[0][0].target == f"page:reference/rules#{rows[0][0].text.lower()}"
    assert sum(int(row[3].text) for row in rows) == len(atlas.findings)


def test_a_finding_without_a_diagram_counts_for_none(bare):
    found = Finding("LEDGER001", "broken", HERE)
    (row,) = texts(table(render_view(replace(bare, findings=(found,)), "dashboard"), "findings"))
    assert row == ("LEDGER001", "broken TOML", "error", "1", "0")


def test_dashboard_reviews(atlas, bare):
    sections = render_view(atlas, "dashboard")
    assert blocks(sections, Prose, "reviews") == [
        Prose(
            "Second readings checked 20 facts: 16 confirmed, 2 corrected, 2 removed. "
            "Error rate before review: 20.0%."
        )
    ]
    assert texts(table(sections, "reviews"))[-2:] == [("2026-W47", "2"), ("2026-W48", "0")]
    told = blocks(render_view(bare, "dashboard"), Prose, "reviews")
    assert told == [Prose("No second reading has counted its facts yet.")]


def test_dashboard_queue_and_worst(atlas):
    sections = render_view(atlas, "dashboard")
    rows = texts(table(sections, "queue"))
    assert rows[0][0] == "HIGH"
    assert blocks(sections, Prose, "queue")[0].text.startswith(f"Waiting: {len(rows)} HIGH, 0 MEDIUM")
    assert len(table(sections, "worst").rows) == 6


def test_a_long_queue_is_cut(crowd):
    queue = table(render_view(crowd(40), "dashboard"), "queue")
    assert (len(queue.rows), queue.caption) == (25, "The first 25 of 40")


def test_charts_say_the_same_in_words(atlas):
    charts = blocks(render_view(atlas, "dashboard"), Chart)
    assert len(charts) == 8
    assert all(c.svg.startswith("<svg") and len(c.svg.encode()) < 6_000 for c in charts)
    assert all(c.text.endswith(".") for c in charts)
    tiers = next(c for c in charts if "tier of their source" in c.title)
    assert tiers.text == "operator: 3; press: 1."


def test_nothing_is_charted_where_there_is_nothing(bare):
    assert blocks(render_view(bare, "dashboard"), Chart) == []


def test_progress(atlas):
    rows = texts(table(render_view(atlas, "progress"), "milestones"))
    assert rows[:4] == [
        ("1. Emergency response", "25 %", "2", "reached"),
        ("1. Emergency response", "50 %", "3", "reached"),
        ("1. Emergency response", "75 %", "5", "1 to go"),
        ("1. Emergency response", "100 %", "6", "2 to go"),
    ]
    assert rows[-1] == ("The whole atlas", "100 %", "9", "3 to go")


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(899, 900, "99 %"), (900, 900, "100 %"), (1, 3, "33 %"), (0, 0, "–"), (0, 5, "0 %")],
)
def test_all_but_one_is_not_100_per_cent(part, whole, shown):
    assert percent_cell(part, whole) == Cell(shown, style="number")


# Rules and style guide


def test_rules(bare):
    sections = render_view(bare, "rules")
    assert [s.title.partition(":")[0] for s in sections] == list(RULES)
    shown = dict(texts(table(sections, "fact003")))
    assert shown["Good"] == RULES["FACT003"].good
    assert shown["Bad"] == RULES["FACT003"].bad
    assert "Good" not in dict(texts(table(sections, "mermaid003")))
    assert dict(texts(table(sections, "gate002")))["Bad"] == "the same without these lines"


def test_style_guide_computes_contrast(bare):
    rows = {row[0]: row for row in texts(table(render_view(bare, "style-guide"), "planes"))}
    assert rows["edge"][2:5] == ("#0066CC", "white", "5.57")
    assert rows["service"][3] == "black"
    assert rows["state"][3] == "black"
    assert rows["control"][3] == "white"
    assert all(float(row[4]) >= 4.5 for row in rows.values())


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#FFFFFF", "#000000", 21),
        ("#000000", "#000000", 1),
        ("#FFFFFF", "#00AA00", 3.11),
        ("#FF8800", "#FFFFFF", 2.39),
    ],
)
def test_contrast(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_every_sample_is_lawful(bare):
    samples = blocks(render_view(bare, "style-guide"), Drawing)
    assert len(samples) == 6
    for sample in samples:
        graph, findings = parse(sample.text, HERE)
        note = DiagramNote("sample", "guide", HERE, sample.text, 1, graph)
        assert not [*findings, *planes.check_planes(note)], sample.alt


def drawn(sections, section):
    (sample,) = blocks(sections, Drawing, section)
    graph, _ = parse(sample.text, HERE)
    assert graph
    return graph


def test_every_shape_is_drawn_in_every_plane(bare):
    sections = render_view(bare, "style-guide")
    graph = drawn(sections, "shapes")
    assert len({n.shape for n in graph.nodes}) == len(table(sections, "shapes").rows) == 14
    assert set(planes.assign(graph).values()) == set(Plane)


def test_failure_paths_are_dashed(bare):
    graph = drawn(render_view(bare, "style-guide"), "failure")
    assert [e.dashed for e in graph.edges] == [False, True, True]


# Targets


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("home",), "page:index"),
        (("category", "incidents"), "page:incidents/index"),
        (("system", "acme"), "page:systems/acme/index"),
        (("systems-matrix",), "page:systems/index"),
        (("rules", "", "FACT001"), "page:reference/rules#fact001"),
        (("sources",), "page:sources"),
    ],
)
def test_page_target(arguments, target):
    assert page_target(*arguments) == target


@pytest.mark.parametrize(
    ("id", "expected"),
    [("acme/outage", "acme-outage"), ("BGP", "bgp"), ("a/b:c", "a-b-c"), ("split brain", "split-brain")],
)
def test_slug(id, expected):
    assert slug(id) == expected


def test_planted_faults_are_listed_with_what_became_of_them(bare):
    kinds, examples = render_view(bare, "planted")
    (table,) = kinds.blocks
    assert isinstance(table, Table)
    assert {row[3].text for row in table.rows} == {"caught", "not caught"}
    (every,) = examples.blocks
    assert isinstance(every, Table)
    assert [row[0].text for row in every.rows] == list(RULES)
