"""After any trouble the next build is right, without `-E`: it says what is wrong, and shows what is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.conftest import SphinxBuild

from .conftest import LAWFUL, ROOT, Build, Project
from .test_incremental import output

PAGE = "incidents/acme-2024-03-05.html"
SOURCE = "source/incidents/acme-2024-03-05.md"


@pytest.fixture
def lawful(undrawn: Project) -> Project:
    """The lawful example as it is cloned: what is drawn, and when, is what these tests are about."""
    return undrawn


def drawings(project: Project) -> list[Path]:
    return sorted((project.path / "build" / "html-trees" / "drawings").glob("*.svg"))


def shows(built: Build) -> bool:
    """True where the page has its drawing; the theme has no picture of its own."""
    return "<svg" in built.read(PAGE)


def with_module(project: Project, text: str) -> dict[str, str]:
    """The environment in which a build runs `text` before anything else."""
    project.write("sitecustomize.py", text)
    return {"PYTHONPATH": os.pathsep.join((str(ROOT / "_ext"), str(project.path)))}


DIES = """
import os, sys
import multiprocessing.util

def die(*_):
    if multiprocessing.parent_process():
        os._exit(3)

import atlas.drawing.press as press
press.draw = die
"""


def test_a_drawing_that_failed_is_red_until_it_is_drawn(lawful: Project) -> None:
    env = with_module(lawful, DIES)
    first = lawful.build("-nW", "--keep-going", env=env)
    again = lawful.build("-nW", "--keep-going", env=env)
    assert "MERMAID006" in first.rules, first.log
    assert first.findings == again.findings
    assert not shows(again)
    well = lawful.build("-nW", "--keep-going")
    assert (well.code, well.rules) == (0, set()), well.log
    assert shows(well)


def test_an_engine_that_was_absent_is_used_once_it_is_there(lawful: Project) -> None:
    without = with_module(lawful, 'import sys\n\nsys.modules["merman"] = None\n')
    assert lawful.build(env=without).rules == {"MERMAID007"}
    assert lawful.build(env=without).rules == {"MERMAID007"}
    well = lawful.build("-nW", "--keep-going")
    assert (well.code, well.rules) == (0, set()), well.log
    assert shows(well)
    assert lawful.build(env=without).rules == {"MERMAID007"}


# Damage ---------------------------------------------------------------------------------------------

OUT, TREES = "build/html", "build/html-trees"
Damage = Callable[[Path], None]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def filled(text: str) -> Damage:
    def fill(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return fill


def spoiled(path: Path) -> None:
    """One byte in the middle is another."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


DAMAGED: dict[str, tuple[str, Damage]] = {
    "drawing cut": (f"{TREES}/drawings/*.svg", cut),
    "drawing emptied": (f"{TREES}/drawings/*.svg", empty),
    "drawing spoiled": (f"{TREES}/drawings/*.svg", spoiled),
    "drawing removed": (f"{TREES}/drawings/*.svg", remove),
    "drawing another": (f"{TREES}/drawings/*.svg", filled("<svg/>")),
    "proof cut": (f"{TREES}/drawings/*.json", cut),
    "proof removed": (f"{TREES}/drawings/*.json", remove),
    "proof null": (f"{TREES}/drawings/*.json", filled("null")),
    "proof of the wrong form": (f"{TREES}/drawings/*.json", filled('{"proof": 1, "losses": [[1]]}')),
    "digests null": (f"{OUT}/.atlas-written.json", filled("null")),
    "digests a list": (f"{OUT}/.atlas-written.json", filled("[1]")),
    "digests of the wrong form": (f"{OUT}/.atlas-written.json", filled('{"index": 7, "gone": null}')),
    "digests cut": (f"{OUT}/.atlas-written.json", cut),
    "digests removed": (f"{OUT}/.atlas-written.json", remove),
    "build info emptied": (f"{OUT}/.buildinfo", empty),
    "build info cut": (f"{OUT}/.buildinfo", cut),
    "build info removed": (f"{OUT}/.buildinfo", remove),
    "answers emptied": (f"{TREES}/.atlas-answers", empty),
    "answers of another form": (f"{TREES}/.atlas-answers", filled("null")),
    "the last build spoiled": (f"{TREES}/.atlas-last-html", spoiled),
    "the last build emptied": (f"{TREES}/.atlas-last-html", empty),
    "data removed": (f"{OUT}/atlas.json", remove),
    "metrics cut": (f"{OUT}/CENTRAL_METRICS.json", cut),
    "index of the finder emptied": (f"{OUT}/atlas-index.js", empty),
    "warned pages null": (f"{TREES}/.atlas-warned.json", filled("null")),
    "warned pages of numbers": (f"{TREES}/.atlas-warned.json", filled("[1, 2]")),
    "page cut": (f"{OUT}/incidents/*.html", cut),
    "page emptied": (f"{OUT}/incidents/*.html", empty),
    "page spoiled": (f"{OUT}/incidents/*.html", spoiled),
    "tree cut": (f"{TREES}/**/*.doctree", cut),
    "tree emptied": (f"{TREES}/**/*.doctree", empty),
    "tree spoiled": (f"{TREES}/**/*.doctree", spoiled),
    "environment cut": (f"{TREES}/environment.pickle", cut),
    "environment emptied": (f"{TREES}/environment.pickle", empty),
}


@pytest.fixture(scope="module")
def standing(
    tmp_path_factory: pytest.TempPathFactory, sphinx_build: SphinxBuild
) -> tuple[Project, dict[str, bytes]]:
    """A project that stays in its place, with what a build from nothing makes of it."""
    path = tmp_path_factory.mktemp("standing") / "atlas"
    shutil.copytree(LAWFUL, path)
    project = Project(path, sphinx_build)
    built = project.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    return project, output(built)


@pytest.mark.parametrize("what", DAMAGED)
def test_what_was_damaged_is_made_anew(standing: tuple[Project, dict[str, bytes]], what: str) -> None:
    project, right = standing
    pattern, damage = DAMAGED[what]
    found = sorted(project.path.glob(pattern))
    if "warned" not in what:
        assert found
    for path in found or [project.path / pattern]:
        damage(path)
    built = project.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    now = output(built)
    assert {name for name in right.keys() | now.keys() if right.get(name) != now.get(name)} == set()


def test_other_bytes_under_an_older_time_are_read(lawful: Project) -> None:
    """As where a clock was set back, or an older commit was checked out with its times."""
    lawful.build()
    lawful.change(SOURCE, "The queue filled", "In short, the queue filled")
    os.utime(lawful.path / SOURCE, (1_000_000_000, 1_000_000_000))
    assert "In short, the queue" in lawful.build().read(PAGE)


# Warnings of others ---------------------------------------------------------------------------------

WARNED = {
    "a link to no page": "See [this](gone.md).",
    "a link to no label": "See [](#gone).",
    "an unknown role": "See {nothing}`at all`.",
    "an unknown directive": "```{nothing}\n```",
    "an option that there is not": "```{note}\n:nothing: 1\n\nNo.\n```",
    "a picture that is not there": "![no](gone.png)",
    "a page of another project": "See {doc}`gone`.",
    "a heading that leaps": "#### Down there",
    "an unknown lexer": "```nothing\nx\n```",
}


@pytest.mark.parametrize("what", WARNED)
def test_a_warning_of_others_is_said_on_each_build(lawful: Project, what: str) -> None:
    lawful.write("source/warned.md", f"---\norphan: true\n---\n# Warned\n\n{WARNED[what]}\n")
    builds = [lawful.build("-nW", "--keep-going", "-j", jobs) for jobs in ("1", "2")]
    said = [[line for line in built.log.splitlines() if "warned.md" in line] for built in builds]
    assert said[0], builds[0].log
    assert said[0] == said[1]
    assert [built.code for built in builds] == [1, 1]
    lawful.write("source/warned.md", "---\norphan: true\n---\n# Warned\n\nWell.\n")
    mended = lawful.build("-nW", "--keep-going")
    assert mended.code == 0, mended.log


# Other trouble --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 300, 4_000, 12_000])
def test_a_full_disk_is_said_and_the_next_build_is_right(
    lawful: Project, standing: tuple[Project, dict[str, bytes]], size: int
) -> None:
    """No file may be larger than `size` bytes, which fails in the middle of a write as a full disk does."""
    limit = f"import resource\n\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    full = lawful.build("--keep-going", env=with_module(lawful, limit))
    assert full.code != 0
    assert "File too large" in full.log, full.log
    now = output(built := lawful.build("-nW", "--keep-going"))
    assert built.code == 0, built.log
    right = standing[1]
    assert {name for name in right.keys() | now.keys() if right.get(name) != now.get(name)} == set()


def test_two_builds_at_once_wait_for_each_other(lawful: Project) -> None:
    lawful.build()
    with ThreadPoolExecutor() as pool:
        own = {"PYTHONHASHSEED": "0"}  # a process each
        builds = [pool.submit(lawful.build, "-nW", "--keep-going", "-a", "-E", env=own) for _ in range(2)]
        assert [build.result().code for build in builds] == [0, 0]
    assert "waiting for its end" in "".join(build.result().log for build in builds)
    assert shows(lawful.build("-nW", "--keep-going"))


def test_a_build_that_is_killed_while_settings_move_leaves_no_old_page(lawful: Project) -> None:
    """Sphinx notes the new settings before it writes a page with them."""
    die = "\n\ndef setup(app):\n    app.connect('html-page-context', lambda *_: __import__('os')._exit(9))\n"
    lawful.build()
    conf = (lawful.path / "conf.py").read_text(encoding="utf-8")
    lawful.write("conf.py", f'{conf}html_title = "Another"\n{die}')
    assert lawful.build("-j1").code == 9
    lawful.write("conf.py", f'{conf}html_title = "Another"\n')
    built = lawful.build("-nW", "--keep-going")
    assert all("Another" in built.read(page) for page in ("boards.html", PAGE))
