"""The stylesheet is what its parts make of it, and no part is longer than a reader can hold."""

from __future__ import annotations

from pathlib import Path

import styles


def test_the_sheet_is_put_together_from_its_parts():
    assert styles.SHEET.read_text(encoding="utf-8") == styles.join_parts(), "run python tools/styles.py"
    assert styles.main(["--check"]) == 0


def test_a_stale_sheet_is_said(tmp_path: Path, monkeypatch, capsys):
    sheet = tmp_path / "atlas.css"
    sheet.write_text("a { color: red }\n")
    monkeypatch.setattr(styles, "SHEET", sheet)
    monkeypatch.setattr(styles, "ROOT", tmp_path)
    assert styles.main(["--check"]) == 1
    assert "atlas.css is stale" in capsys.readouterr().out
    assert styles.main([]) == 0
    assert styles.main(["--check"]) == 0


def test_no_part_is_longer_than_a_reader_can_hold():
    lengths = {path.name: path.read_text(encoding="utf-8").count("\n") for path in styles.PARTS.glob("*.css")}
    assert len(lengths) >= 10
    assert max(lengths.values()) <= 400
