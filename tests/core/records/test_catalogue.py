"""The catalogue: what is read and refused, and that the plan in this repository is whole."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from atlas.records.ledgers import read_ledgers
from atlas.records.model import Place
from atlas.records.plan import Catalogue, Category, Entry, Kind, Ledgers, Phase, System

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)
LISTS = """\
[category]
systems = { title = "Systems", target = 2, phase = 4 }
guarantees = { title = "Guarantees", target = 1, phase = 2, core = false }
[phase]
2 = { title = "Core concepts", target = 1 }
4 = { title = "The systems", target = 2 }
[system]
slack = { name = "Slack", tier = 2 }
allegro = { name = "Allegro", tier = 0 }
[kind]
storage = { title = "Storage" }
"""
CELL = '[[entry]]\nid = "systems/slack/storage"\ntitle = "S"\nphase = 4\nsystem = "slack"\nkind = "storage"\n'
OTHER = '[[entry]]\nid = "guarantees/raft"\ntitle = "Raft"\nphase = 2\ngrade = "A-"\n'


def read(folder: Path, *texts: str) -> Ledgers:
    catalogue = folder / "source/_data/catalogue"
    catalogue.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (catalogue / f"{number}.toml").write_text(text, "utf-8")
    return read_ledgers(folder / "source", today=TODAY)


def test_what_is_not_published_says_when_and_where_it_was_searched(tmp_path):
    both = CELL + 'grade = "C"\nsearched = 2026-11-20\nwhere = "filings"\n'
    ledgers = read(tmp_path, LISTS, both)
    assert ledgers.findings == ()
    assert (ledgers.catalogue.entries[0].searched, ledgers.catalogue.entries[0].where) == (
        date(2026, 11, 20), "filings",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "lacking"), [('where = "filings"', "searched"), ("searched = 2026-11-20", "where")]
)
def test_a_search_has_a_day_and_a_place(tmp_path, line, lacking):
    [finding] = read(tmp_path, LISTS, f"{CELL}{line}\n").findings
    assert finding.message == f"systems/slack/storage: a search without `{lacking}`"
    assert finding.place == Place("source/_data/catalogue/1.toml", 1)


def test_a_plan_is_read(tmp_path):
    ledgers = read(tmp_path, LISTS, CELL + OTHER)
    assert ledgers.findings == ()
    path = "source/_data/catalogue/1.toml"
    assert ledgers.catalogue == Catalogue(
        categories=(
            Category("systems", "Systems", 2, 4),
            Category("guarantees", "Guarantees", 1, 2, core=False),
        ),
        phases=(Phase(2, "Core concepts", 1), Phase(4, "The systems", 2)),
        systems=(System("slack", "Slack", 2), System("allegro", "Allegro", 0)),
        kinds=(Kind("storage", "Storage"),),
        entries=(
            Entry("systems/slack/storage", "S", "systems", 4, Place(path, 1), "slack", "storage"),
            Entry("guarantees/raft", "Raft", "guarantees", 2, Place(path, 7), grade="A-"),
        ),
    )


@pytest.mark.parametrize(
    ("good", "bad", "rules"),
    [
        ("guarantees/raft", "guarantee/raft", ["CATALOGUE001"]),
        ("phase = 2\ngrade", "phase = 3\ngrade", ["CATALOGUE001"]),
        ('grade = "A-"', 'system = "slac"', ["CATALOGUE001"]),
        ('grade = "A-"', 'kind = "storag"', ["CATALOGUE001", "CATALOGUE001"]),
        ("systems/slack/storage", "systems/slack/store", ["CATALOGUE001", "CATALOGUE003"]),
        (OTHER, OTHER + OTHER, ["CATALOGUE002"]),
        (CELL, "", ["CATALOGUE003"]),
        ("allegro = { name", "slack2 = { name", []),
        ('"Allegro", tier = 0', '"Allegro", tier = 3', ["CATALOGUE003"]),
        ('grade = "A-"', 'grade = "A-?"', ["LEDGER002"]),
        ('title = "Raft"\n', "", ["LEDGER002"]),
        ("[kind]\n", "[kinds]\n", ["CATALOGUE001", "LEDGER002"]),
        ("[kind]\n", "[[kind]]\n", ["CATALOGUE001", "LEDGER002"]),
        ("[[entry]]\nid = \"guarantees/raft\"", '[entry2]\nid = "guarantees/raft"', ["LEDGER002"]),
        ('2 = { title = "Core concepts"', 'two = { title = "Core concepts"', ["CATALOGUE001", "LEDGER002"]),
    ],
)  # fmt: skip
def test_a_planted_fault_is_seen(tmp_path, good, bad, rules):
    texts = [text.replace(good, bad, 1) for text in (LISTS, CELL + OTHER)]
    assert texts != [LISTS, CELL + OTHER]
    findings = read(tmp_path, *texts).findings
    assert sorted(finding.rule for finding in findings) == rules
    assert all(finding.hint and finding.place.line for finding in findings)


def test_an_entry_that_is_no_list_is_seen(tmp_path):
    (finding,) = read(tmp_path, LISTS, CELL, '[entry]\nid = "guarantees/raft"\n').findings
    assert (finding.rule, finding.hint, finding.place.line) == ("LEDGER002", "write [[entry]]", 1)


@pytest.mark.parametrize("text", [LISTS.replace("[system]", "[kind]").partition("[kind]")[0]])
def test_an_id_in_two_files_is_seen(tmp_path, text):
    findings = read(tmp_path, LISTS + CELL, text).findings
    assert [(f.rule, f.place.path[-6:]) for f in findings] == [("CATALOGUE002", "1.toml")] * 4


def test_a_missing_cell_is_named_at_its_system(tmp_path):
    (finding,) = read(tmp_path, LISTS).findings
    assert "systems/slack/{storage}" in finding.message
    assert finding.place == Place("source/_data/catalogue/0.toml", 8)


def test_an_unknown_system_offers_the_nearest(tmp_path):
    text = OTHER.replace('grade = "A-"', 'system = "slak"')
    (finding,) = read(tmp_path, LISTS, CELL, text).findings
    assert (finding.message, finding.hint) == ("guarantees/raft: unknown system slak", "did you mean slack?")


# The plan of this repository --------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> Catalogue:
    ledgers = read_ledgers(ROOT / "source", today=TODAY)
    assert [finding for finding in ledgers.findings if "/catalogue/" in finding.place.path] == []
    return ledgers.catalogue


def test_ten_categories_make_nine_hundred(plan):
    core = [category for category in plan.categories if category.core]
    assert (len(plan.categories), len(core), sum(category.target for category in core)) == (12, 10, 900)
    assert sum(phase.target for phase in plan.phases) == 900
    assert [phase.number for phase in plan.phases] == [1, 2, 3, 4, 5]


def test_thirty_systems_in_eight_kinds(plan):
    assert Counter(system.tier for system in plan.systems if system.tier) == {1: 10, 2: 10, 3: 10}
    cells = [entry.id for entry in plan.entries if entry.category == "systems"]
    planned = {f"systems/{s.id}/{kind.id}" for s in plan.systems if s.tier for kind in plan.kinds}
    assert len(cells) == len(planned) == 240
    assert set(cells) == planned


def test_no_category_plans_more_than_its_target(plan):
    planned = Counter(entry.category for entry in plan.entries)
    assert planned.keys() == {category.id for category in plan.categories}
    assert [category.id for category in plan.categories if planned[category.id] > category.target] == []


def test_entries_stand_in_the_phase_of_their_category(plan):
    phases = {category.id: category.phase for category in plan.categories}
    assert [entry.id for entry in plan.entries if entry.phase != phases[entry.category]] == []


def test_ids_are_addresses(plan):
    assert [
        entry.id for entry in plan.entries if not re.fullmatch(r"[a-z]+(/[a-z0-9]+(-[a-z0-9]+)*)+", entry.id)
    ] == []
    incidents = [entry.id for entry in plan.entries if entry.category == "incidents"]
    assert [id for id in incidents if not re.fullmatch(r"incidents/[a-z0-9-]+-\d{4}-\d\d-\d\d", id)] == []


def test_every_page_is_planned(plan):
    ids = {entry.id for entry in plan.entries}
    pages = [page.relative_to(ROOT / "source") for page in (ROOT / "source").rglob("*.md")]
    categories = {category.id for category in plan.categories}
    drawn = {
        str(page.with_suffix("")) for page in pages if page.parts[0] in categories and page.stem != "index"
    }
    assert drawn - ids == set()
