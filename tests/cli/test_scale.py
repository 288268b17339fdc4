"""Size: 900 diagrams within their second, 5,000 at all."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from atlas_cli.project import Project, stamp_inputs, today

from .test_command import cpu_of


def multiply(atlas, count):
    """The data of so many diagrams: those of the project, then copies with facts of their own."""
    diagrams: list[dict[str, Any]] = list(atlas["diagrams"])
    facts: dict[str, Any] = dict(atlas["facts"])
    for number in range(count - len(diagrams)):
        like = atlas["diagrams"][number % len(atlas["diagrams"])]
        shown = {f"{id}-{number}": atlas["facts"][id] for id in like["facts"]}
        facts |= shown
        own = {
            "id": f"{like['category']}/d{number}",
            "docname": f"d{number}",
            "title": f"Diagram {number}",
            "page_title": f"Page {number}",
            "place": {"path": f"source/d{number}.md", "line": 3},
            "errors": [f"ERR {number} full"],
            "facts": list(shown),
            "nodes": like["nodes"] * 6,
        }
        diagrams.append(like | own)
    return atlas | {"diagrams": diagrams, "facts": facts}


@pytest.fixture
def crowd(desk):
    """Makes the data of the project hold so many diagrams, and its folder as many pages."""

    def make(count):
        atlas = json.loads(desk.read("build/atlas/atlas.json"))
        for number in range(count):
            desk.write(f"source/many/d{number}.md", "# Page\n")
        desk.write("build/atlas/atlas.json", json.dumps(multiply(atlas, count)))
        stamps = stamp_inputs(Project(desk.path / "source", desk.path), {})
        desk.write("build/atlas/inputs.json", json.dumps({"day": today().isoformat(), "files": stamps}))
        return desk

    return make


def test_status_of_900_diagrams_within_a_second(crowd):
    desk = crowd(900)
    assert "900 diagrams" in desk.run("review", "-n", "1").out
    assert cpu_of(["status"], desk.path) < 1


@pytest.mark.slow
def test_5000_diagrams(crowd):
    desk = crowd(5000)
    for words in (
        ["status"],
        ["progress"],
        ["review", "-n", "3"],
        ["find", "ERR 4321 full"],
        ["show", "debugging/d0", "--drawing"],
        ["links"],
        ["update-status", "incidents/d3"],
    ):
        begun = time.monotonic()
        done = desk.run(*words)
        assert done.code in (0, 1), done.err
        assert time.monotonic() - begun < 60
    answer = desk.run("find", "ERR 4321 full", "--json").data["hits"][0]
    assert answer["id"].endswith("/d4321")
    assert "did you mean" in desk.run("show", "debugging/d00").err
    assert cpu_of(["find", "ERR 4321 full"], desk.path) < 5
