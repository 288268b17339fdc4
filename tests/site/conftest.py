"""Builds small projects in a temporary folder and returns what a reader and a terminal would see."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.conftest import SphinxBuild

ROOT = Path(__file__).parents[2]
LAWFUL = ROOT / "tests" / "cases" / "lawful"
DAY = "2024-04-10"
DRAWINGS = "build/html-trees/drawings"


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
    sphinx_build: SphinxBuild = field(repr=False)

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
        words = ["-b", builder, "-d", str(self.path / "build" / f"{builder}-trees"), "-c", str(self.path)]
        words += ["-D", f"atlas_today={DAY}", "--no-color", *options, str(self.path / "source"), str(out)]
        return Build(*self.sphinx_build(words, env or {}), out)


@pytest.fixture
def undrawn(tmp_path: Path, sphinx_build: SphinxBuild) -> Project:
    """A copy of the lawful example project."""
    shutil.copytree(LAWFUL, tmp_path / "atlas")
    return Project(tmp_path / "atlas", sphinx_build)


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory, sphinx_build: SphinxBuild) -> Path:
    """The cache of drawings that a first build of the lawful example leaves."""
    path = tmp_path_factory.mktemp("drawn") / "atlas"
    shutil.copytree(LAWFUL, path)
    Project(path, sphinx_build).build()
    return path / DRAWINGS


@pytest.fixture
def lawful(undrawn: Project, drawings: Path) -> Project:
    """The lawful example with its drawings in the cache: drawing takes as long as the rest of a build."""
    shutil.copytree(drawings, undrawn.path / DRAWINGS)
    return undrawn


@pytest.fixture
def project(tmp_path: Path, sphinx_build: SphinxBuild) -> Callable[[dict[str, str]], Project]:
    """A project of the given files; `conf.py` is that of the lawful example unless given."""

    def make(files: dict[str, str]) -> Project:
        made = Project(tmp_path / "made", sphinx_build)
        made.write("conf.py", (LAWFUL / "conf.py").read_text(encoding="utf-8"))
        for name, text in files.items():
            made.write(name, text)
        return made

    return make
