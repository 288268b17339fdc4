"""Edges that a changed sign, a dropped word or a looser match would move; each was once moved unseen."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.core.conftest import TODAY, fact, note, source

from atlas.diagrams.mermaid import MAX_BYTES, parse
from atlas.diagrams.planes import check_planes
from atlas.records import quantity
from atlas.records.ledgers import check_review
from atlas.records.model import Place, Quantity, Status, Tier
from atlas.records.notes import Graph, Group, Node, Notes, PageNote
from atlas.records.plan import Ledgers, Review
from atlas.records.sources import check_source
from atlas.records.whole_file import replace_file
from atlas.rules.digits import typed_digits
from atlas.rules.reviews import content_hash, latest_review, status_of
from atlas.rules.seal import seal

HERE = Place("source/page.md", 7)
HEX = "0123456789abcdef" * 2


def reviewed(id: str, *, day: date = TODAY, digest: str = f"2-{HEX}") -> Review:
    when = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Review(id, digest, "1.0", when, "R", "all", (), HERE)


def test_a_review_is_of_one_diagram() -> None:
    ledgers = Ledgers(reviews=(reviewed("a/b"),))
    assert latest_review("a/b", f"2-{HEX}", ledgers)
    assert latest_review("a/c", f"2-{HEX}", ledgers) is None


@pytest.mark.parametrize(("day", "status"), [(25, Status.UP_TO_DATE), (24, Status.OUTDATED)])
def test_a_review_ages_behind_its_last_day(day: int, status: Status) -> None:
    today, read = date(2026, 11, 24), date(2026, 10, day)
    assert status_of(note("a/b"), reviewed("a/b", day=read), "a", Ledgers(), today, 30) is status


def test_a_formula_is_part_of_what_is_reviewed() -> None:
    one, other = fact("a/b:c", "5 s", derived="d * 2"), fact("a/b:c", "5 s", derived="d * 2 + e")
    assert content_hash(note("x/y"), [one], []) != content_hash(note("x/y"), [other], [])


def test_prose_is_judged_while_sealing() -> None:
    page = PageNote("page", "P", "3\tIt took 43 seconds.", Place("source/page.md"))
    assert [f.rule for f in seal(Notes(pages=(page,)), Ledgers(), today=TODAY).findings] == ["FACT011"]


def test_a_page_that_is_no_business_of_the_atlas_is_not_judged() -> None:
    page = PageNote("page", "P", "3\tA stream plane of 43 hosts.", Place("source/page.md"), judged=False)
    assert seal(Notes(pages=(page,)), Ledgers(), today=TODAY).findings == ()


def faults(**more: object) -> list[str]:
    day = date(2024, 4, 1)
    told = fact("acme/outage:x", "43 s", text="43 seconds", as_of=day)
    known = replace(source("acme/outage", told, read=day, published=day), **more)  # type: ignore[arg-type]
    return [finding.rule for finding in check_source(known, today=day)]


def test_all_may_be_of_one_day() -> None:
    assert faults() == []
    assert faults(published=date(2024, 4, 2)) == ["SOURCE005", "SOURCE005"]
    assert faults(read=date(2024, 3, 31)) == ["SOURCE005", "FACT010"]


@pytest.mark.parametrize(
    ("commit", "wrong"), [("0" * 40, []), ("0" * 41, ["SOURCE006"]), ("0" * 39, ["SOURCE006"])]
)
def test_a_commit_has_forty_digits(commit: str, wrong: list[str]) -> None:
    told = fact("acme/outage:x", "43 s", text="43 seconds", where="a.py#L3", of="Acme 2")
    assert faults(tier=Tier.CODE, commit=commit, facts=(told,)) == wrong


@pytest.mark.parametrize(
    ("value", "computed", "agrees"),
    [("over 2,000", 2999.0, True), ("over 2,000", 3000.0, False), ("under 2,000", 1001.0, True),
     ("under 2,000", 1000.0, False), ("over 2,000", 2000.0, True), ("2,000,000", 2000100.0, False)],
)  # fmt: skip
def test_a_bound_is_cut_off_below_its_next_figure(value: str, computed: float, *, agrees: bool) -> None:
    assert quantity.agrees(value, Quantity(computed, computed)) is agrees


def test_a_number_is_the_same_to_the_last_digit() -> None:
    assert not quantity.same(Quantity(1e6, 1e6), Quantity(1e6 + 100, 1e6 + 100))
    assert quantity.same(Quantity(0.1 + 0.2, 0.1 + 0.2), Quantity(0.3, 0.3))


@pytest.mark.parametrize(("low", "high"), [(-10, 10), (0, 10), (-10, 0)])
def test_nothing_is_divided_by_a_range_over_zero(low: float, high: float) -> None:
    names = {"a": Quantity(1, 1), "b": Quantity(low, high)}
    with pytest.raises(quantity.QuantityError, match="division by zero"):
        quantity.evaluate("a / b", names)


@pytest.mark.parametrize(("digest", "wrong"), [(f"2-{HEX}", 0), (HEX, 0), (f"2-{HEX}0", 1), (f"x2-{HEX}", 1)])
def test_a_hash_has_thirty_two_digits(digest: str, wrong: int) -> None:
    assert len(list(check_review(reviewed("a/b", digest=digest), today=TODAY))) == wrong


def test_a_ledger_is_on_the_disk_before_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    flush, rename = os.fsync, Path.replace

    def flushed(handle: int) -> None:
        done.append("fsync")
        flush(handle)

    def renamed(new: Path, old: Path) -> Path:
        done.append("rename")
        return rename(new, old)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    replace_file(tmp_path / "a.toml", "x")
    assert done == ["fsync", "rename"]


def styled(style: str, plane: str = "edge") -> list[str]:
    name, _, value = style.partition(":")
    graph = Graph(
        "flowchart",
        nodes=(Node("A", "a", 2, plane, styles=(f"{name}:{value}",)),),
        groups=(Group(plane, plane, 1),),
    )
    return [finding.rule for finding in check_planes(note("x/y", graph))]


@pytest.mark.parametrize(
    ("style", "rules"),
    [
        ("stroke:#003366", []),  # the hue of the edge plane's blue
        ("stroke:#003C66", []),  # 5 degrees from it
        ("stroke:#003F66", ["PLANE003"]),  # 7 degrees
        ("stroke:#004C66", ["PLANE003"]),  # 15 degrees
        ("background-color:#0066CD", ["PLANE003"]),
        ("background:#0066CD", ["PLANE003"]),
        ("background-color:#0066CC", []),
    ],
)
def test_an_outline_is_a_shade_and_no_background_is_another_colour(style: str, rules: list[str]) -> None:
    assert styled(style) == rules


@pytest.mark.parametrize(
    ("group", "classes", "rules"),
    [
        ("edge", ("edgeStyle",), []),
        ("edge", ("stateStyle",), ["PLANE002"]),
        ("edge", ("edgeStyle", "stateStyle"), ["PLANE002"]),
        ("", ("edgeStyle", "stateStyle"), ["PLANE002"]),
        ("", ("edgeStyle", "edgeStyle"), []),
    ],
)
def test_a_class_contradicts_a_placement_once(group: str, classes: tuple[str, ...], rules: list[str]) -> None:
    groups = (Group("edge", "edge", 1),)
    graph = Graph("flowchart", nodes=(Node("A", "a", 2, group, classes=classes),), groups=groups)
    assert [finding.rule for finding in check_planes(note("x/y", graph))] == rules


def test_a_text_may_be_as_long_as_the_limit() -> None:
    head = "flowchart TB\n  A --> B\n%% "
    text = head + "x" * (MAX_BYTES - len(head))
    assert [f.rule for f in parse(text, HERE)[1]] == []
    assert [f.rule for f in parse(f"{text}x", HERE)[1]] == ["MERMAID005"]


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\x00", "\ud800"])
def test_what_no_page_can_hold(sign: str) -> None:
    assert [f.rule for f in parse(f'flowchart TB\n  A["a{sign}"]', HERE)[1]] == ["MERMAID001"]


@pytest.mark.parametrize("tag", ["embed", "object", "iframe", "img", "svg", "script", "style"])
def test_what_loads_something_is_no_label(tag: str) -> None:
    assert "MERMAID008" in [f.rule for f in parse(f"flowchart TB\n  A[\"<{tag} src='x'>\"]", HERE)[1]]


@pytest.mark.parametrize(("port", "typed"), [("65535", []), ("65536", ["65536"])])
def test_the_last_port(port: str, typed: list[str]) -> None:
    assert typed_digits(f"port {port}") == typed
