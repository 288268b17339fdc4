"""The data of the site, built once; what was tried on what; `--record`, which writes it into the ledgers."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LEDGERS = ROOT / "source/_data/trials"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write passed trials into source/_data/trials")


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """`atlas.json` of the site as it stands, built by the first who asks."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "data"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "atlas.json").exists():
            _build(folder)
    return folder / "atlas.json"


def _build(folder: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "atlas-json", "-d", str(folder / "trees")]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
    subprocess.run([*command, "-c", ".", "source", str(folder)], cwd=ROOT, env=env, check=False)


@pytest.fixture
def record(
    request: pytest.FixtureRequest, atlas: Path, record_property: Callable[[str, object], None]
) -> Callable[[dict[str, Any]], None]:
    """Takes what a passed trial said, with its `guide`: told at the end, and kept where that is asked for."""

    def take(said: dict[str, Any]) -> None:
        record_property("trial", said)
        if request.config.getoption("--record"):
            _write(said, atlas)

    return take


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which guides were tried, on what; and where the ledger tells of other software."""
    passed = terminalreporter.stats.get("passed", [])
    tried = sorted(
        (said["guide"], said) for r in passed for name, said in r.user_properties if name == "trial"
    )
    terminalreporter.section(f"{len(tried)} guides tried")
    for guide, said in tried:
        known = _recorded(guide)
        due = "" if known == said["version"] else f"; due, for the ledger says {known or 'untried'}"
        terminalreporter.write_line(f"{guide}: {len(said['ran'])} commands on {said['version']}{due}")


def _recorded(guide: str) -> str:
    path = LEDGERS / f"{guide.replace('/', '-')}.toml"
    ledger = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return str(ledger.get("trial", {}).get("software", ""))


def _write(said: dict[str, Any], atlas: Path) -> None:
    from atlas.records.trials import commands_key, render_trial
    from atlas.records.whole_file import replace_file

    diagrams = json.loads(atlas.read_text(encoding="utf-8"))["diagrams"]
    page = next(d for d in diagrams if d["id"] == said["guide"])
    texts = {c["id"]: (c["text"], c["expect"]) for c in page["commands"]}
    entry = render_trial(
        guide=said["guide"],
        software=said["version"],
        day=datetime.now(UTC).date(),
        commands=tuple(said["ran"]),
        shows=said["shows"],
        key=commands_key((id, *texts[id]) for id in said["ran"]),
    )
    path = LEDGERS / f"{said['guide'].replace('/', '-')}.toml"
    path.parent.mkdir(exist_ok=True)
    replace_file(path, entry)
