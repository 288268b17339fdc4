"""The pages of the command: every console line is run again, and its output is what the page shows.

With ATLAS_DOCS=write in the environment the outputs are written into the pages instead.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from atlas_cli import VERBS

from .conftest import ENV, ROOT
from .test_discover import ATOM, LIST

PAGES = sorted((ROOT / "source/cli").glob("*.md"))
BLOCK = re.compile(r"^(`{3,})console\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
UNRUN = ("atlas serve",)
RULES = """groups:
- name: queue
  rules:
  - alert: QueueDepthHigh
    expr: queue_depth > 1e6
    annotations:
      summary: "{{ $value }} jobs wait"  # shown on the phone
  - alert: WorkersIdle
    expr: workers_busy == 0
"""


@pytest.fixture
def shell(desk, tmp_path):
    """Runs a line of a page in the project, with the real command under its name; gives what it says."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/atlas"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m atlas_cli "$@"\n')
    command.chmod(0o755)
    desk.write("feeds/globex.atom", ATOM)
    desk.write("feeds/list.md", LIST)
    desk.write("rules.yaml", RULES)
    env = ENV | {"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(line):
        done = subprocess.run(
            line, shell=True, cwd=desk.path, env=env, stdout=-1, stderr=-2, text=True, timeout=60
        )
        return steady(done.stdout)

    return run


def steady(text):
    """An output without what differs from run to run: the day, the time, and hashes."""
    text = re.sub(r"^atlas: reading .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\b[0-9a-f]{32}\b", "0123456789abcdef0123456789abcdef", text)
    text = re.sub(r"\(([0-9a-f]{8})\)", "(1a2b3c4d)", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "2024-04-10T09:30:00+00:00", text)
    return text.replace(datetime.now(UTC).date().isoformat(), "2024-04-10")


def rerun(block, shell):
    """The block with the outputs as they are now."""
    lines = [line for line in block.splitlines() if line.startswith("$ ")]
    shown = []
    for line in lines:
        output = "" if line[2:].startswith(UNRUN) else shell(line[2:])
        shown += [line, *output.splitlines()]
    return "\n".join(shown).rstrip("\n") + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_outputs_are_those_of_the_command(page, shell):
    text = page.read_text(encoding="utf-8")
    assert "$ atlas" in text
    now = BLOCK.sub(lambda block: f"{block[1]}console\n{rerun(block[2], shell)}{block[1]}", text)
    if os.environ.get("ATLAS_DOCS") == "write":
        page.write_text(now, encoding="utf-8")
    elif now != text:
        hint = "stale: ATLAS_DOCS=write pytest tests/cli/test_docs.py writes it anew"
        pytest.fail(
            "\n".join([hint, *difflib.unified_diff(text.splitlines(), now.splitlines(), lineterm="")])
        )


def test_every_verb_has_its_page():
    assert {page.stem for page in PAGES} == {*VERBS, "index"}
    toctree = (ROOT / "source/cli/index.md").read_text(encoding="utf-8").rpartition("maxdepth: 1\n\n")[2]
    assert toctree.split("\n```")[0].split() == list(VERBS)


def test_every_trouble_names_the_tests_that_bring_it_about():
    named = re.findall(r"`(test_\w+)`", (ROOT / "source/reference/troubles.md").read_text(encoding="utf-8"))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 15
    assert [name for name in named if f"def {name}(" not in tests] == []
