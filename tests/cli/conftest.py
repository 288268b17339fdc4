"""A real git repository with the lawful example, and the real command in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LAWFUL = ROOT / "tests" / "cases" / "lawful"
ATLAS = [sys.executable, "-m", "atlas_cli"]
ENV = {
    **{name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}},
    "PYTHONPATH": f"{ROOT / '_ext'}{os.pathsep}{ROOT / 'tools'}",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "COLUMNS": "100",
}
THEN = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2024-04-02T10:00:00Z")
PAGE = "source/incidents/acme-2024-03-05.md"
GUIDE = "source/debugging/queue-full.md"
CATALOGUE = "source/_data/catalogue/plan.toml"
INCIDENT = "incidents/acme-2024-03-05"
PLAN = """
[[entry]]
id = "incidents/acme-2024-03-05"
title = "Acme: the order queue filled"
phase = 1
system = "acme"

[[entry]]
id = "incidents/acme-2025-01-01"
title = "Acme: a certificate expired at midnight"
phase = 1
system = "acme"

[[entry]]
id = "debugging/slow-disk"
title = "A slow disk"
phase = 1
"""


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, output, remarks."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A project under git, in which the command runs."""

    path: Path

    def run(self, *words: str, given: str = "", cwd: Path | None = None, **env: str) -> Done:
        done = subprocess.run(
            [*ATLAS, *words], cwd=cwd or self.path, env=ENV | env, input=given, capture_output=True, text=True
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def change(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def git(self, *words: str) -> str:
        name = ["-c", "user.name=Steward", "-c", "user.email=s@acme.example"]
        done = subprocess.run(
            ["git", *name, *words], cwd=self.path, env=ENV | THEN, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self, message: str = "change") -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def review(self, *more: str, id: str = INCIDENT) -> Done:
        """Mark a diagram as read, with lawful evidence unless `more` says otherwise."""
        source = "acme/outage" if id == INCIDENT else "queued/manual"
        evidence = ["--checked", "every figure against the report", "--source", source, "--who", "R. Reader"]
        return self.run("mark-reviewed", id, *evidence, *more)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lawful project, planned and committed, its data read once."""
    desk = Desk(tmp_path_factory.mktemp("template") / "atlas")
    shutil.copytree(LAWFUL, desk.path)
    desk.write("conf.py", desk.read("conf.py") + 'atlas_today = "2024-04-10"\n')
    desk.write(".gitignore", "build/\n")
    desk.write("source/spec/diagrams.md", "---\norphan: true\n---\n\n# Diagrams\n\nAll of them.\n")
    desk.write(CATALOGUE, desk.read(CATALOGUE) + PLAN)
    desk.git("init", "-q", "-b", "main")
    desk.commit("first")
    done = desk.run("status")
    assert done.code == 0, done.err
    return desk.path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    """A copy of the template of one's own."""
    shutil.copytree(template, tmp_path / "atlas")
    return Desk(tmp_path / "atlas")
