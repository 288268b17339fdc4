"""Carrying reviews: only what a program proves the same, and nothing of a page that moved."""

from __future__ import annotations

import tomllib

import pytest

from .conftest import INCIDENT, PAGE

LEDGER = "source/_data/reviews/incidents-acme-2024-03-05.toml"
OLD = "0" * 32


@pytest.fixture
def read_before(desk):
    """A review by an older scheme of the page as it stands, committed."""
    assert desk.review("--confirmed", "3").code == 0
    hash = desk.run("show", INCIDENT, "--json").data["diagram"]["hash"]
    desk.change(LEDGER, hash, OLD)
    desk.commit("Read by an older scheme")
    assert desk.run("show", INCIDENT, "--json").data["diagram"]["status"] == "needs_review"
    return desk


def test_an_unchanged_page_is_carried_once(read_before):
    done = read_before.run("review", "--carry")
    assert (done.code, done.out.splitlines()[-1]) == (0, "1 review carried, 1 to be read")
    first, second = tomllib.loads(read_before.read(LEDGER))["review"]
    assert (second["carried"], second["who"], second["confirmed"]) == (OLD, first["who"], 3)
    assert read_before.run("show", INCIDENT, "--json").data["diagram"]["status"] == "up_to_date"
    assert read_before.run("review", "--carry", "--json").data == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PAGE, "Add workers.", "Add many workers."),
        (PAGE, '-->|"orders"|', '-->|"all orders"|'),
        (PAGE, '"1.4 million jobs"', '"million jobs"'),
        (PAGE, ":alerts: QueueDepthHigh", ":alerts: QueueDepth"),
        (PAGE, ":version: 1.0", ":version: 1.1"),
        ("source/_data/sources/acme.toml", "jobs waiting at the peak", "jobs waiting"),
        ("source/_data/sources/acme.toml", "as_of = 2024-03-05 }  # backlog", 'as_of = "2024" }  # backlog'),
    ],
)
def test_what_moved_waits_for_a_reader(read_before, path, old, new):
    read_before.change(path, old, new)
    done = read_before.run("review", "--carry")
    assert "0 reviews carried, 2 to be read" in done.out
    assert len(tomllib.loads(read_before.read(LEDGER))["review"]) == 1


def test_a_review_that_is_not_committed_proves_nothing(desk):
    assert desk.review().code == 0
    hash = desk.run("show", INCIDENT, "--json").data["diagram"]["hash"]
    desk.change(LEDGER, hash, OLD)
    assert "0 reviews carried" in desk.run("review", "--carry").out
