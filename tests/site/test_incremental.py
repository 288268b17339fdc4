"""What is written again, and what is not: incremental builds, parallel builds, and the same bytes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from atlas.records.checks import key_of
from atlas.records.model import Fact, Source

from .conftest import ROOT, Build, Project

LEDGER = "source/_data/sources/acme.toml"
EPOCH = {"SOURCE_DATE_EPOCH": "1712700000"}


@pytest.fixture
def lawful(undrawn: Project) -> Project:
    """The lawful example as it is cloned: what is drawn, and when, is what these tests are about."""
    return undrawn


def pages(build: Build) -> dict[str, str]:
    """Page to a digest of its bytes."""
    files = sorted(build.out.rglob("*.html"))
    return {f.relative_to(build.out).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def times(build: Build) -> dict[str, int]:
    return {f.relative_to(build.out).as_posix(): f.stat().st_mtime_ns for f in build.out.rglob("*.html")}


def rewritten(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name, time in after.items() if before.get(name) != time}


ALWAYS = {"genindex.html", "search.html", "index.html"}
"""Sphinx writes these whenever it writes anything: the last one, as its toctree lists what changed."""


def test_nothing_changed_nothing_written(lawful: Project) -> None:
    before = times(lawful.build())
    after = times(lawful.build())
    assert rewritten(before, after) <= ALWAYS


def test_one_fact_rewrites_the_pages_that_show_it(lawful: Project) -> None:
    before = times(lawful.build())
    lawful.change(
        LEDGER, 'says = "jobs waiting at the peak"', 'says = "jobs that waited at the worst minute"'
    )
    built = lawful.build()
    assert rewritten(before, times(built)) - ALWAYS == {"incidents/acme-2024-03-05.html", "boards.html"}
    assert "jobs that waited at the worst minute" in built.read("incidents/acme-2024-03-05.html")
    assert "jobs that waited at the worst minute" in built.read("boards.html")


def test_a_check_rewrites_the_page_that_shows_its_fact(lawful: Project) -> None:
    before = times(lawful.build())
    words = ("1 M jobs", "1 million jobs", "docs/limits.md#L3")
    key = key_of(*words, "", "0123456789abcdef0123456789abcdef01234567", "https://github.com/example/queued")
    seen = f'key = "{key}", on = 2024-04-09, cited = "seen"'
    row = f'{seen}, newest = "stands", at = "{"a" * 40}", of = 2024-04-02'
    lawful.write("source/_data/checks/queued.toml", f'"queued/manual:limit" = {{ {row} }}\n')
    built = lawful.build()
    assert {"debugging/queue-full.html", "incidents/acme-2024-03-05.html"} <= rewritten(before, times(built))
    assert "stands in the text of 2024-04-02" in built.read("debugging/queue-full.html")


def test_prose_leaves_the_boards_alone(lawful: Project) -> None:
    before = times(lawful.build())
    lawful.change(
        "source/incidents/acme-2024-03-05.md", "The queue filled faster", "In short, the queue filled faster"
    )
    built = lawful.build()
    assert rewritten(before, times(built)) - ALWAYS == {"incidents/acme-2024-03-05.html"}


def test_another_way_of_drawing_rewrites_the_pages_with_drawings(lawful: Project, tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    shutil.copytree(ROOT / "_ext", engine, ignore=shutil.ignore_patterns("__pycache__"))
    env = {"PYTHONPATH": str(engine)}
    before = times(lawful.build(env=env))
    room = engine / "atlas" / "drawing" / "palette.py"
    room.write_text(room.read_text(encoding="utf-8").replace("#7A0000", "#7A0001"), encoding="utf-8")
    built = lawful.build(env=env)
    changed = rewritten(before, times(built))
    assert {"debugging/queue-full.html", "incidents/acme-2024-03-05.html"} <= changed
    assert "boards.html" not in changed


def test_another_script_rewrites_every_page(lawful: Project, tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    shutil.copytree(ROOT / "_ext", engine, ignore=shutil.ignore_patterns("__pycache__"))
    env = {"PYTHONPATH": str(engine)}
    before = times(lawful.build(env=env))
    room = engine / "atlas_sphinx" / "site" / "assets.py"
    text = room.read_text(encoding="utf-8")
    assert '"atlas/reader.js"' in text
    room.write_text(text.replace('"atlas/reader.js"', '"atlas/reader.js", "atlas/new.js"'), encoding="utf-8")
    built = lawful.build(env=env)
    assert {*pages(built)} - {"search.html", "genindex.html"} <= rewritten(before, times(built))
    assert "atlas/new.js" in built.read("boards.html")


BREAK_OFF = """
def break_off(app, pagename, *rest):
    if pagename == "incidents/acme-2024-03-05" and __import__("os").environ.get("BREAK_OFF"):
        raise KeyboardInterrupt

def setup(app):
    app.connect("html-page-context", break_off)
"""


def test_a_build_that_was_broken_off_is_ended_by_the_next(lawful: Project) -> None:
    conf = lawful.path / "conf.py"
    conf.write_text(conf.read_text(encoding="utf-8") + BREAK_OFF, encoding="utf-8")
    lawful.build()
    lawful.change(LEDGER, "until orders flowed again", "until orders ran again")
    assert lawful.build("-j1", env={"BREAK_OFF": "1"}).code != 0
    built = lawful.build()
    shown = ("boards.html", "incidents/acme-2024-03-05.html")
    assert all("until orders ran again" in built.read(page) for page in shown)


def test_a_new_title_rewrites_the_pages_that_name_it(lawful: Project) -> None:
    before = times(lawful.build())
    lawful.change("source/debugging/queue-full.md", "# A full queue", "# Find the slow end")
    built = lawful.build()
    changed = rewritten(before, times(built))
    assert {"debugging/queue-full.html", "incidents/acme-2024-03-05.html", "boards.html"} <= changed
    assert "Find the slow end" in built.read("boards.html")


def test_a_deleted_page_leaves_the_boards(lawful: Project) -> None:
    lawful.build()
    (lawful.path / "source/debugging/queue-full.md").unlink()
    built = lawful.build()
    assert "LINK001" in built.rules
    assert "debugging/queue-full" not in built.read("boards.html")


def test_a_finding_that_is_mended_is_gone(lawful: Project) -> None:
    lawful.change(LEDGER, 'text = "1.4 million jobs"', 'text = "many jobs"')
    assert "FACT002" in lawful.build().rules
    lawful.change(LEDGER, 'text = "many jobs"', 'text = "1.4 million jobs"')
    mended = lawful.build("-nW", "--keep-going")
    assert (mended.code, mended.rules) == (0, set())


def many_pages(project: Project, count: int) -> None:
    """Sixty guides beside the lawful pages: enough chunks to be read and written in parallel."""
    guide = (project.path / "source/debugging/queue-full.md").read_text(encoding="utf-8")
    for number in range(count):
        name = f"queue-full-{number:03}"
        project.write(
            f"source/debugging/{name}.md", guide.replace("debugging/queue-full", f"debugging/{name}")
        )
    project.change("source/index.md", "debugging/queue-full\n", "debugging/queue-full\ndebugging/many\n")
    project.write("source/debugging/many.md", "# Many\n\n```{toctree}\n:glob:\n\nqueue-full-*\n```\n")


@pytest.mark.parametrize(("jobs", "seed"), [("8", "1"), ("1", "2")])
def test_jobs_and_hash_seeds_give_the_same_bytes(
    lawful: Project, tmp_path: Path, jobs: str, seed: str
) -> None:
    del tmp_path
    many_pages(lawful, 60)
    plain = pages(lawful.build("-j", "1", "-E", "-a", env={**EPOCH, "PYTHONHASHSEED": "0"}))
    other = pages(lawful.build("-j", jobs, "-E", "-a", env={**EPOCH, "PYTHONHASHSEED": seed}))
    assert len(plain) > 60
    assert plain == other


def test_two_pages_racing_for_one_id(lawful: Project) -> None:
    many_pages(lawful, 60)
    for name in ("queue-full-007", "queue-full-051"):
        lawful.change(f"source/debugging/{name}.md", f"debugging/{name}", "debugging/racer")
    builds = [lawful.build("-j", jobs, "-E") for jobs in ("1", "8", "8")]
    found = [[f for f in b.findings if "DIAGRAM001" in f] for b in builds]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 1
    assert "queue-full-051.md" in found[0][0]
    assert "queue-full-007.md" in found[0][0]


# Against a build from nothing -----------------------------------------------------------------------

GUIDE = "source/debugging/queue-full.md"
Edit = Callable[[Project], None]


@pytest.fixture
def furnished(lawful: Project) -> Project:
    """The lawful project with a sidebar, sections by pattern, indexes, and pages that only mention others."""
    lawful.change("conf.py", '"basic"', '"furo"')
    toctree = "```{toctree}\n:glob:\n\nincidents/index\ndebugging/index\n*\n```"
    lawful.write("source/index.md", f"# Home\n\n{toctree}\n")
    for section in ("incidents", "debugging"):
        view = f"```{{atlas-view}} category\n:of: {section}\n```\n"
        lawful.write(
            f"source/{section}/index.md", f"# {section.title()}\n\n```{{atlas-toctree}}\n*\n```\n\n{view}"
        )
    for view in ("sources", "glossary", "incident-response"):
        lawful.write(f"source/{view}.md", f"# {view}\n\n```{{atlas-view}} {view}\n```\n")
    lawful.write("source/one-fact.md", "# One fact\n\nIt took {atlas:fact}`acme/outage:outage`.\n")
    lawful.write(
        "source/one-source.md", "# One source\n\nRead {atlas:source}`acme/outage`, {atlas:term}`API`.\n"
    )
    lawful.write("source/one-guide.md", "# One guide\n\nSee {atlas:diagram}`debugging/queue-full`.\n")
    lawful.write(
        "source/by-name.md",
        "# By name\n\nSee {doc}`one-fact` and [](one-source.md), [](debugging/gone.md).\n",
    )
    return lawful


def output(build: Build) -> dict[str, bytes]:
    """All that readers get, but the search index, which keeps what it once knew."""
    files = (
        f for f in build.out.rglob("*") if f.is_file() and f.name not in (".buildinfo", "searchindex.js")
    )
    return {f.relative_to(build.out).as_posix(): f.read_bytes() for f in files}


def stale(project: Project, edit: Edit) -> set[str]:
    """The files that a build after `edit` leaves other than a build from nothing makes them."""
    project.build("-j", "2")
    edit(project)
    again = output(built := project.build("-j", "2"))
    built.out.rename(project.path / "build" / "again")
    anew = output(project.build("-j", "2", "-E", "-d", str(project.path / "build" / "anew")))
    return {name for name in again.keys() | anew.keys() if again.get(name) != anew.get(name)}


def changing(name: str, old: str, new: str) -> Edit:
    return lambda project: project.change(name, old, new)


def renaming(old: str, new: str) -> Edit:
    def rename(project: Project) -> None:
        (project.path / old).rename(project.path / new)

    return rename


def adding(name: str, text: str) -> Edit:
    return lambda project: project.write(name, text)


def deleting(name: str) -> Edit:
    return lambda project: (project.path / name).unlink()


PAGES = {
    "rename a diagram": renaming(GUIDE, "source/debugging/a-guide.md"),
    "rename a page named by others": renaming("source/one-fact.md", "source/a-fact.md"),
    "rename the sources": renaming("source/sources.md", "source/publications.md"),
    "rename the glossary": renaming("source/glossary.md", "source/words.md"),
    "rename a section": renaming("source/debugging", "source/guides"),
    "add": adding("source/debugging/aaa.md", "# Ahead of all\n"),
    "add in front": adding("source/aaa.md", "# In front\n"),
    "delete a diagram": deleting(GUIDE),
    "delete a page": deleting("source/one-source.md"),
    "title": changing(GUIDE, "# A full queue", "# The `queue` is full"),
    "title by mark-up alone": changing("source/one-fact.md", "# One fact", "# One *fact*"),
    "title of a section": changing("source/debugging/index.md", "# Debugging", "# Guides"),
    "title of a diagram": changing(GUIDE, "Which end of the queue", "Which side of the queue"),
    "caption": changing("source/index.md", ":glob:", ":glob:\n:caption: All of it"),
    "out of a toctree": changing("source/index.md", "incidents/index\n", ""),
    "a page that was missed": adding("source/debugging/gone.md", "# Found\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", PAGES)
def test_pages_that_come_go_and_change_leave_nothing_behind(furnished: Project, what: str) -> None:
    assert stale(furnished, PAGES[what]) == set()


def test_a_page_in_a_crowd_leaves_nothing_behind(furnished: Project) -> None:
    """More siblings than a sidebar lists: each page shows another part of them."""
    for number in range(70):
        furnished.write(f"source/debugging/many-{number:02}.md", f"# Page {number}\n")
    assert stale(furnished, deleting("source/debugging/many-50.md")) == set()


SOURCE_EDITS = {
    "title": changing(LEDGER, "The order queue outage", "An order queue outage"),
    "url": changing(LEDGER, "queue-outage", "outage-of-the-queue"),
    "publisher": changing(LEDGER, 'publisher = "Acme"', 'publisher = "Acme Corporation"'),
    "tier": changing(LEDGER, 'tier      = "operator"', 'tier = "press"'),
    "published": changing(LEDGER, "2024-03-20", "2024-03-21"),
    "read": changing(LEDGER, "2024-04-01", "2024-04-02"),
    "extent": changing(LEDGER, 'extent    = "full"', 'extent = "opening"'),
    "archive": changing(LEDGER, 'tier ', 'archive = "https://web.archive.org/web/1/x"\ntier '),
    "commit": changing("source/_data/sources/queued.toml", "0123456789", "9876543210"),
    "copy": changing(LEDGER, 'tier ', f'copy = "acme/queue@{"a" * 40}:report.md"\ntier '),
    "of": changing("source/_data/sources/queued.toml", "queued 2", "queued 2.1"),
}  # fmt: skip
FACT_EDITS = {
    "value": changing(LEDGER, 'value = "1,400 s"', 'value = "1400 s"'),
    "says": changing(LEDGER, "until orders flowed again", "without orders"),
    "text": changing(LEDGER, '"1,400 seconds"', '"for 1,400 seconds"'),
    "where": changing(LEDGER, ', says = "until', ', where = "page 3", says = "until'),
    "as_of": changing(LEDGER, 'again", as_of = 2024-03-05', 'again", as_of = 2024-03-04'),
    "statistic": changing(LEDGER, ', says = "until', ', statistic = "total", says = "until'),
    "scope": changing(LEDGER, ', says = "until', ', scope = "one region", says = "until'),
    "derived": changing(LEDGER, '"backlog / outage"', '"(backlog) / outage"'),
    "dated": changing(LEDGER, 'again", as_of = 2024-03-05', 'again", as_of = "2024"'),
    "of": changing(LEDGER, ', says = "until', ', of = "queue 2", says = "until'),
    "copy": changing(LEDGER, ', says = "until', f', copy = "acme/queue@{"a" * 40}:r.md", says = "until'),
    "changed": changing(
        LEDGER, ', says = "until', ', changed = { in = "2", fact = "acme/outage:backlog" }, says = "until'
    ),
    "corroborates": changing(LEDGER, ', says = "until', ', corroborates = "acme/b:outage", says = "until'),
}


def test_every_field_of_a_source_and_of_a_fact_is_edited() -> None:
    assert {f.name for f in fields(Source)} - SOURCE_EDITS.keys() == {
        "id",
        "place",
        "facts",
        "like",
    }  # of tier and house
    assert {f.name for f in fields(Fact)} - FACT_EDITS.keys() == {"id", "place", "quantity"}


@pytest.mark.parametrize("field", SOURCE_EDITS)
def test_an_edited_source_is_shown_everywhere(furnished: Project, field: str) -> None:
    assert stale(furnished, SOURCE_EDITS[field]) == set()


@pytest.mark.parametrize("field", FACT_EDITS)
def test_an_edited_fact_is_shown_everywhere(furnished: Project, field: str) -> None:
    assert stale(furnished, FACT_EDITS[field]) == set()


def test_only_what_was_written_is_taken_away(furnished: Project) -> None:
    built = furnished.build()
    (built.out / "debugging" / "notes.html").write_text("by hand", encoding="utf-8")
    deleting(GUIDE)(furnished)
    built = furnished.build()
    assert not (built.out / "debugging" / "queue-full.html").exists()
    assert not (built.out / "_sources" / "debugging" / "queue-full.md.txt").exists()
    assert built.read("debugging/notes.html") == "by hand"
