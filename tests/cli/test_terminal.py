"""What goes onto a terminal: as wide as that is, whole words and colours, nothing lost but what is spare."""

from __future__ import annotations

import io

import pytest

from atlas_cli.terminal import Terminal, fold_cell, width_of

from .conftest import INCIDENT

RED = "\033[31mno way\033[0m"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 4, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("a/redis-misconf", 9, ["a/redis-", "misconf"]),
        ("incidents/x", 6, ["incide", "nts/x"]),
        ("a 💾💾💾 b", 5, ["a", "💾💾", "💾 b"]),
        ("25 % ✓  50 % ✓  75 % −1", 15, ["25 % ✓  50 % ✓", "75 % −1"]),
        (f"{RED}, so", 6, [f"{RED},", "so"]),
    ],
)
def test_a_cell_is_folded(text, width, lines):
    assert fold_cell(text, width) == lines


def drawn(width, *rows, head=("name", "count", "bar"), **options):
    out = io.StringIO()
    Terminal(out, io.StringIO(), colour=False, width=width).table(head, rows, **options)
    return out.getvalue().splitlines()


def test_a_table_gives_up_what_is_spare_then_folds_then_ends_early():
    row = ("ten words or so", "7", "█████████")
    options = {"right": "count", "spare": ("bar",)}
    assert drawn(40, row, **options)[1] == "ten words or so      7  █████████"
    assert drawn(24, row, **options) == ["name             count", "ten words or so      7"]
    assert drawn(20, row, **options) == ["name           count", "ten words or       7", "so"]
    assert drawn(20, row, right="count") == ["name           count", "ten words or       7", "so"]


def test_a_table_without_rows():
    assert drawn(80) == ["name  count  bar"]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize(
    "words", [["status"], ["progress"], ["review", INCIDENT]], ids=lambda words: words[0]
)
def test_no_table_is_wider_than_the_terminal(desk, words, width):
    lines = desk.run(*words, COLUMNS=str(width)).out.splitlines()
    assert max(map(width_of, lines)) <= width
