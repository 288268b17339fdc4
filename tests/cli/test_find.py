"""Find: the answers in the terminal, and the cases that the browser has to answer too."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib

import pytest

from atlas import finder

from .conftest import ENV, ROOT

CASES = tomllib.loads((ROOT / "tests/cases/finder.toml").read_text(encoding="utf-8"))["case"]


def test_the_page_that_answers_comes_first_and_says_why(desk):
    done = desk.run("find", "2024-03-05T10:11:12Z [worker-3] ERR queue is full (id 0xdeadbeef)")
    assert done.code == 0
    first, command, why = done.out.splitlines()[:3]
    assert first.startswith("1. A full queue")
    assert command.strip() == "atlas show debugging/queue-full"
    assert why.strip() == "error string: ERR queue is full"


def test_standard_input_and_data(desk):
    done = desk.run("find", "-", "--json", given="QueueDepthHigh instance=10.0.0.1:9100\n")
    assert (done.data[0]["id"], done.data[0]["kind"]) == ("incidents/acme-2024-03-05", "alert")
    assert done.data[0]["anchor"] == "incidents-acme-2024-03-05-3am"


def test_nothing_like_it(desk):
    done = desk.run("find", "zyzzyva")
    assert (done.code, "Nothing like it" in done.out) == (1, True)
    assert desk.run("find", "zyzzyva", "--json").data == []


def test_the_limit(desk):
    assert len(desk.run("find", "queue", "-n", "1", "--json").data) == 1


def test_the_index_is_kept_and_follows_the_pages(desk):
    assert desk.run("find", "flux capacitor").code == 1
    desk.change("source/debugging/queue-full.md", "workers idle", "flux capacitor hums")
    assert desk.run("find", "flux capacitor").code == 0


@pytest.mark.slow
def test_the_real_atlas_answers_what_is_pasted_at_night(tmp_path):
    project = tmp_path / "atlas"
    for name in ("source", "_static", "_templates"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "conf.py", project)
    build = [sys.executable, "-m", "atlas_cli", "-C", str(project), "status"]
    subprocess.run(build, env=ENV, capture_output=True, check=False)
    atlas = finder.index(_read(project / "build/atlas/atlas.json"))
    found = finder.Finder(finder.prepare(atlas))
    places = {}
    for case in CASES:
        ids = [hit.id for hit in found.search(case["text"])]
        place = ids.index(case["want"]) if case["want"] in ids else 99 if ids or case["want"] else 0
        places[case["text"][:80]] = place
    missed = {text: place for text, place in places.items() if place}
    assert len(missed) <= 0.15 * len(CASES), missed
    assert sum(place > 2 for place in missed.values()) <= 0.05 * len(CASES), missed
    guides = {entry["id"] for entry in atlas if entry["guide"]}
    counts = {guide: sum(case["want"] == guide for case in CASES) for guide in guides}
    assert not {guide: count for guide, count in counts.items() if count < 3}


def _read(path):
    import json

    return json.loads(path.read_text(encoding="utf-8"))
