"""A file is there whole or not at all."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from atlas.records.whole_file import replace_file

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("data", ["wörter\n", "wörter\n".encode()])
def test_it_writes_text_and_bytes_and_leaves_nothing_beside(tmp_path, data):
    replace_file(tmp_path / "a.json", data)
    assert (tmp_path / "a.json").read_bytes() == "wörter\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_it_keeps_the_mode_and_the_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_what_a_crash_left_beside_is_overwritten(tmp_path):
    (tmp_path / ".left").write_text("half")
    replace_file(tmp_path / "a", "whole", beside=".left")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_folder_in_the_way_is_said_and_nothing_is_left(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "a", "x")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_full_disk_leaves_the_old_file(tmp_path):
    """A limit on the size of files stands for the full disk: the write fails half way in both."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from atlas.records.whole_file import replace_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "replace_file(Path(sys.argv[1]), 'x' * 100_000)\n"
    )
    assert resource.RLIMIT_FSIZE
    (tmp_path / "a").write_text("old")
    ran = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "_ext")},
        capture_output=True,
        text=True,
    )
    assert "OSError" in ran.stderr
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a", "old")]
