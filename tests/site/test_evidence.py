"""Evidence lines, standing and times as readers meet them, and faults in them on every build."""

from __future__ import annotations

import json

import pytest

from .conftest import Project

PAGE = "source/incidents/acme-2024-03-05.md"
LEDGER = "source/_data/sources/acme.toml"
SPOT = '%% = acme/outage "1.4 million jobs"'


def test_a_box_says_what_it_rests_on(lawful: Project) -> None:
    page = lawful.build().read("incidents/acme-2024-03-05.html")
    assert "published: " in page
    assert "“1.4 million jobs”" in page
    assert "advice of this atlas" in page
    assert 'data-standing="advice"' in page
    assert "boxes and arrows: " in page
    assert "%% =" not in page.replace("%% = SOURCE", "")


def test_atlas_json_tells_it_to_machines(lawful: Project) -> None:
    diagrams = json.loads(lawful.build().read("atlas.json"))["diagrams"]
    (diagram,) = [d for d in diagrams if d["id"].startswith("incidents")]
    queue = next(node for node in diagram["nodes"] if node["id"] == "Q")
    assert (queue["broken"], queue["standing"]) == (True, "published")
    assert queue["evidence"] == [{"source": "acme/outage", "words": "1.4 million jobs"}]
    assert [edge["standing"] for edge in diagram["edges"]] == ["advice"] * 3
    assert diagram["standing"]["advice"] == 4


def test_a_year_is_shown_as_a_year(lawful: Project) -> None:
    lawful.change(LEDGER, "as_of = 2024-03-05 }  # backlog", 'as_of = "2024" }  # backlog')
    built = lawful.build()
    assert built.code == 0, built.log
    assert ">2024</" in built.read("incidents/acme-2024-03-05.html")
    fact = json.loads(built.read("atlas.json"))["facts"]["acme/outage:backlog"]
    assert (fact["as_of"], fact["dated"]) == ("2024-12-31", "2024")


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        (SPOT, '%% = acme/outagge "1.4 million jobs"', "SOURCE002"),
        (SPOT, '%% = acme/outage "one two three four five six seven eight nine"', "FACT007"),
        ("flowchart LR\n", f"flowchart LR\n{SPOT}\n", "FACT012"),
        ("  subgraph service\n", f"  subgraph service\n{SPOT}\n", "FACT012"),
        (SPOT, "%% = acme/outage 1.4 million jobs", "FACT012"),
        (":::broken", "", "DIAGRAM004"),
    ],
)
def test_planted_evidence_is_red_twice(lawful: Project, good: str, bad: str, rule: str) -> None:
    lawful.change(PAGE, good, bad)
    first, again = lawful.build(), lawful.build("-j", "2")
    assert first.code == again.code == 1
    assert rule in first.rules
    assert first.findings == again.findings
    assert all(PAGE in finding for finding in first.findings if rule in finding)
