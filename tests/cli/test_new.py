"""New: scaffolds that a build accepts or names as open, and that never overwrite."""

from __future__ import annotations

import tomllib

import pytest

from .conftest import CATALOGUE, INCIDENT, PAGE

PLANNED = "incidents/acme-2025-01-01"
URL = "https://engineering.acme.example/certificate"
KINDS = '\n[kind]\nstorage = { title = "Storage" }\ncost-breakdown = { title = "Costs" }\n'


def test_a_planned_diagram(desk):
    done = desk.run("new", "diagram", PLANNED, "--source", "acme/outage")
    assert (done.code, done.out) == (0, f"wrote source/{PLANNED}.md\n")
    text = desk.read(f"source/{PLANNED}.md")
    assert text.startswith("# Acme: a certificate expired at midnight\n\n```{atlas-diagram} " + PLANNED)
    assert ":system: acme\n" in text
    assert ":sources: acme/outage\n" in text
    assert text.count("{quality-gate}") == 2
    rules = {f["rule"] for f in desk.run("review", PLANNED, "--json").data["findings"]}
    assert rules == {"DIAGRAM003", "DIAGRAM004", "DIAGRAM006", "GATE005", "GATE006", "TIMELINE001"}
    assert desk.run("validate", f"source/{PLANNED}.md").code == 0


def test_gates_follow_the_category_and_the_kind(desk):
    desk.write(CATALOGUE, desk.read(CATALOGUE) + KINDS)
    assert desk.run("new", "system", "globex", "--tier", "2").code == 0
    desk.change(CATALOGUE, "[category]", '[category]\nsystems = { title = "Systems", target = 2, phase = 1 }')
    assert desk.run("new", "diagram", "systems/globex/cost-breakdown", "--title", "What it costs").code == 0
    text = desk.read("source/systems/globex/cost-breakdown.md")
    assert text.startswith("# What it costs\n")
    assert ":kind: cost-breakdown" in text
    assert "{quality-gate} cfo" in text
    assert "{quality-gate} incident" in text
    assert desk.run("new", "diagram", "debugging/slow-disk").code == 0
    assert desk.read("source/debugging/slow-disk.md").count("{quality-gate}") == 1
    rules = {f["rule"] for f in desk.run("review", "debugging/slow-disk", "--json").data["findings"]}
    assert {"COMMAND004", "COMMAND005", "COMMAND013"} <= rules
    assert not rules & {"COMMAND014", "TIMELINE001", "TIMELINE007"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["diagram", "acme"], "is no id of a diagram"),
        (["diagram", "Incidents/Acme"], "is no id of a diagram"),
        (["diagram", "../../etc/passwd"], "is no id of a diagram"),
        (["diagram", "incidents/acme-2025-01-02"], f"did you mean {PLANNED} or {INCIDENT}?"),
        (["diagram", "incidents/zzz"], "add it to source/_data/catalogue first"),
        (["diagram", "nowhere/acme"], "the categories are incidents, debugging"),
        (["diagram", PLANNED, "--source", "acme/x"], "first: atlas new source acme/x --url"),
        (["diagram", INCIDENT], "is there already"),
        (["source", "acme", "--url", URL], "is no id of a source"),
        (["source", "../x/y", "--url", URL], "is no id of a source"),
        (["source", "acme/x"], "the address of the publication"),
        (["source", "acme/x", "--url", "http://acme.example/"], "the address of the publication"),
        (["source", "acme/x", "--url", URL, "--tier", "blog"], "one of operator, paper"),
        (["source", "acme/outage", "--url", URL], "stands in source/_data/sources/acme.toml already"),
        (["system", "Globex"], "is no slug"),
        (["system", "globex", "--tier", "4"], "is no tier of a system"),
        (["system", "acme"], "stands in source/_data/catalogue/plan.toml already"),
        (["gadget", "x"], "invalid choice"),
        (["source", "acme/x", "--url", URL, "--published", "soon"], "is no day; write it as 2018-10-30"),
    ],
)
def test_what_is_refused_writes_nothing(desk, words, said):
    done = desk.run("new", *words)
    assert (done.code, said in done.err) == (2, True), done.err
    assert desk.git("status", "--short") == ""


def test_a_source_at_the_end_of_its_publishers_ledger(desk):
    before = desk.read("source/_data/sources/acme.toml")
    title = ["--title", 'The "certificate"', "--published", "2025-01-03", "--extent", "opening"]
    assert desk.run("new", "source", "acme/cert.2025", "--url", URL, *title).code == 0
    after = desk.read("source/_data/sources/acme.toml")
    assert after.startswith(before)
    source = tomllib.loads(after)["cert.2025"]
    assert source["facts"] == {}
    assert (source["title"], source["publisher"], source["tier"]) == ('The "certificate"', "Acme", "operator")
    assert (str(source["published"]), source["extent"]) == ("2025-01-03", "opening")


def test_a_new_publisher(desk):
    assert desk.run("new", "source", "globex/x", "--url", URL, "--json").data == [
        "source/_data/sources/globex.toml"
    ]
    assert tomllib.loads(desk.read("source/_data/sources/globex.toml"))["x"]["publisher"] == "globex"


def test_a_system_of_the_matrix_has_its_cells(desk):
    desk.write(CATALOGUE, "# Kept.\n" + desk.read(CATALOGUE) + KINDS)
    desk.change(CATALOGUE, "[category]", '[category]\nsystems = { title = "Systems", target = 2, phase = 1 }')
    done = desk.run("new", "system", "globex", "--name", "Globex & Co", "--tier", "2")
    assert done.code == 0
    plan = desk.read(CATALOGUE)
    assert plan.startswith("# Kept.\n")
    assert 'acme = { name = "Acme", tier = 0 }\nglobex = { name = "Globex & Co", tier = 2 }\n' in plan
    cells = tomllib.loads(desk.read("source/_data/catalogue/cells.toml"))["entry"]
    assert [cell["id"] for cell in cells] == ["systems/globex/storage", "systems/globex/cost-breakdown"]
    assert ":of: globex" in desk.read("source/systems/globex/index.md")


def test_a_catalogue_without_systems(desk):
    text = desk.read(CATALOGUE)
    desk.write(CATALOGUE, text.replace('[system]\nacme = { name = "Acme", tier = 0 }\n', ""))
    assert "holds [system]" in desk.run("new", "system", "globex").err


def test_a_broken_ledger_is_named(desk):
    desk.write("source/_data/sources/globex.toml", "[x")
    assert "globex.toml is broken" in desk.run("new", "source", "globex/x", "--url", URL).err


def test_a_page_with_what_it_owes_can_be_read(desk):
    desk.run("new", "diagram", PLANNED, "--source", "acme/outage")
    assert desk.run("show", PLANNED).code == 0
    assert PAGE
