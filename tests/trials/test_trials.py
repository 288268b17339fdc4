"""Guides tried with the real software: the fault, the page's own commands, and what the proof is worth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import box
import pytest

HERE = Path(__file__).parent
NAMES = sorted(p.stem for p in HERE.glob("*.py") if "\nGUIDE = " in p.read_text(encoding="utf-8"))
TRIALS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in NAMES]
"""One worker runs both tests of a trial, one after the other: some boxes hold much memory."""


def run(name: str, atlas: Path, *more: str) -> dict[str, Any]:
    """The answer of a trial; a trial that falls over is a failure, whatever it was to show."""
    trial = box.load(name)
    if why := box.missing(trial):
        pytest.skip(f"{trial.GUIDE} was not tried: {why}")
    command = [sys.executable, str(HERE / "box.py"), name, str(atlas), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer | {"guide": trial.GUIDE}


@pytest.mark.parametrize("name", TRIALS)
def test_the_page_heals_what_it_is_for(name, atlas, record):
    answer = run(name, atlas)
    assert answer["error"] == ""
    assert answer["ran"]
    record(answer)


@pytest.mark.parametrize("name", TRIALS)
def test_without_its_recovery_it_does_not(name, atlas):
    answer = run(name, atlas, "--without", box.load(name).RECOVERY)
    assert answer["error"], "the trial proves nothing: it passes without the step that heals"


def test_a_box_has_nothing_of_the_machine(atlas, tmp_path):
    """Its own network, processes, host name and /tmp: a command that reaches for them finds the box."""
    (tmp_path / "probe.py").write_text(PROBE)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "probe.py"), str(HERE)], capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout)
    user = str(box.USER)
    assert seen == {"links": ["lo"], "processes": True, "tmp": ["passwd"], "user": user, "killed": False}


PROBE = """
import json, os, subprocess, sys
sys.path.insert(0, sys.argv[1])
import box
if "--inside" not in sys.argv:
    spaces = ["unshare", *box.NAMESPACES]
    sys.exit(subprocess.run([*spaces, sys.executable, *sys.argv, "--inside"]).returncode)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
page = {"commands": [], "errors": [], "gates": []}
with box.opened(page, "") as made:
    print(json.dumps({
        "links": [line.split(":")[1].strip() for line in made.sh("ip -o link").splitlines()],
        "processes": len(made.sh("ls /proc | grep -c '^[0-9]'").strip()) < 3,
        "tmp": [name for name in os.listdir("/tmp") if name != "trial"],
        "user": made.sh("id -u").strip(),
        "killed": "killed" in made.sh(f"kill -9 1 && echo killed"),
    }))
"""
