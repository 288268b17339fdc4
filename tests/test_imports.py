"""The walls: who may import whom, read from the source text, so that no lazy import slips by."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE, ADAPTERS, TOOLS = ROOT / "_ext/atlas", ROOT / "_ext/atlas_sphinx", ROOT / "tools"

# A room never leads to one on its own floor or on a lower one; rooms that are not named stand anywhere.
FLOORS = {
    "atlas": (
        {"model"},
        {"mermaid", "planes", "ledgers"},
        {"gates"},
        {"seal"},
        {"views"},
        {"export"},
    ),
    "atlas_sphinx": (
        {"config"},
        {"domain"},
        {"directives", "navigation"},
        {"__init__"},
    ),
}
SPHINX = {"docutils", "furo", "myst_parser", "sphinx", "sphinx_design", "sphinxcontrib"}
DOORS = {
    "merman": {"_ext/atlas/mermaid.py"},
    "uharfbuzz": {"_ext/atlas/ruler.py"},
    "pebble": {"_ext/atlas/drawing.py"},
    "typst": {"_ext/atlas_sphinx/typeset.py"},
    "fontTools": {"tools/vendor.py"},
    "yaml": {"tools/atlas_cli/runbook_urls.py"},
}
ATTICS = {"utils", "common", "constants", "types", "exceptions", "cache", "_compat", "helpers", "misc"}


def imported(source: str, package: str, *, types: bool = True) -> Iterator[str]:
    """Dotted names that a module of `package` imports, at any depth; without `types`, at run time."""
    ahead: list[ast.AST] = [ast.parse(source)]
    for node in ahead:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [package if node.level else "", node.module]))
            yield from [f"{base}.{alias.name}" for alias in node.names] if base == package else [base]
        elif types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            ahead += ast.iter_child_nodes(node)


def check_wall(source: str, path: str, allowed: set[str]) -> list[str]:
    """Imports of `source` beyond the standard library that are neither `allowed` nor a door at `path`."""
    package = Path(path).parent.name
    tops = {name.partition(".")[0] for name in imported(source, package)}
    foreign = tops - allowed - {package} - sys.stdlib_module_names
    return sorted(f"{path} imports {name}" for name in foreign if path not in DOORS.get(name, ()))


def read_graph(package: str, sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Each room of `package` with the rooms that it imports."""
    names = {room: imported(source, package, types=False) for room, source in sources.items()}
    inside = {
        room: {n.split(".")[1] for n in found if n.startswith(f"{package}.")} for room, found in names.items()
    }
    return {room: found & set(sources) for room, found in inside.items()}


def reach(graph: Mapping[str, set[str]], room: str) -> set[str]:
    """All rooms that an import of `room` leads to; `room` itself only where it comes round in a circle."""
    found: set[str] = set()
    ahead = set(graph[room])
    while ahead - found:
        found |= ahead
        ahead = set().union(*(graph[r] for r in ahead))
    return found


def check_floors(package: str, sources: Mapping[str, str]) -> list[str]:
    """Circles among the rooms of `package`, and ways that lead down its floors."""
    graph = read_graph(package, sources)
    breaches = [
        f"{package}.{room} imports itself in a circle" for room in graph if room in reach(graph, room)
    ]
    floors = FLOORS[package]
    for level, floor in enumerate(floors):
        below = set().union(*floors[level:])
        for room in sorted(floor & set(graph)):
            breaches += [
                f"{package}.{room} leads to {r}" for r in sorted(reach(graph, room) & below - {room})
            ]
    return breaches


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def wall_of(path: Path) -> set[str]:
    """What a file may import besides the standard library and its own package."""
    if path.is_relative_to(CORE):
        return set()
    return {"atlas"} | SPHINX if path.is_relative_to(ADAPTERS) else {"atlas"}


@pytest.mark.parametrize("folder", [CORE, ADAPTERS, TOOLS], ids=lambda p: p.name)
def test_walls_hold(folder):
    breaches = [
        breach
        for path in modules(folder)
        for breach in check_wall(path.read_text(), str(path.relative_to(ROOT)), wall_of(path))
    ]
    assert not breaches
    assert modules(folder)


@pytest.mark.parametrize("package", FLOORS)
def test_floors_hold(package):
    sources = {p.stem: p.read_text() for p in modules(ROOT / "_ext" / package)}
    assert not check_floors(package, sources)
    assert not set().union(*FLOORS[package]) - set(sources)


@pytest.mark.parametrize(
    ("path", "source", "breach"),
    [
        ("_ext/atlas/views.py", "import sphinx.util", "sphinx"),
        ("_ext/atlas/views.py", "def f():\n    from docutils import nodes", "docutils"),
        ("_ext/atlas/views.py", "from merman import MermanEngine", "merman"),
        ("_ext/atlas/views.py", "from atlas_sphinx.domain import AtlasDomain", "atlas_sphinx"),
        ("_ext/atlas_sphinx/pages.py", "import atlas_cli", "atlas_cli"),
        ("_ext/atlas_sphinx/pages.py", "import typst", "typst"),
        ("tools/atlas_cli/find.py", "from sphinx.application import Sphinx", "sphinx"),
    ],
)
def test_a_planted_import_is_seen(path, source, breach):
    assert check_wall(source, path, wall_of(ROOT / path)) == [f"{path} imports {breach}"]


@pytest.mark.parametrize(
    ("sources", "breaches"),
    [
        ({"planes": "from .ledgers import read", "ledgers": ""}, ["atlas.planes leads to ledgers"]),
        ({"planes": "from . import gates", "gates": ""}, ["atlas.planes leads to gates"]),
        ({"planes": "from atlas import gates", "gates": ""}, ["atlas.planes leads to gates"]),
        (
            {
                "views": "import atlas.charts",
                "charts": "def f():\n    from .export import dump",
                "export": "",
            },
            ["atlas.views leads to export"],
        ),
        (
            {"charts": "from . import scene", "scene": "from .charts import bar"},
            ["atlas.charts imports itself in a circle", "atlas.scene imports itself in a circle"],
        ),
        ({"gates": "from .planes import assign", "planes": "from .model import Node", "model": ""}, []),
    ],
    ids=["same-floor", "down", "down-by-full-name", "round-the-corner", "circle", "lawful"],
)
def test_a_planted_way_down_is_seen(sources, breaches):
    assert check_floors("atlas", sources) == breaches


def test_a_door_is_let_through():
    assert not check_wall("import merman, re", "_ext/atlas/mermaid.py", set())


def test_there_is_no_attic():
    rooms = [p for folder in (CORE, ADAPTERS, TOOLS) for p in modules(folder)]
    assert not [str(p.relative_to(ROOT)) for p in rooms if p.stem in ATTICS]


def test_core_imports_without_sphinx():
    rooms = [f"atlas.{p.stem}" for p in modules(CORE) if p.stem != "__init__"]
    script = f"""
import importlib, sys
sys.modules.update(dict.fromkeys({sorted(SPHINX)!r}))
for room in {rooms!r}:
    importlib.import_module(room)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(ROOT / "_ext")}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
