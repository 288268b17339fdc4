"""What a trial has shown, as readers meet it on the page, on the dashboard and in the data."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from atlas.records.trials import commands_key, render_trial

from .conftest import Build, Project

PAGE = "source/debugging/queue-full.md"
LEDGER = "source/_data/trials/debugging-queue-full.toml"
DEPTH = ("depth", "queuectl depth --host <host>", r"(?m)^depth \d+ of \d+$")
TOLD = "1 of 2 commands tried on queued 2.1, 2024-04-01"


def write(project: Project, software: str = "queued 2.1", shows: tuple[str, ...] = ("S", "S->D")) -> None:
    entry = render_trial(
        guide="debugging/queue-full",
        software=software,
        day=date(2024, 4, 1),
        commands=["depth"],
        key=commands_key([DEPTH]),
        shows=shows,
    )
    project.write(LEDGER, entry)


def standings(built: Build) -> dict[str, str | bool]:
    (diagram,) = [
        d for d in json.loads(built.read("atlas.json"))["diagrams"] if d["id"] == "debugging/queue-full"
    ]
    return {node["id"]: node["standing"] for node in diagram["nodes"]} | {"due": diagram["trial"]["due"]}


@pytest.fixture
def tried(lawful: Project) -> Project:
    write(lawful)
    return lawful


def test_readers_are_told_what_was_tried(tried: Project) -> None:
    tried.change("source/index.md", "boards\n", "boards\ndashboard\n")
    tried.write("source/dashboard.md", "# Dashboard\n\n```{atlas-view} dashboard\n```\n")
    built = tried.build()
    assert built.code == 0, built.log
    page = built.read("debugging/queue-full.html")
    assert TOLD in page
    assert 'data-standing="tried"' in page
    assert standings(built) == {"S": "tried", "D": "published", "due": False}
    row = re.search(r"Guides tried with the real software.*?</tr>", built.read("dashboard.html"), re.DOTALL)
    assert row is not None
    assert ">1<" in re.sub(r"</?p>", "", row[0])


def test_a_page_follows_its_trial(tried: Project) -> None:
    tried.build()
    write(tried, software="queued 2.2", shows=("S->D",))
    built = tried.build()
    assert "tried on queued 2.2" in built.read("debugging/queue-full.html")
    assert standings(built)["S"] == "advice"


def test_a_claim_above_what_was_tried_makes_the_trial_due(tried: Project) -> None:
    tried.change(PAGE, "queued >= 1.0", "queued >= 3.0")
    built = tried.build()
    assert f"{TOLD}, and due again" in built.read("debugging/queue-full.html")
    assert standings(built) == {"S": "advice", "D": "published", "due": True}


def test_a_trial_of_what_is_not_drawn_is_red(tried: Project) -> None:
    write(tried, shows=("S->E",))
    built = tried.build()
    assert built.code == 1
    assert built.rules == {"TRIAL003"}
