"""The walls: who may import whom, read from the source text, so that no lazy import slips by.

`python tests/test_imports.py` prints the map of the house, which CONTRIBUTING.md holds.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE, ADAPTERS, COMMAND = ROOT / "_ext/atlas", ROOT / "_ext/atlas_sphinx", ROOT / "tools/atlas_cli"
TOOLS = ROOT / "tools"

# From the ground up: a wing imports wings of lower floors only. "" is the own folder of the package.
FLOORS = {
    "atlas": (("records",), ("diagrams",), ("drawing", "rules"), ("views",), ("files",)),
    "atlas_sphinx": (("pages",), ("",), ("site", "binder")),
    "atlas_cli": (("",), ("verbs",)),
}
PACKAGES = {"atlas": CORE, "atlas_sphinx": ADAPTERS, "atlas_cli": COMMAND}
SPHINX = {"docutils", "furo", "myst_parser", "sphinx", "sphinx_design", "sphinxcontrib"}
DOORS = {
    "merman": {"_ext/atlas/diagrams/mermaid.py"},
    "uharfbuzz": {"_ext/atlas/drawing/ruler.py"},
    "pebble": {"_ext/atlas/drawing/press.py"},
    "tree_sitter": {"_ext/atlas/rules/shell.py"},
    "tree_sitter_bash": {"_ext/atlas/rules/shell.py"},
    "jinja2": {"_ext/atlas_sphinx/site/csp.py"},
    "typst": {"_ext/atlas_sphinx/binder/typeset.py"},
    "fontTools": {"tools/vendor.py"},
    "legibility": {"tools/first_visit.py"},
    "playwright": {"tools/first_visit.py", "tools/legibility.py"},
    "vendor": {"tools/sbom.py"},
    "yaml": {"tools/atlas_cli/alerting_rules.py"},
}
ATTICS = {"utils", "common", "constants", "types", "exceptions", "cache", "_compat", "helpers", "misc"}
LONGEST = 400
TABLES = {"_ext/atlas/rules/table.py"}

Rooms = Mapping[str, str]
"""Dotted names of modules with their source."""


def imported(source: str, package: str, *, types: bool = True) -> Iterator[str]:
    """Dotted names that a module in `package` imports, at any depth; without `types`, at run time."""
    ahead: list[ast.AST] = [ast.parse(source)]
    for node in ahead:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [package if node.level else "", node.module]))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            ahead += ast.iter_child_nodes(node)


def check_wall(source: str, path: str, allowed: set[str]) -> list[str]:
    """Imports of `source` beyond the standard library that are neither `allowed` nor a door at `path`."""
    own = Path(path).parts[1]
    tops = {name.partition(".")[0] for name in imported(source, own)}
    foreign = tops - allowed - {own} - sys.stdlib_module_names
    return sorted(f"{path} imports {name}" for name in foreign if path not in DOORS.get(name, ()))


def read_rooms(package: str) -> Rooms:
    """The modules of a package, without the `__init__`s."""
    folder = PACKAGES[package]
    paths = (p for p in modules(folder) if p.stem not in ("__init__", "__main__"))
    return {
        ".".join([package, *p.relative_to(folder).with_suffix("").parts]): p.read_text(encoding="utf-8")
        for p in paths
    }


def read_graph(rooms: Rooms, *, types: bool = False) -> dict[str, set[str]]:
    """Each room with the rooms that it imports."""
    return {
        room: set(imported(source, room.rpartition(".")[0], types=types)) & set(rooms) - {room}
        for room, source in rooms.items()
    }


def wing_of(room: str) -> str:
    return room.split(".")[1] if room.count(".") > 1 else ""


def reach(graph: Mapping[str, set[str]], room: str) -> set[str]:
    """All rooms that an import of `room` leads to; `room` itself only where it comes round in a circle."""
    found: set[str] = set()
    ahead = set(graph[room])
    while ahead - found:
        found |= ahead
        ahead = set().union(*(graph[r] for r in ahead))
    return found


def check_floors(package: str, rooms: Rooms) -> list[str]:
    """Circles among the rooms of a package, and imports of another wing that is not on a lower floor."""
    graph = read_graph(rooms)
    level = {wing: i for i, floor in enumerate(FLOORS[package]) for wing in floor}
    breaches = [f"{room} imports itself in a circle" for room in graph if room in reach(graph, room)]
    for room, found in read_graph(rooms, types=True).items():
        here = wing_of(room)
        if here not in level:
            breaches.append(f"{room} stands in a wing without a floor")
            continue
        others = sorted(other for other in found if wing_of(other) != here)
        breaches += [f"{room} leads up to {o}" for o in others if level.get(wing_of(o), 99) >= level[here]]
    return breaches


def draw_map() -> str:
    """The house as a list: floors from the top, each wing with what it imports and its rooms."""
    lines: list[str] = []
    for package, floors in FLOORS.items():
        rooms = read_rooms(package)
        graph = read_graph(rooms, types=True)
        lines += [f"{PACKAGES[package].relative_to(ROOT).as_posix()}/", ""]
        for number, floor in reversed(list(enumerate(floors, 1))):
            lines += [_draw_wing(number, wing, rooms, graph) for wing in floor]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _draw_wing(number: int, wing: str, rooms: Rooms, graph: Mapping[str, set[str]]) -> str:
    inside = [r for r in rooms if wing_of(r) == wing]
    below = {wing_of(o) for r in inside for o in graph[r]} - {wing}
    uses = ", ".join(f"{w or '.'}" for w in sorted(below)) or "nothing"
    names = " ".join(r.rpartition(".")[2] for r in sorted(inside))
    return f"  {number}  {wing or '.':<9} uses {uses:<35} {names}"


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def wall_of(path: Path) -> set[str]:
    """What a file may import besides the standard library and its own package."""
    if path.is_relative_to(CORE):
        return set()
    return {"atlas"} | (SPHINX if path.is_relative_to(ADAPTERS) else {"benchmark"})


@pytest.mark.parametrize("folder", [CORE, ADAPTERS, TOOLS], ids=lambda p: p.name)
def test_walls_hold(folder):
    breaches = [
        breach
        for path in modules(folder)
        for breach in check_wall(path.read_text(), path.relative_to(ROOT).as_posix(), wall_of(path))
    ]
    assert not breaches
    assert modules(folder)


@pytest.mark.parametrize("package", FLOORS)
def test_floors_hold(package):
    rooms = read_rooms(package)
    assert not check_floors(package, rooms)
    assert {wing for floor in FLOORS[package] for wing in floor} == {wing_of(room) for room in rooms}


@pytest.mark.parametrize("package", FLOORS)
def test_each_wing_says_what_lives_there_and_holds_nothing_else(package):
    for path in PACKAGES[package].rglob("*/__init__.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, f"{path} does more than say what lives here"
        assert len((ast.get_docstring(ast.Module(body, [])) or "").split("\n\n")) == 2


def test_no_module_is_longer_than_a_reader_can_hold():
    paths = {p.relative_to(ROOT).as_posix(): p for folder in (CORE, ADAPTERS, TOOLS) for p in modules(folder)}
    long = {name: n for name, p in paths.items() if (n := p.read_text().count("\n")) > LONGEST}
    assert set(long) <= TABLES


def test_tests_of_the_core_stand_as_the_core_does():
    tests = ROOT / "tests/core"
    wings = {p.name for p in CORE.iterdir() if (p / "__init__.py").exists()}
    assert {p.parent.name for p in tests.rglob("test_*.py")} == wings
    for path in tests.rglob("test_*.py"):
        names = imported(path.read_text(encoding="utf-8"), "tests")
        assert any(name.startswith(f"atlas.{path.parent.name}") for name in names), path


def test_contributing_has_the_map_of_the_house():
    assert draw_map() in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), (
        "python tests/test_imports.py prints the map that belongs there"
    )


def test_the_walks_lead_through_rooms_that_are_there():
    walks = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("Three walks")[2]
    names = re.findall(r"`(atlas(?:_sphinx|_cli)?(?:\.\w+)+)`", walks.partition("\n- ")[0])
    assert len(names) >= 15
    for name in names:
        module, _, part = name.rpartition(".")
        assert hasattr(import_module(module), part), name


@pytest.mark.parametrize(
    ("path", "source", "breach"),
    [
        ("_ext/atlas/views/charts.py", "import sphinx.util", "sphinx"),
        ("_ext/atlas/views/charts.py", "def f():\n    from docutils import nodes", "docutils"),
        ("_ext/atlas/views/charts.py", "from merman import MermanEngine", "merman"),
        ("_ext/atlas/views/charts.py", "from atlas_sphinx.domain import AtlasDomain", "atlas_sphinx"),
        ("_ext/atlas_sphinx/pages/tree.py", "import atlas_cli", "atlas_cli"),
        ("_ext/atlas_sphinx/pages/tree.py", "import typst", "typst"),
        ("tools/atlas_cli/verbs/find.py", "from sphinx.application import Sphinx", "sphinx"),
    ],
)
def test_a_planted_import_is_seen(path, source, breach):
    assert check_wall(source, path, wall_of(ROOT / path)) == [f"{path} imports {breach}"]


@pytest.mark.parametrize(
    ("rooms", "breaches"),
    [
        (
            {"atlas.records.toml": "from atlas.rules.gates import judge", "atlas.rules.gates": ""},
            ["atlas.records.toml leads up to atlas.rules.gates"],
        ),
        (
            {"atlas.drawing.svg": "from atlas.rules import gates", "atlas.rules.gates": ""},
            ["atlas.drawing.svg leads up to atlas.rules.gates"],
        ),
        (
            {"atlas.views.charts": "def f():\n    import atlas.files.export", "atlas.files.export": ""},
            ["atlas.views.charts leads up to atlas.files.export"],
        ),
        (
            {
                "atlas.records.toml": "if TYPE_CHECKING:\n    from atlas.files import export",
                "atlas.files.export": "",
            },
            ["atlas.records.toml leads up to atlas.files.export"],
        ),
        (
            {"atlas.views.charts": "from . import blocks", "atlas.views.blocks": "from .charts import bar"},
            [
                "atlas.views.charts imports itself in a circle",
                "atlas.views.blocks imports itself in a circle",
            ],
        ),
        ({"atlas.attic.old": ""}, ["atlas.attic.old stands in a wing without a floor"]),
        ({"atlas.rules.gates": "from atlas.records.toml import take", "atlas.records.toml": ""}, []),
    ],
    ids=["up", "same-floor", "up-in-a-function", "up-for-types", "circle", "no-floor", "lawful"],
)
def test_a_planted_way_up_is_seen(rooms, breaches):
    assert check_floors("atlas", rooms) == breaches


def test_a_door_is_let_through():
    assert not check_wall("import merman, re", "_ext/atlas/diagrams/mermaid.py", set())


def test_there_is_no_attic():
    rooms = [p for folder in (CORE, ADAPTERS, TOOLS) for p in modules(folder)]
    assert not [str(p.relative_to(ROOT)) for p in rooms if p.stem in ATTICS]


def test_core_imports_without_sphinx():
    script = f"""
import importlib, sys
sys.modules.update(dict.fromkeys({sorted(SPHINX)!r}))
for room in {sorted(read_rooms("atlas"))!r}:
    importlib.import_module(room)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(ROOT / "_ext")}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


if __name__ == "__main__":
    print(draw_map(), end="")  # noqa: T201
