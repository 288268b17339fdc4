"""What builds cost: a ledger, and the tables that are made of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest

from atlas.records.ledgers import read_ledgers
from atlas.records.plan import Cost
from atlas.views.blocks import Prose, Table
from atlas.views.render import render_view

FLOOR = Cost(
    date(2026, 11, 30), "a" * 40, "x86_64, 2 cores", 300, 3, "floor", "cold", 20_000, 12, 15_000, 110
)
ATLAS = replace(FLOOR, site="atlas", cpu=50_000, peak=1_310)


def tables(atlas, *costs):
    with_them = replace(atlas, ledgers=replace(atlas.ledgers, costs=costs))
    found = {section.id: section.blocks[-1] for section in render_view(with_them, "speed")}
    return {id: [[c.text for c in r] for r in t.rows] for id, t in found.items() if isinstance(t, Table)}


def entry(cost: Cost) -> str:
    rows = {key: f'"{value}"' if isinstance(value, str) else value for key, value in asdict(cost).items()}
    return "\n".join(["[[cost]]", *(f"{key} = {value}" for key, value in rows.items())]) + "\n"


def write(folder, text):
    ledger = folder / "source/_data/costs.toml"
    ledger.parent.mkdir(parents=True)
    ledger.write_text(text, encoding="utf-8")
    return read_ledgers(folder / "source", today=FLOOR.day)


def test_costs_are_one_of_the_ledgers(tmp_path):
    ledgers = write(tmp_path, f"{entry(FLOOR)}\n{entry(ATLAS)}")
    assert (ledgers.costs, ledgers.findings) == ((FLOOR, ATLAS), ())


@pytest.mark.parametrize(
    "text", [entry(FLOOR).replace("cpu = 20000", ""), entry(FLOOR).replace("cost", "price")]
)
def test_a_cost_that_is_not_whole_is_told_and_left_out(tmp_path, text):
    ledgers = write(tmp_path, text)
    assert ledgers.costs == ()
    assert [finding.place.path for finding in ledgers.findings] == ["source/_data/costs.toml"]


def test_ratios_are_to_the_floor_of_the_same_size(atlas):
    found = tables(atlas, FLOOR, ATLAS, replace(FLOOR, pages=900, cpu=40_000), replace(ATLAS, pages=900))
    assert found["pages-300"] == [
        ["floor, cold", "20.0", "1 %", "15.0", "110", "1.000", ""],
        ["atlas, cold", "50.0", "1 %", "15.0", "1,310", "2.500", "2.5"],
    ]
    assert found["pages-900"][1][5] == "1.250"


def test_the_last_measurement_of_a_size_counts(atlas):
    assert tables(atlas, FLOOR, ATLAS, replace(ATLAS, cpu=30_000))["pages-300"][1][1] == "30.0"


def test_without_a_floor_there_is_no_ratio(atlas):
    assert tables(atlas, ATLAS)["pages-300"][0][5] == ""


def test_it_says_when_where_and_of_what(atlas):
    with_them = replace(atlas, ledgers=replace(atlas.ledgers, costs=(FLOOR,)))
    [section] = render_view(with_them, "speed")
    prose, table = section.blocks
    assert isinstance(prose, Prose)
    assert isinstance(table, Table)
    assert prose.text == f"Measured on 2026-11-30 at commit {'a' * 12}, on x86_64, 2 cores; medians of 3."


def test_nothing_measured_is_said(atlas):
    [section] = render_view(atlas, "speed")
    [prose] = section.blocks
    assert isinstance(prose, Prose)
    assert "tools/bench.py --record" in prose.text
