"""Characters that are not seen as they act."""

from __future__ import annotations

import pytest

from atlas.records.characters import check_characters, plain, without_unseen


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("plain\twords\r\n“quoted” — é 日本 👩\u200d💻 ⚙\ufe0f می\u200cخواهم", []),
        ("a\n\x1b[31mb", [2]),
        ("\x00", [1]),
        ("\x7f", [1]),
        ("\x9b31m", [1]),
        ("a\u200bb\u200bc\nd\u2066", [1, 2]),
        ("\u202e", [1]),
        ("\ufeffa", [1]),
        ("str\u200deam", [1]),
        ("a\u200c", [1]),
        ("\U000e0041", [1]),
        ("co\u00adop", [1]),
    ],
)
def test_what_is_unseen_is_found_by_its_line(text: str, lines: list[int]) -> None:
    found = [*check_characters("LEDGER004", text, "a.toml")]
    assert [f.place.line for f in found] == lines
    assert bool(lines) is (without_unseen(text) != text)
    assert not any(f.message.isprintable() is False for f in found)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("str\u0435\u0430m", "stream"),
        ("str\u200beam pl\u00adane", "stream plane"),
        ("ｓｔｒｅａｍ", "stream"),
        ("str\u200deam", "stream"),
        ("日本", "日本"),
    ],
)
def test_what_a_text_looks_like(text: str, looks: str) -> None:
    assert plain(text) == looks
