"""Find: the answers in the terminal, and the cases that the browser has to answer too."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib

import pytest

from atlas.files import finder

from .conftest import ENV, ROOT

CASES = tomllib.loads((ROOT / "tests/cases/finder.toml").read_text(encoding="utf-8"))["case"]
FRESH = tomllib.loads((ROOT / "tests/cases/finder-fresh.toml").read_text(encoding="utf-8"))["case"]


def test_the_page_that_answers_comes_first_and_says_why(desk):
    done = desk.run("find", "2024-03-05T10:11:12Z [worker-3] ERR queue is full (id 0xdeadbeef)")
    assert done.code == 0
    first, command, why = done.out.splitlines()[:3]
    assert first.startswith("1. A full queue")
    assert command.strip() == "atlas show debugging/queue-full"
    assert why.strip() == "error string: ERR queue is full"


def test_standard_input_and_data(desk):
    done = desk.run("find", "-", "--json", given="QueueDepthHigh instance=10.0.0.1:9100\n")
    [first, *_] = done.data["hits"]
    assert (done.data["answer"], first["answer"]) == ("it", "it")
    assert (first["id"], first["kind"]) == ("incidents/acme-2024-03-05", "alert")
    assert first["anchor"] == "incidents-acme-2024-03-05-3am"


def test_what_only_shares_words_stands_under_a_rule(desk):
    done = desk.run("find", "acme")
    assert (done.code, done.out.splitlines()[0]) == (0, "── perhaps ──")
    assert "words: acme" in done.out
    assert desk.run("find", "acme", "--json").data["answer"] == "perhaps"


@pytest.mark.parametrize("text", ["zyzzyva", "ERROR:  deadlock detected", "connection timed out (code 7)"])
def test_nothing_here(desk, text):
    done = desk.run("find", text)
    assert (done.code, "Nothing here" in done.out, "atlas new" in done.out) == (1, True, True)
    assert desk.run("find", text, "--json").data == {"answer": "nothing", "hits": []}


def test_the_limit(desk):
    assert len(desk.run("find", "ERR queue is full", "-n", "1", "--json").data["hits"]) == 1


def test_the_index_is_kept_and_follows_the_pages(desk):
    assert desk.run("find", "flux capacitor").code == 1
    desk.change("source/debugging/queue-full.md", "workers idle", "flux capacitor hums")
    assert desk.run("find", "flux capacitor").code == 0


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The index of the real atlas."""
    project = tmp_path_factory.mktemp("real") / "atlas"
    for name in ("source", "_static", "_templates"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "conf.py", project)
    build = [sys.executable, "-m", "atlas_cli", "-C", str(project), "status"]
    subprocess.run(build, env=ENV, capture_output=True, check=False)
    return finder.index(json.loads((project / "build/atlas/atlas.json").read_text(encoding="utf-8")))


@pytest.mark.slow
def test_the_real_atlas_answers_what_is_pasted_at_night(real):
    found = finder.Finder(real)
    wrong = {}
    for case in CASES:
        hits = found.search(case["text"])
        if (hits[0].id if hits else "") != case["want"]:
            wrong[case["text"][:80]] = hits[:1]
    assert len(wrong) <= 0.05 * len(CASES), wrong
    guides = {entry["id"] for entry in real["entries"] if entry["guide"]}
    counts = {guide: sum(case["want"] == guide for case in CASES) for guide in guides}
    assert not {guide: count for guide, count in counts.items() if count < 3}


@pytest.mark.slow
def test_the_real_atlas_answers_or_says_no_to_pastes_from_public_threads(real):
    found = finder.Finder(real)
    hits = [(case, found.search(case["line"])) for case in FRESH]
    covered = [
        hits and hits[0].id in (case["expected"], *case["also"])
        for case, hits in hits
        if case["expected"] != "none"
    ]
    others = [finder.answer(hits) for case, hits in hits if case["expected"] == "none"]
    assert sum(map(bool, covered)) >= 0.95 * len(covered)
    assert "it" not in others
    assert others.count("nothing") >= 0.9 * len(others)
