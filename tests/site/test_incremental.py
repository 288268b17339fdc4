"""What is written again, and what is not: incremental builds, parallel builds, and the same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from .conftest import Build, Project

LEDGER = "source/_data/sources/acme.toml"
EPOCH = {"SOURCE_DATE_EPOCH": "1712700000"}


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


def test_prose_leaves_the_boards_alone(lawful: Project) -> None:
    before = times(lawful.build())
    lawful.change(
        "source/incidents/acme-2024-03-05.md", "The queue filled faster", "In short, the queue filled faster"
    )
    built = lawful.build()
    assert rewritten(before, times(built)) - ALWAYS == {"incidents/acme-2024-03-05.html"}


def test_a_new_title_rewrites_the_pages_that_name_it(lawful: Project) -> None:
    before = times(lawful.build())
    lawful.change("source/debugging/queue-full.md", "Which end of the queue is slow", "Find the slow end")
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
