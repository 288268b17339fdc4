"""Mark-reviewed: evidence, what is refused, and that nothing is lost when things go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import tomllib
from contextlib import suppress

import pytest

from .conftest import ATLAS, ENV, GUIDE, INCIDENT, PAGE

LEDGER = "source/_data/reviews/incidents-acme-2024-03-05.toml"
EVIDENCE = ["--checked", "every figure against the report", "--source", "acme/outage"]


def reviews(desk, name=LEDGER):
    return tomllib.loads(desk.read(name))["review"]


def test_a_review_is_of_the_content_as_it_stands(desk):
    done = desk.review("--confirmed", "2", "--corrected", "1")
    assert done.code == 0
    assert done.out == f"{INCIDENT} 1.0: read by R. Reader, {LEDGER}\n"
    [review] = reviews(desk)
    assert review["hash"] == desk.run("show", INCIDENT, "--json").data["diagram"]["hash"]
    assert review["sources"] == ["acme/outage"]
    assert (review["confirmed"], review["corrected"], "removed" in review) == (2, 1, False)
    assert len(review["spec"]) == 32
    assert desk.run("show", INCIDENT, "--json").data["diagram"]["status"] == "up_to_date"


def test_a_changed_page_needs_a_new_one(desk):
    desk.review()
    desk.change(PAGE, "Add workers.", "Add many workers.")
    assert desk.run("show", INCIDENT, "--json").data["diagram"]["status"] == "needs_review"
    desk.review()
    assert len({review["hash"] for review in reviews(desk)}) == 2


def test_several_in_one_call(desk):
    sources = ["--source", "acme/outage", "--source", "queued/manual", "--who", "R"]
    done = desk.run(
        "mark-reviewed", PAGE, "debugging/queue-full", "--checked", "all figures", *sources, "--json"
    )
    assert [(r["id"], r["sources"]) for r in done.data] == [
        (INCIDENT, ["acme/outage", "queued/manual"]),
        ("debugging/queue-full", ["queued/manual"]),
    ]
    assert len(reviews(desk, "source/_data/reviews/debugging-queue-full.toml")) == 1


def test_who_is_gits_user(desk):
    desk.git("config", "user.name", 'Steward ✓ "S"')
    assert desk.run("mark-reviewed", INCIDENT, *EVIDENCE).code == 0
    assert reviews(desk)[0]["who"] == 'Steward ✓ "S"'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([INCIDENT, "--source", "acme/outage"], "a review says what was checked"),
        ([INCIDENT, "--source", "acme/outage", "--checked", "  ok "], "a review says what was checked"),
        ([INCIDENT, "--checked", "all figures"], "names the sources that were opened"),
        ([INCIDENT, "--checked", "all figures", "--source", "acme/outrage"], "did you mean acme/outage"),
        ([INCIDENT, "debugging/queue-full", *EVIDENCE], "debugging/queue-full cites none of the sources"),
        ([INCIDENT, *EVIDENCE], "a review says who read"),
        ([INCIDENT, *EVIDENCE, "--who", "R", "--confirmed", "-1"], "not below zero"),
        (
            [INCIDENT, *EVIDENCE, "--who", "R", "--confirmed", "99"],
            "shows 5 figures of the sources that were",
        ),
        ([INCIDENT, GUIDE, *EVIDENCE, "--source", "queued/manual", "--removed", "1"], "of one diagram"),
        ([INCIDENT, "x/y", *EVIDENCE, "--who", "R"], "no diagram is called 'x/y'"),
    ],
)
def test_no_review_without_evidence(desk, words, said):
    done = desk.run("mark-reviewed", *words)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not list((desk.path / "source/_data/reviews").glob("*.toml"))


def test_no_review_of_a_page_with_open_errors(desk):
    desk.change(PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    done = desk.review()
    assert done.code == 2
    assert "has 1 open error" in done.err
    assert f"{PAGE}:30: LINK001" in done.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('value = "1.4 M jobs"', 'value = "1.5 M jobs"', "acme.toml:11: FACT002"),
        ('"1,000 jobs/s"', '"2,000 jobs/s"', "acme.toml:15: FACT004"),
        ("published = 2024-03-20", "published = 2025-03-20", "acme.toml:1: SOURCE005"),
    ],
    ids=["shown", "derived", "source"],
)
def test_no_review_of_a_figure_with_an_open_error(desk, old, new, said):
    desk.change("source/_data/sources/acme.toml", old, new)
    done = desk.review()
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (desk.path / LEDGER).exists()
    assert "mend " in desk.run("update-status", INCIDENT).out


def test_an_error_in_what_a_figure_is_made_of_counts(desk):
    desk.change(PAGE, "${backlog} waiting", "full")
    desk.change("source/_data/sources/acme.toml", 'text = "1.4 million jobs"', 'text = "1.5 million jobs"')
    assert "FACT002" in desk.review().err


def test_an_error_in_another_figure_of_the_ledger_does_not_count(desk):
    fact = 'other = { value = "7 s", text = "8 seconds", says = "shown nowhere", as_of = 2024-03-05 }\n'
    desk.write("source/_data/sources/acme.toml", desk.read("source/_data/sources/acme.toml") + fact)
    assert "FACT002" in desk.run("review").out
    assert desk.review().code == 0


def test_no_review_without_a_version(desk):
    desk.change(PAGE, ":version: 1.0\n", "")
    assert "has no version" in desk.review().err


def test_comments_and_order_stay(desk):
    desk.review()
    first = "# Kept by hand.\n\n" + desk.read(LEDGER) + "# The end.\n"
    desk.write(LEDGER, first)
    desk.review("--who", "S. Second")
    assert desk.read(LEDGER).startswith(first)
    assert len(reviews(desk)) == 2


# When things go wrong --------------------------------------------------------------------------------


def mark(desk, number):
    words = ["mark-reviewed", INCIDENT, *EVIDENCE, "--who", f"Reader {number}"]
    return subprocess.Popen([*ATLAS, *words], cwd=desk.path, env=ENV, stdout=-3, stderr=subprocess.PIPE)


def test_eight_at_once_all_land(desk):
    running = [mark(desk, number) for number in range(8)]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 8, errors
    assert {review["who"] for review in reviews(desk)} == {f"Reader {number}" for number in range(8)}


def test_eight_at_once_on_a_page_that_has_just_changed(desk):
    desk.change(PAGE, "Add workers.", "Add many workers.")
    running = [mark(desk, number) for number in range(8)]
    assert [process.wait() for process in running] == [0] * 8
    for process in running:
        process.stderr.close()
    assert len({review["hash"] for review in reviews(desk)}) == 1
    assert len(reviews(desk)) == 8


def test_a_kill_at_any_moment_leaves_the_ledger_whole(desk):
    desk.review()
    for number in range(40):
        process = mark(desk, number)
        time.sleep(0.006 * number)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert all(review["checked"] for review in reviews(desk))
    before = len(reviews(desk))
    assert desk.review("--who", "S. Second").code == 0
    assert len(reviews(desk)) == before + 1
    left = sorted(entry.name for entry in (desk.path / "source/_data/reviews").iterdir())
    assert left == [LEDGER.rpartition("/")[2]]


def test_a_kill_while_the_pages_are_read_costs_nothing(desk):
    desk.change(PAGE, "Add workers.", "Add many workers.")
    process = subprocess.Popen(
        [*ATLAS, "status"], cwd=desk.path, env=ENV, stdout=-3, stderr=-3, start_new_session=True
    )
    time.sleep(0.4)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert desk.run("status").code == 0
    assert "Add many workers." in desk.run("show", INCIDENT, "--gates").out


def test_a_ledger_that_does_not_parse_is_left_alone(desk):
    desk.write(LEDGER, "[[review\n")
    done = desk.review()
    assert (done.code, "does not parse with the entry added" in done.err) == (2, True)
    assert desk.read(LEDGER) == "[[review\n"


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system, which only root may do")


@pytest.fixture
def mounted(desk):
    """A tiny file system for the folder of the reviews; gives the function that makes it read-only."""
    desk.review()
    folder = desk.path / "source/_data/reviews"
    text = desk.read(LEDGER)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], capture_output=True)
    if made.returncode:
        pytest.skip(f"no mount here: {made.stderr.decode().strip()}")
    desk.write(LEDGER, text)
    yield lambda: subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    subprocess.run(["umount", folder], check=True)


def fill(path):
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass


@needs_root
def test_a_read_only_disk(desk, mounted):
    before = desk.read(LEDGER)
    mounted()
    done = desk.review("--who", "S. Second")
    assert (done.code, "Read-only file system" in done.err) == (2, True), done.err
    assert desk.read(LEDGER) == before


@needs_root
def test_a_full_disk(desk, mounted):
    before = desk.read(LEDGER)
    filler = desk.path / "source/_data/reviews/filler"
    fill(filler)
    done = desk.review("--who", "S. Second")
    assert (done.code, "No space left on device" in done.err) == (2, True), done.err
    assert desk.read(LEDGER) == before
    filler.unlink()
    assert desk.review("--who", "S. Second").code == 0
    assert len(reviews(desk)) == 2


def test_a_folder_where_a_file_should_be(desk):
    (desk.path / LEDGER).mkdir(parents=True)
    done = desk.review()
    assert (done.code, "Is a directory" in done.err) == (2, True)


# Statuses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prepare", "status", "said"),
    [
        (lambda _: None, "needs_review", "nobody has read it against its sources"),
        (lambda desk: desk.review(), "up_to_date", "R. Reader read this content on"),
        (lambda desk: desk.change(PAGE, ":version: 1.0\n", ""), "missing_version", "has no :version:"),
    ],
    ids=["unread", "read", "unversioned"],
)
def test_a_status_is_explained(desk, prepare, status, said):
    prepare(desk)
    done = desk.run("update-status", INCIDENT)
    assert done.code == 0
    assert done.out.startswith(f"{INCIDENT} is {status}\n  because ")
    assert said in done.out


def test_a_change_since_the_last_review_is_named(desk):
    desk.review()
    old = reviews(desk)[0]["hash"][:8]
    desk.change(PAGE, "Add workers.", "Add many workers.")
    assert "since R. Reader read it on" in desk.run("update-status", INCIDENT).out
    assert f"({old} is now " in desk.run("update-status", INCIDENT).out


def test_a_spec_page_that_moved_makes_it_outdated(desk):
    desk.review()
    desk.change("source/spec/diagrams.md", "All of them.", "All of them, twice.")
    done = desk.run("update-status", INCIDENT)
    assert f"{INCIDENT} is outdated" in done.out
    assert f"atlas mark-reviewed {INCIDENT} --source acme/outage" in done.out


def test_errors_come_first(desk):
    desk.change(PAGE, 'click Q "debugging/queue-full"', 'click Q "debugging/queue-fill"')
    assert "mend 1 open error first" in desk.run("update-status", INCIDENT).out


def test_what_is_planned_is_told_how_to_write(desk):
    done = desk.run("update-status", "debugging/slow-disk", "--json")
    assert done.data["status"] == "not_created"
    assert done.data["change"] == ["write it: atlas new diagram debugging/slow-disk"]


def test_a_status_cannot_be_typed(desk):
    done = desk.run("update-status", INCIDENT, "up_to_date")
    assert done.code == 2
    assert "a status cannot be typed: incidents/acme-2024-03-05 is needs_review, not up_to_date" in done.err
    assert desk.run("update-status", INCIDENT, "needs_review").code == 0


def test_whoever_wrote_the_page_does_not_review_it(desk):
    done = desk.review("--who", "Steward")
    assert (done.code, "Steward wrote incidents/acme" in done.err) == (2, True), done.err
    assert desk.review().code == 0


def test_a_trailer_says_who_wrote_it(desk):
    desk.change(PAGE, "Add workers.", "Add two workers.")
    desk.git("commit", "-qam", "Say how many\n\nWritten-by: A. Author")
    assert desk.review("--who", "A. Author").code == 2
    assert desk.review("--who", "Steward").code == 0


def test_a_page_that_is_not_committed_is_of_whoever_is_at_work(desk):
    desk.git("config", "user.name", "W. Writer")
    desk.change(PAGE, "Add workers.", "Add two workers.")
    done = desk.run("mark-reviewed", INCIDENT, *EVIDENCE)
    assert (done.code, "W. Writer wrote" in done.err) == (2, True), done.err


def test_the_same_is_said_once(desk):
    assert desk.review().code == 0
    done = desk.review()
    assert (done.code, "R. Reader has read" in done.err) == (2, True)
    assert len(reviews(desk)) == 1
    assert desk.review("--who", "S. Second").code == 0
