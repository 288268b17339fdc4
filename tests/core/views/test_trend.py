"""The trend on the page of progress, from the snapshots of the ledgers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from atlas.records.ledgers import append_entry, read_ledgers
from atlas.records.plan import Snapshot
from atlas.records.snapshots import render_snapshot
from atlas.views.blocks import Prose, Table
from atlas.views.dashboard import progress

ONE = Snapshot(date(2026, 11, 24), 64, 63, 25, 1351, 295, 2)
TWO = replace(ONE, day=date(2026, 11, 17), created=60)


def trend(atlas, *snapshots):
    with_them = replace(atlas, ledgers=replace(atlas.ledgers, snapshots=snapshots))
    return next(section for section in progress(with_them) if section.id == "trend").blocks


def test_snapshots_are_one_of_the_ledgers(tmp_path):
    ledger = tmp_path / "source/_data/snapshots.toml"
    for snapshot in (ONE, TWO):
        append_entry(ledger, render_snapshot(snapshot))
    assert read_ledgers(tmp_path / "source", today=ONE.day).snapshots == (TWO, ONE)


def test_the_trend(atlas):
    chart, table = trend(atlas, TWO, ONE)
    assert chart.text == "2026-11-17: 60; 2026-11-24: 64."
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[1]] == ["2026-11-24", "64", "63", "25", "1,351", "295", "2"]


def test_no_trend_yet(atlas):
    [prose] = trend(atlas)
    assert isinstance(prose, Prose)
    assert "atlas status --record" in prose.text


def test_the_last_fortnight_of_snapshots(atlas):
    many = [replace(ONE, day=date(2026, 1, day)) for day in range(1, 21)]
    assert len(trend(atlas, *many)[1].rows) == 14
