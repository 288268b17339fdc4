"""Where nothing has moved nothing is done; and each thing that a build rests on is one that can move."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import SphinxBuild

from .conftest import ROOT, Build, Project

PAGE = "incidents/acme-2024-03-05.html"


def did(built: Build) -> set[str]:
    """The parts of a build that `-v` tells of."""
    [told] = [line for line in built.log.splitlines() if line.startswith("atlas phases: ")]
    return {part.split()[0] for part in told.removeprefix("atlas phases: ").split(", ")}


def build(project: Project, *options: str, env: dict[str, str] | None = None) -> Build:
    return project.build("-v", *options, env={"PYTHONPATH": str(project.path / "engine"), **(env or {})})


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory, sphinx_build: SphinxBuild) -> Project:
    """A project with an engine of its own, built twice: what is kept is kept."""
    path = tmp_path_factory.mktemp("unmoved") / "atlas"
    shutil.copytree(ROOT / "tests" / "cases" / "lawful", path)
    shutil.copytree(ROOT / "_ext", path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    project = Project(path, sphinx_build)
    build(project)
    assert "draw" not in did(build(project))
    return project


@pytest.fixture
def standing(built_once: Project, tmp_path: Path) -> Project:
    """A copy of it with its times, in a place of its own: a build there has to look at all of it once."""
    shutil.copytree(built_once.path, tmp_path / "atlas")
    project = Project(tmp_path / "atlas", built_once.sphinx_build)
    build(project)
    return project


def test_the_parts_of_a_build_are_told(lawful: Project) -> None:
    assert did(lawful.build("-v")) == {"start", "look", "read", "seal", "draw", "write"}


def test_a_site_that_is_written_anew_unmoved_is_the_same(standing: Project) -> None:
    before = build(standing).read(PAGE)
    again = build(standing, "-a")
    assert "draw" in did(again), again.log
    assert again.read(PAGE) == before
    assert "draw" not in did(build(standing))


def test_what_is_red_stays_red(standing: Project) -> None:
    page = "source/incidents/acme-2024-03-05.md"
    standing.change(page, "The queue filled", "For 17 minutes the queue filled")
    builds = [build(standing, "-nW", "--keep-going") for _ in range(3)]
    assert {built.code for built in builds} == {1}
    assert builds[0].rules == {"FACT011"}
    assert builds[0].findings == builds[1].findings == builds[2].findings
    assert "draw" not in did(builds[2])


def touch_settings(project: Project) -> None:
    conf = project.path / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8") + '\nhtml_title = "Another title"\n', encoding="utf-8")


def change_font(project: Project) -> None:
    """A TrueType file is read by its tables, so that a byte behind them is another font of the same looks."""
    font = project.path / "engine" / "atlas" / "drawing" / "fonts" / "Inter-Regular.ttf"
    font.write_bytes(font.read_bytes() + b"\0")


def change_export(project: Project) -> None:
    project.change("engine/atlas/files/export.py", "SCHEMA, REVISION = 1, 1", "SCHEMA, REVISION = 1, 7")


def change_rule(project: Project) -> None:
    project.change("engine/atlas/rules/gates.py", "def seen(", "# moved\ndef seen(")


def change_ledger(project: Project) -> None:
    project.change("source/_data/sources/acme.toml", "until orders flowed again", "until orders ran again")


def delete_drawing(project: Project) -> None:
    min((project.path / "build/html-trees/drawings").glob("*.svg")).unlink()


def delete_data(project: Project) -> None:
    (project.path / "build/html/atlas.json").unlink()


def kept_names(project: Project) -> set[str]:
    return {path.name for path in (project.path / "build/html-trees/drawings").iterdir()}


def shows_title(project: Project, built: Build, before: set[str]) -> bool:
    return "Another title" in built.read(PAGE)


def draws_anew(project: Project, built: Build, before: set[str]) -> bool:
    return not before & kept_names(project)


def has_revision(project: Project, built: Build, before: set[str]) -> bool:
    return bool(json.loads(built.read("atlas.json"))["revision"] == 7)


def has_words(project: Project, built: Build, before: set[str]) -> bool:
    return "until orders ran again" in built.read(PAGE)


def has_all(project: Project, built: Build, before: set[str]) -> bool:
    return before == kept_names(project) and "diagrams" in json.loads(built.read("atlas.json"))


def just_builds(project: Project, built: Build, before: set[str]) -> bool:
    return built.code == 0


MOVED: dict[str, tuple[Callable[[Project], None], Callable[[Project, Build, set[str]], bool]]] = {
    "a setting": (touch_settings, shows_title),
    "a font": (change_font, draws_anew),
    "what writes data": (change_export, has_revision),
    "a rule": (change_rule, just_builds),
    "a ledger": (change_ledger, has_words),
    "a drawing is gone": (delete_drawing, has_all),
    "data is gone": (delete_data, has_all),
}


@pytest.mark.parametrize("what", MOVED)
def test_what_moved_is_seen(standing: Project, what: str) -> None:
    move, seen = MOVED[what]
    before = kept_names(standing)
    move(standing)
    built = build(standing, "-nW", "--keep-going")
    assert "draw" in did(built), built.log
    assert built.code == 0, built.log
    assert seen(standing, built, before)


def test_the_next_day_is_judged_by_its_own(standing: Project) -> None:
    built = build(standing, "-D", "atlas_today=2024-04-11")
    assert json.loads(built.read("CENTRAL_METRICS.json"))["build"]["date"] == "2024-04-11"


def test_midnight_between_two_builds_is_seen(standing: Project) -> None:
    """By the clock, which no setting names."""
    noon = 1_712_750_400
    days = [
        json.loads(
            build(standing, "-D", "atlas_today=", env={"SOURCE_DATE_EPOCH": str(noon + hours * 3600)}).read(
                "atlas.json"
            )
        )["build"]["date"]
        for hours in (0, 11, 13)
    ]
    assert days == ["2024-04-10", "2024-04-10", "2024-04-11"]


def test_another_version_of_the_engine_is_seen(standing: Project) -> None:
    standing.write(
        "engine/sitecustomize.py",
        "import importlib.metadata as m\nold = m.version\n"
        "m.version = lambda name: '9.9.9' if name == 'merman' else old(name)\n",
    )
    before = kept_names(standing)
    built = build(standing)
    assert "draw" in did(built), built.log
    assert not before & kept_names(standing)


def test_a_drawing_that_failed_is_tried_again(standing: Project) -> None:
    """Though nothing has moved: it may have been a machine under load."""
    standing.write("engine/sitecustomize.py", FAILS)
    delete_drawing(standing)
    builds = [build(standing, "--keep-going") for _ in range(2)]
    assert [built.rules for built in builds] == [{"MERMAID006"}] * 2
    (standing.path / "engine" / "sitecustomize.py").unlink()
    assert build(standing).rules == set()


FAILS = """
import multiprocessing.util
import os

def die(*_):
    if multiprocessing.parent_process():
        os._exit(3)

import atlas.drawing.press as press
press.draw = die
"""

MANY = "import atlas_sphinx.parses\natlas_sphinx.parses.FEW = 0\n"
DEAF = "import atlas.diagrams.mermaid\natlas.diagrams.mermaid.parse = lambda *_: 1 / 0\n"


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_was_parsed_is_not_parsed_again(standing: Project, jobs: str) -> None:
    """Reading all anew asks the engine for nothing, and for a diagram whose text is another."""
    standing.write("engine/sitecustomize.py", MANY)
    before = build(standing, "-E").read(PAGE)
    standing.write("engine/sitecustomize.py", MANY + DEAF)
    again = build(standing, "-E", "-j", jobs)
    assert again.code == 0, again.log
    assert again.read(PAGE) == before
    standing.change("source/incidents/acme-2024-03-05.md", "flowchart LR", "flowchart TB")
    asked = build(standing, "-j", jobs)
    assert "ZeroDivisionError" in asked.log


def test_workers_send_back_what_they_read_alone(standing: Project) -> None:
    """A worker forgets what other pages noted, and nobody misses it: as many pages as make several chunks."""
    page = (standing.path / "source/debugging/queue-full.md").read_text(encoding="utf-8")
    for number in "abcdefghij":
        copied = page.replace("debugging/queue-full", f"debugging/queue-full-{number}")
        standing.write(f"source/debugging/queue-full-{number}.md", copied)
    alone, shared = (build(standing, "-E", "-j", jobs) for jobs in ("1", "2"))
    assert alone.findings == shared.findings
    assert len(json.loads(shared.read("atlas.json"))["diagrams"]) == 12
