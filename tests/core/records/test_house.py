"""The house: this atlas's own, a project's in its place, and every fault with its line and how to mend it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from atlas.records.house import COMPUTED_CHECKS, HOUSE, Gate, House, find_house
from atlas.records.ledgers import read_ledgers
from atlas.records.model import Finding, Role, Source, Tier

OURS = Path(__file__).parents[3] / "_ext/atlas/records/house.toml"
GATE = """
[gate.security]
title    = "Security"
name     = "Who gets in"
question = "Who gets in, and how do we lock them out?"
checks   = ["Access", "Secrets"]
"""
OWING = '[page]\nowes = ["security"]\n[category]\n[kind]\n'
SOURCE = """
[outage]
title     = "The outage"
url       = "https://acme.example/2024/outage"
publisher = "Acme"
tier      = "TIER"
published = 2024-03-20
read      = 2024-04-01
extent    = "full"

[outage.facts]
backlog = { value = "1.4 M jobs", text = "1.4 million jobs", says = "jobs waiting", as_of = 2024-03-05 }
"""


def write(folder: Path, text: str) -> Path:
    data = folder / "docs/_data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "atlas.toml").write_text(text, encoding="utf-8")
    return data


def read(folder: Path, text: str) -> tuple[House, list[Finding]]:
    return find_house(write(folder, text), folder)


def lawful(folder: Path, text: str) -> House:
    house, findings = read(folder, text)
    assert findings == []
    return house


def test_without_a_file_the_house_is_ours(tmp_path):
    assert find_house(tmp_path, tmp_path) == (HOUSE, [])


def test_our_own_house_is_a_lawful_file(tmp_path):
    assert lawful(tmp_path, OURS.read_text(encoding="utf-8")) == HOUSE


def test_a_file_that_says_nothing_changes_nothing(tmp_path):
    assert lawful(tmp_path, "# soon\n") == HOUSE


def test_our_own_house_uses_every_tier_and_every_computed_check():
    assert HOUSE.tiers == {tier.value: tier for tier in Tier}
    assert HOUSE.gates["new-hire"].checks == COMPUTED_CHECKS
    assert [gate.id for gate in HOUSE.gates.values() if gate.computed] == ["new-hire"]
    assert HOUSE.roles == {"incidents": Role.INCIDENT, "debugging": Role.GUIDE}


def test_a_table_stands_in_place_of_ours_whole(tmp_path):
    house = lawful(tmp_path, GATE + OWING)
    question = "Who gets in, and how do we lock them out?"
    assert house.gates == {
        "security": Gate("security", "Security", "Who gets in", question, ("Access", "Secrets"))
    }
    assert (house.owed("incidents", "failure-domains"), house.roles) == ((frozenset({"security"}),), {})
    assert (house.tiers, house.never_cited) == (HOUSE.tiers, HOUSE.never_cited)


def test_categories_stand_for_something_and_owe(tmp_path):
    text = """
[category.postmortems]
role = "incident"
owes = ["3am", "cfo or incident"]

[category.runbooks]
role = "guide"

[category.notes]
owes = []
"""
    house = lawful(tmp_path, text)
    assert house.owed("postmortems") == (frozenset({"3am"}), frozenset({"cfo", "incident"}))
    assert house.owed("runbooks") == house.owed("anything") == HOUSE.owes
    assert house.owed("notes") == ()
    assert [house.role(id) for id in ("postmortems", "runbooks", "notes", "incidents")] == [
        Role.INCIDENT,
        Role.GUIDE,
        Role.OTHER,
        Role.OTHER,
    ]


def test_a_kind_goes_before_a_category(tmp_path):
    house = lawful(tmp_path, '[kind.storage]\nowes = ["cfo"]\n')
    assert house.owed("incidents", "storage") == (frozenset({"cfo"}),)
    assert house.owed("incidents", "failure-domains") == HOUSE.owed("incidents")


def test_checks_of_the_computed_gate_can_be_left_out_and_the_gate_too(tmp_path):
    ours = OURS.read_text(encoding="utf-8")
    fewer = ours.replace('"Acronyms explained", "Technologies versioned", ', "")
    assert lawful(tmp_path, fewer).gates["new-hire"].checks == COMPUTED_CHECKS[2:]
    begin, end = ours.index("[gate.new-hire]"), ours.index("[gate.cfo]")
    assert "new-hire" not in lawful(tmp_path, ours[:begin] + ours[end:]).gates


def test_a_tier_of_its_own_is_judged_like_one_of_ours(tmp_path):
    data = write(tmp_path, '[tier]\ninterview = "press"\nours = "code"\n')
    (data / "sources").mkdir()
    ledger = data / "sources/acme.toml"
    ledger.write_text(SOURCE.replace("TIER", "interview"), encoding="utf-8")
    heard = sources(tmp_path)["acme/outage"]
    assert (heard.tier, heard.speaks, heard.second_hand) == ("interview", Tier.PRESS, True)
    ledger.write_text(SOURCE.replace("TIER", "ours"), encoding="utf-8")
    rules = {f.rule for f in read_ledgers(tmp_path / "docs", today=date(2026, 11, 24)).findings}
    assert rules == {"SOURCE006", "SOURCE007"}
    ledger.write_text(SOURCE.replace("TIER", "operator"), encoding="utf-8")
    [finding] = read_ledgers(tmp_path / "docs", today=date(2026, 11, 24)).findings
    assert finding.message == "`tier` must be one of interview, ours, not `operator`"


def sources(folder: Path) -> dict[str, Source]:
    return read_ledgers(folder / "docs", today=date(2026, 11, 24)).sources


def test_who_is_never_cited(tmp_path):
    data = write(tmp_path, '[source]\nnever_cited = ["acme.example"]\n')
    (data / "sources").mkdir()
    (data / "sources/acme.toml").write_text(SOURCE.replace("TIER", "operator"), encoding="utf-8")
    [finding] = read_ledgers(tmp_path / "docs", today=date(2026, 11, 24)).findings
    assert (finding.rule, finding.place.path) == ("SOURCE004", "docs/_data/sources/acme.toml")


def test_ledgers_stand_where_the_project_says(tmp_path):
    write(tmp_path, GATE + OWING)
    (tmp_path / "docs/_data").rename(tmp_path / "docs/facts")
    ledgers = read_ledgers(tmp_path / "docs", today=date(2026, 11, 24), data="facts")
    assert (list(ledgers.house.gates), ledgers.folder) == (["security"], "docs/facts")


FAULTS = {
    "unknown table": ("[gates.x]\n", 1, "unknown table `gates`", "did you mean `gate`?"),
    "unknown table, nothing near": ("[x]\n", 1, "unknown table `x`", "the tables are category, gate"),
    "no table": ("gate = 1\n", 1, "`gate` must be a table", "write [gate] above its keys"),
    "no row": ("[kind]\nx = 1\n", 2, "`kind.x` must be a table", "write [kind.x] above its keys"),
    "misspelt key": (
        '[category.x]\nroles = "guide"\n',
        2,
        "unknown key `roles`",
        "did you mean `role`?",
    ),
    "unknown role": (
        '[category.x]\nrole = "runbook"\n',
        2,
        "`role` must be one of incident, guide, not `runbook`",
        "",
    ),
    "id": ('[category."Post mortems"]\n', 1, "`Post mortems` cannot be a category", "lower-case words"),
    "missing key": (GATE.replace('name     = "Who gets in"\n', "") + OWING, 2, "has no `name`", "add name"),
    "no check": (GATE.replace('"Access", "Secrets"', "") + OWING, 6, "asks nothing", "write checks ="),
    "blank check": (GATE.replace('"Secrets"', '" "') + OWING, 6, "asks nothing", "write checks ="),
    "check twice": (GATE.replace("Secrets", "Access") + OWING, 6, "asks the same twice", "keep one"),
    "name of a part": (
        GATE.replace(".security", ".timeline") + OWING.replace("security", "timeline"),
        2,
        "gate `timeline` has the name of another part of pages",
        "give it another",
    ),
    "unknown computed check": (
        GATE.replace(".security", ".new-hire").replace("Secrets", "Scale showm").replace('"Access", ', "")
        + OWING.replace("security", "new-hire"),
        6,
        "gate `new-hire` is computed and knows no `Scale showm`",
        "did you mean `Scale shown`?",
    ),
    "unknown gate owed by all": (
        '[page]\nowes = ["3am or icnident"]\n',
        2,
        "`page.owes` names the unknown gate `icnident`",
        "did you mean `incident`?",
    ),
    "unknown gate owed": (
        '[kind.x]\nowes = ["zz"]\n',
        2,
        "`kind.x.owes` names the unknown gate `zz`",
        "the gates are 3am, cfo, incident, new-hire",
    ),
    "gates left out": (
        GATE + "[page]\nowes = []\n[kind.a]\nowes = []\n",
        2,
        "`gate` leaves out `3am`, which category.incidents, category.debugging, category.costs owe",
        "keep it, or write what they owe instead",
    ),
    "unknown tier": (
        '[tier]\nx = "pres"\n',
        2,
        "`x` must be one of operator, paper, docs, code, filing, talk, press, digest, not `pres`",
        "",
    ),
    "no host": (
        '[source]\nnever_cited = ["https://x.example/a"]\n',
        2,
        "`https://x.example/a` is no host",
        "write it as example.org",
    ),
    "no repository": (
        '[source]\nnever_copied = ["acme"]\n',
        2,
        "`acme` is no repository",
        "write it as owner/name",
    ),
    "no TOML": ("[gate\n", 1, "broken TOML", "mend this line"),
    "no list": ('[page]\nowes = "3am"\n', 2, "`owes` must be a list of texts", ""),
}
LEFT_OUT = {FAULTS["gates left out"][2]: 2}
"""Who leaves out three gates that are owed hears of each."""


@pytest.mark.parametrize(("text", "line", "message", "hint"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_finding_with_its_line_and_how_to_mend_it(tmp_path, text, line, message, hint):
    _, findings = read(tmp_path, text)
    finding, *more = findings
    assert len(more) == LEFT_OUT.get(message, 0), findings
    assert finding.rule in ("LEDGER001", "LEDGER002")
    assert (finding.place.path, finding.place.line) == ("docs/_data/atlas.toml", line)
    assert message in finding.message
    assert hint in finding.hint


def test_a_table_with_a_fault_keeps_what_fits(tmp_path):
    house, findings = read(tmp_path, GATE + "colour = 1\n" + OWING)
    assert [f.message for f in findings] == ["unknown key `colour`"]
    assert list(house.gates) == ["security"]
