"""Snapshots: what was counted on a day is written as it is read."""

from __future__ import annotations

from datetime import date

import pytest

from atlas.records.plan import Snapshot
from atlas.records.snapshots import read_snapshots, render_snapshot
from atlas.records.toml import read_document

FIRST = Snapshot(date(2026, 11, 1), 9, 8, 7, 6, 5, 0)
SECOND = Snapshot(date(2026, 11, 2), 10, 9, 8, 7, 6, 1)


@pytest.fixture
def read(tmp_path):
    def run(text: str):
        path = tmp_path / "snapshots.toml"
        path.write_text(text, "utf-8")
        document, faults = read_document(path, tmp_path)
        assert faults == []
        return read_snapshots([document])

    return run


def test_what_is_written_is_read_the_oldest_first(read):
    assert read(render_snapshot(SECOND) + render_snapshot(FIRST)) == ((FIRST, SECOND), [])


def test_a_snapshot_that_is_not_whole_is_left_out_and_told(read):
    snapshots, [finding] = read(render_snapshot(FIRST) + "[[snapshot]]\n" + render_snapshot(SECOND)[13:-13])
    assert snapshots == (FIRST,)
    assert "findings" in finding.message


@pytest.mark.parametrize("text", ["[other]\na = 1\n", "[snapshot]\nday = 2026-11-01\n"])
def test_what_is_no_snapshot_is_told(read, text):
    snapshots, [finding] = read(text)
    assert (snapshots, finding.place.line, finding.hint) == ((), 1, "write [[snapshot]]")
