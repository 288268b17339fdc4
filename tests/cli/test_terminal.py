"""What goes onto a terminal: as wide as that is, whole words and colours, nothing lost but what is spare."""

from __future__ import annotations

import io
import json
import re

import pytest

from atlas_cli.terminal import RefusalError, Terminal, fold_cell, width_of

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


HIDDEN = ("\x1b[8m", "\x9b31m", "\x00", "\x07", "\x7f", "\u202e", "\u2066", "\u200b", "\r", "\ufeff")


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
@pytest.mark.parametrize("colour", [True, False])
def test_nothing_that_commands_gets_to_a_terminal(sign, colour):
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, colour=colour, width=40)
    text = f"words{sign}words"
    terminal.say(text)
    terminal.put(f"{text}\n")
    terminal.note(text)
    terminal.tell(text, "head ", paint="red")
    terminal.heading(text)
    terminal.table(("name", "count"), [(text, terminal.word("failed", text))])
    terminal.refuse(RefusalError(text, text))
    terminal.say(f"{terminal.style(text, 'red')} {text}")
    shown = re.sub(r"\x1b\[(?:1|2|31|0)m", "", out.getvalue() + err.getvalue())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\ufeff]", shown)
    assert f"<U+{ord(sign[0]):04X}>" in shown
    assert ("\x1b[31m" in out.getvalue()) is colour


@pytest.mark.parametrize("sign", [*HIDDEN, "\U000e0041"], ids=ascii)
def test_data_is_escaped_and_stays_what_it_is(sign):
    out = io.StringIO()
    Terminal(out, io.StringIO(), colour=False, width=40).give({"a": sign})
    assert json.loads(out.getvalue()) == {"a": sign}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\ufeff\U000e0041]", out.getvalue())


def test_a_code_of_ours_cannot_be_imitated():
    out = io.StringIO()
    Terminal(out, io.StringIO(), colour=True, width=40).say("\x1b[31;7mred\x1b[0m")
    assert "\x1b" not in out.getvalue()
