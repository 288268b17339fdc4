"""Benchmarks of a build: CPU seconds and wall, in pairs in one run, printed as ratios; never timed tests.

`--pages N …` repeats the pages of this atlas up to each N and builds them in turn with their diagrams under
Furo and without under the `basic` theme (the floor): cold, with nothing changed, after an edit of a page, of
a fact and of a title, and read anew with the drawings kept. Each is done `--repeat` times; printed are
medians with their spread, the ratio to the floor's cold build, the peak of memory and the budget. `--beside`
builds the first N by other generators too, where they are installed. `--record FILE` adds it to a ledger.
`--binder N` sets the binder of N pages; with `--simplepdf PYTHON`, an interpreter that has sphinx-simplepdf,
a hundred pages are set both ways.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from atlas.views.speed import BUDGET
from benchmark.binder import bind, rival
from benchmark.measuring import Cost, Measured, run, sphinx
from benchmark.sites import ROOT, edit_fact, edit_page, edit_title, write_site

BUDGET_MEMORY, BUDGET_PAGE = 1000, 150
"""MB of the largest process at 900 pages; kB of the largest page."""

Edit = Callable[[Path, int], object]
STEPS: Final[Sequence[tuple[str, Edit | None, tuple[str, ...]]]] = (
    ("cold", None, ()),
    ("nothing changed", None, ()),
    ("a page edited", edit_page, ()),
    ("a fact edited", edit_fact, ()),
    ("a title edited", edit_title, ()),
    ("read anew, drawings kept", None, ("-E",)),
)
"""What is built one after another: its name, what is changed before, and options of Sphinx."""
BESIDE: Final[dict[str, tuple[str, Sequence[str]]]] = {
    "furo": ("furo", ()),
    "raw mermaid": ("sphinxcontrib.mermaid", ()),
    "mkdocs": ("material", ("-m", "mkdocs", "build", "-q")),
    "zensical": ("zensical", ("-m", "zensical", "build")),
}
"""Other generators: the module that must be installed, and how Python runs it; nothing for Sphinx."""


def measure(pages: int, repeat: int) -> dict[str, dict[str, Measured]]:
    """Costs of the floor and of the atlas, by step; the two are built in turn."""
    runs: dict[str, dict[str, list[Cost]]] = {name: defaultdict(list) for name in ("floor", "atlas")}
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    for name in runs:
        write_site(folder / name, pages, name)
    for turn in range(1, repeat + 1):
        for name, step, cost in _round(folder, runs, turn):
            runs[name][step].append(cost)
    print(f"{pages} pages, {repeat} times: the largest page has {_largest(folder / 'atlas')} kB", flush=True)
    shutil.rmtree(folder)
    return {name: {s: Measured(tuple(r)) for s, r in steps.items()} for name, steps in runs.items()}


def _round(folder: Path, names: Iterable[str], turn: int) -> Iterator[tuple[str, str, Cost]]:
    for name in names:
        for left in ("html", "trees-html"):
            shutil.rmtree(folder / name / left, ignore_errors=True)
    for step, edit, options in STEPS:
        for name in names:
            if edit is edit_fact and name == "floor":
                continue
            if edit:
                edit(folder / name, turn)
            yield name, step, sphinx(folder / name, "html", *options)


def _largest(folder: Path) -> int:
    return max(page.stat().st_size for page in (folder / "html").rglob("page-*.html")) // 1000


def tell(measured: dict[str, dict[str, Measured]]) -> None:
    """The table: seconds, spread, ratio to the floor's cold build, and whether the budget is met."""
    floor = measured["floor"]["cold"].cpu
    print(f"{'':34} {'CPU s':>8} {'± %':>5} {'wall s':>8} {'peak MB':>8} {'× floor':>8}")
    for name, steps in measured.items():
        for step, cost in steps.items():
            ratio, most = cost.cpu / floor, BUDGET.get(step) if name == "atlas" else None
            verdict = f"  budget {most:g}: {'met' if ratio <= most else 'missed'}" if most else ""
            print(f"{name + ', ' + step:34} {_row(cost)} {ratio:8.3f}{verdict}", flush=True)


def _row(cost: Measured) -> str:
    return f"{cost.cpu:8.2f} {100 * cost.spread:5.0f} {cost.wall:8.2f} {cost.peak:8.0f}"


def beside(pages: int, repeat: int) -> dict[str, Measured]:
    """Cold builds of the same pages by others that are installed; the rest is named as not installed."""
    found = {}
    for name, (module, words) in BESIDE.items():
        if find_spec(module) is None:
            print(f"{name}: not installed here")
            continue
        found[name] = Measured(tuple(_other(name, words, pages) for _ in range(repeat)))
        print(f"{name + ', cold':34} {_row(found[name])}", flush=True)
    return found


def _other(name: str, words: Sequence[str], pages: int) -> Cost:
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, name)
    cost = run([sys.executable, *words], folder) if words else sphinx(folder)
    written = sum(1 for _ in folder.rglob("html/**/*.html"))
    if written < pages:
        sys.exit(f"{name} wrote {written} of {pages} pages")
    shutil.rmtree(folder)
    return cost


def circumstances() -> dict[str, object]:
    """Where and of what was measured: day, commit, machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    python = f"Python {platform.python_version()}"
    return {
        "day": datetime.now(UTC).date(),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, {python}",
    }


def as_entries(costs: Mapping[str, Measured], **said: object) -> Iterator[str]:
    """Entries of the ledger of costs (`atlas.records.plan.Cost`)."""
    for step, cost in costs.items():
        numbers = {
            "cpu": round(1000 * cost.cpu),
            "spread": round(1000 * cost.spread),
            "wall": round(1000 * cost.wall),
            "peak": round(cost.peak),
        }
        rows = {**said, "step": step, **numbers}.items()
        yield "\n".join(["[[cost]]", *(f"{key} = {_toml(value)}" for key, value in rows)]) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else str(value)


def compare(sizes: Sequence[int], repeat: int, *, others: bool) -> list[str]:
    """All sizes, printed; returns them as entries of the ledger."""
    entries: list[str] = []
    for size in sizes:
        said = {**circumstances(), "pages": size, "repeat": repeat}
        measured = measure(size, repeat)
        tell(measured)
        for site, steps in measured.items():
            entries += as_entries(steps, **said, site=site)
        if others and size == sizes[0]:
            for site, cost in beside(size, repeat).items():
                entries += as_entries({"cold": cost}, **said, site=site)
    return entries


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure builds; print ratios of one run.")
    parser.add_argument(
        "--pages", type=int, nargs="+", metavar="N", help="sites of these sizes, in turn with the floor"
    )
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="how often each is built (3)")
    parser.add_argument("--beside", action="store_true", help="the first size by other generators too")
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="add it to this ledger (source/_data/costs.toml)",
    )
    parser.add_argument("--binder", type=int, metavar="N", help="set the binder of this many pages")
    parser.add_argument("--simplepdf", metavar="PYTHON", help="set a hundred pages by sphinx-simplepdf too")
    options = parser.parse_args(argv)
    if not (options.pages or options.binder or options.simplepdf):
        parser.error("nothing to measure: give --pages, --binder or --simplepdf")
    if options.pages:
        entries = compare(options.pages, options.repeat, others=options.beside)
        if options.record:
            with options.record.open("a", encoding="utf-8") as ledger:
                ledger.write("".join(f"\n{entry}" for entry in entries))
    if options.binder:
        bind(options.binder)
    if options.simplepdf:
        rival(options.simplepdf)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
