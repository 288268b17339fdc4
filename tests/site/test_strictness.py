"""Strictness: a team begins with ids and planes, and sees what the rest would find."""

from __future__ import annotations

import json

import pytest

PAGE = "source/incidents/acme-2024-03-05.md"


def test_what_is_owed_later_fails_no_build_and_is_counted(lawful):
    lawful.change(PAGE, "${backlog} waiting", "1,400,000 waiting")
    lawful.change(PAGE, "Data loss\n: not published: the report names no lost order\n\n", "")
    mild = lawful.build("-W", "-D", "atlas_strictness=planes", builder="atlas-json")
    assert (mild.code, mild.rules) == (0, set())
    assert "atlas_strictness is planes; 2 findings wait: 1 for sources, 1 for all" in mild.log
    metrics = json.loads(mild.read("CENTRAL_METRICS.json"))
    waiting = {"sources": 1, "all": 1}
    assert metrics["debt"] == {"strictness": "planes", "total": 2, "waiting": waiting, "diagrams": 1}
    strict = lawful.build(builder="atlas-json")
    assert (strict.code, strict.rules) == (1, {"FACT003", "GATE002"})


def test_an_unknown_strictness_is_refused(lawful):
    built = lawful.build("-D", "atlas_strictness=mild", builder="atlas-json")
    assert built.code == 2
    assert "atlas_strictness: 'mild' is none of planes, sources, all" in built.log


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("atlas_pages = [7]", "atlas_pages: 7 is no text"),
        ("atlas_max_age = -1", "atlas_max_age: -1 is less than 0"),
        ("atlas_draw_timeout = float('nan')", "atlas_draw_timeout: nan is less than"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(lawful, line, said):
    lawful.change("conf.py", "nitpicky", f"{line}\nnitpicky")
    built = lawful.build(builder="atlas-json")
    assert built.code == 2
    assert said in built.log


def test_a_plain_fence_passes_beside_a_diagram_while_no_sources_are_asked_for(lawful):
    text = (lawful.path / PAGE).read_text(encoding="utf-8")
    lawful.write(PAGE, f"{text}\n```{{mermaid}}\npie\n```\n")
    assert lawful.build("-W", "-D", "atlas_strictness=planes", builder="atlas-json").code == 0
    strict = lawful.build("-D", "atlas_strictness=sources", builder="atlas-json")
    assert (strict.code, strict.rules) == (1, {"MERMAID002"})
