"""Builds small projects in a temporary folder and returns what a reader and a terminal would see."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAWFUL = ROOT / "tests" / "cases" / "lawful"
DAY = "2024-04-10"


@dataclass(frozen=True)
class Build:
    """One run of sphinx-build: exit code, all it printed, and where the output stands."""

    code: int
    log: str
    out: Path

    @property
    def rules(self) -> set[str]:
        return set(re.findall(r"\[atlas\.([A-Z]+\d{3})\]", self.log))

    @property
    def findings(self) -> list[str]:
        return [line for line in self.log.splitlines() if "[atlas." in line]

    def read(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Project:
    """A project in a temporary folder. `build` runs the real sphinx-build in a process of its own."""

    path: Path

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def build(self, *options: str, builder: str = "html", env: dict[str, str] | None = None) -> Build:
        out = self.path / "build" / builder
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-b",
            builder,
            "-d",
            str(self.path / "build" / f"{builder}-trees"),
        ]
        command += ["-c", str(self.path), "-D", f"atlas_today={DAY}", "--no-color", *options]
        command += [str(self.path / "source"), str(out)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "NO_COLOR": "1", **(env or {})}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return Build(done.returncode, done.stdout + done.stderr, out)


@pytest.fixture
def lawful(tmp_path: Path) -> Project:
    """A copy of the lawful example project."""
    shutil.copytree(LAWFUL, tmp_path / "atlas")
    return Project(tmp_path / "atlas")


@pytest.fixture
def project(tmp_path: Path) -> Callable[[dict[str, str]], Project]:
    """A project of the given files; `conf.py` is that of the lawful example unless given."""

    def make(files: dict[str, str]) -> Project:
        made = Project(tmp_path / "made")
        made.write("conf.py", (LAWFUL / "conf.py").read_text(encoding="utf-8"))
        for name, text in files.items():
            made.write(name, text)
        return made

    return make
