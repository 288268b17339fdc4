"""The lock files: complete, hashed, of one mind, and free of places."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
SITE = PROJECT["dependencies"] + EXTRAS["site"]
WANTED = {
    "docs": SITE,
    "test": SITE + EXTRAS["test"],
    "types": SITE + EXTRAS["test"] + EXTRAS["types"],
    "browser": SITE + EXTRAS["test"] + EXTRAS["browser"],
    "pdf": SITE + EXTRAS["pdf"],
    "dev": [line for line in EXTRAS["dev"] if not line.startswith(PROJECT["name"])],
} | {p.stem: p.read_text().splitlines() for p in (ROOT / "requirements").glob("*.in")}


def read_pins(lock: Path) -> dict[str, str]:
    """Package to version, as a lock file pins them."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.stem)
def test_every_pin_has_a_hash_and_no_line_names_a_place(lock):
    pins = re.split(r"^(?=\w)", lock.read_text(), flags=re.MULTILINE)[1:]
    assert pins
    assert not [pin for pin in pins if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:", pin, re.DOTALL)]
    assert not re.findall(r"^.*(?:://|\s/\w|--index|--find).*$", lock.read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_locks_hold_what_is_asked_for(name):
    pins = read_pins(ROOT / f"requirements/{name}.lock")
    asked = [Requirement(line) for line in WANTED[name] if not line.startswith("#")]
    assert not [r for r in asked if not r.specifier.contains(pins.get(canonicalize_name(r.name), "0"))]
    assert asked


def test_locks_agree_on_versions():
    versions = defaultdict(set)
    for lock in LOCKS:
        for name, version in read_pins(lock).items() if lock.stem != "oldest" else ():
            versions[name].add(version)
    assert not {name: found for name, found in versions.items() if len(found) > 1}


def test_the_oldest_are_what_the_engine_begins_with():
    pins = read_pins(ROOT / "requirements/oldest.lock")
    asked = [Requirement(line) for line in PROJECT["dependencies"] + EXTRAS["myst"] + EXTRAS["mermaid"]]
    begins = {r.name: s.version for r in asked for s in r.specifier if s.operator == ">="}
    assert {"sphinx", "docutils", "myst-parser", "sphinxcontrib-mermaid"} <= set(begins)
    for name in ("sphinx", "myst-parser", "sphinxcontrib-mermaid"):
        assert pins[name].startswith(begins[name])


def test_the_engine_is_pinned_alike_for_the_core():
    [engine] = [line for line in PROJECT["dependencies"] if line.startswith("merman")]
    assert engine in WANTED["core"]


def test_the_core_is_locked_without_sphinx():
    assert not {"sphinx", "docutils"} & set(read_pins(ROOT / "requirements/core.lock"))


def test_pre_commit_runs_the_locked_ruff():
    pinned = re.findall(r'"ruff==([^"]+)"', (ROOT / ".pre-commit-config.yaml").read_text())
    assert set(pinned) == {read_pins(ROOT / "requirements/lint.lock")["ruff"]}
