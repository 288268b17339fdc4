"""The command in a project with a house of its own and ledgers elsewhere."""

from __future__ import annotations

import pytest

from .conftest import PLAN, Desk

HOUSE = """
[gate.doors]
title    = "Doors"
name     = "Who gets in"
question = "Who gets in?"
checks   = ["Access", "Secrets"]

[page]
owes = ["doors"]

[category.incidents]
role = "guide"

[category.debugging]
role = "incident"

[kind]

[tier]
operator  = "operator"
interview = "press"
docs      = "docs"
code      = "code"
"""


@pytest.fixture
def moved(desk: Desk) -> Desk:
    """The example with its ledgers in `facts`."""
    (desk.path / "source/_data").rename(desk.path / "source/facts")
    desk.write("conf.py", desk.read("conf.py").replace("_data", "facts") + '\natlas_data = "facts"\n')
    desk.write("source/facts/atlas.toml", HOUSE)
    desk.write("source/facts/catalogue/plan.toml", desk.read("source/facts/catalogue/plan.toml") + PLAN)
    return desk


def test_doctor_names_the_house_and_the_folder(moved):
    told = moved.run("doctor").out
    assert "source/facts: sources" in told
    assert "source/facts/atlas.toml: gates doors" in told
    moved.write("source/facts/atlas.toml", HOUSE.replace("[tier]", "[teir]"))
    told = moved.run("doctor")
    assert "source/facts/atlas.toml:19: unknown table `teir`; did you mean `tier`?" in " ".join(
        told.out.split()
    )
    assert told.code == 1


def test_doctor_sees_a_folder_that_the_command_cannot_read(moved):
    moved.write("conf.py", moved.read("conf.py").replace('atlas_data = "facts"', 'atlas_data = "fa" + "cts"'))
    told = " ".join(moved.run("doctor").out.split())
    assert "Sphinx reads source/facts, the command source/fa;" in told


def test_what_is_begun_asks_what_the_house_asks(moved):
    assert moved.run("new", "diagram", "debugging/slow-disk").code == 0
    page = moved.read("source/debugging/slow-disk.md")
    assert "::::{quality-gate} doors\nAccess\n" in page
    assert "{atlas-timeline}" in page
    wrong = moved.run("new", "source", "acme/talk", "--url", "https://acme.example/a", "--tier", "talk")
    assert "one of operator, interview, docs, code" in wrong.err
    right = moved.run("new", "source", "acme/talk", "--url", "https://acme.example/a", "--tier", "interview")
    assert right.code == 0
    assert 'tier = "interview"' in moved.read("source/facts/sources/acme.toml")


def test_what_is_shown_and_found_is_the_house_s(moved):
    page = moved.path / "source/debugging/queue-full.md"
    text = page.read_text(encoding="utf-8")
    text += "\n:::{quality-gate} doors\nAccess\n: By the proxy.\n\nSecrets\n: Of `vault` alone.\n:::\n"
    page.write_text(text, encoding="utf-8")
    shown = moved.run("show", "debugging/queue-full", "--gates").out
    assert "Doors gate: Who gets in?" in shown
    assert "passed, 2 of 2" in shown
