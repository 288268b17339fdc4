"""Change the core in small ways, one at a time, and see whether the tests of the changed module notice.

    python tools/mutate.py --count 60 --seed 7

Mutants are drawn by seed, the same number from each wing of `_ext/atlas`, and tried in a copy of the project:
first against the test of their module, then against those of its wing. Prints the score and the survivors;
`tests/cases/mutants.json` keeps those that were looked at, each with the reason why it may live.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
WINGS = ("records", "diagrams", "rules", "drawing", "views", "files")
KNOWN = ROOT / "tests/cases/mutants.json"
PATIENCE = 300
"""Seconds after which a mutant counts as noticed: it does not end."""

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMES = {"fullmatch": "match", "match": "fullmatch", "any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the line, and the source of what it was and became."""

    path: str
    line: int
    was: str
    becomes: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.was, self.becomes


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its source."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        for undo in _changes(node):
            seat = node if hasattr(node, "lineno") else parents[node]
            after, line = ast.unparse(tree), getattr(seat, "lineno", 0)
            becomes = ast.unparse(seat).splitlines()[0]
            undo()
            was = ast.unparse(seat).splitlines()[0]
            yield Mutant(path.relative_to(ROOT).as_posix(), line, was, becomes, after)


def _changes(node: ast.AST) -> Iterator[_Undo]:
    """Make each change that a node allows, one after the other; each gives what takes it back."""
    for field, value in _others(node):
        undo = _Undo(node, field, getattr(node, field))
        setattr(node, field, value)
        yield undo


def _others(node: ast.AST) -> Iterator[tuple[str, object]]:  # noqa: C901 - a table of forms
    """The fields of a node with what they may become."""
    match node:
        case ast.Compare(ops=[first, *rest]) if type(first) in SWAPS:
            yield "ops", [SWAPS[type(first)](), *rest]
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPS:
            yield "op", SWAPS[type(node.op)]()
        case ast.UnaryOp(op=ast.Not()):
            yield "op", ast.UAdd()
        case ast.Constant(value=bool(value)):
            yield "value", not value
        case ast.Constant(value=int(value) | float(value)):
            yield "value", value + 1
        case ast.Attribute(attr=name) if name in NAMES:
            yield "attr", NAMES[name]
        case ast.Name(id=name) if name in NAMES:
            yield "id", NAMES[name]
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() | ast.Call()):
            yield "value", ast.Constant(None)
        case ast.If():
            yield from (("test", ast.Constant(value=truth)) for truth in (True, False))


class _Undo:
    def __init__(self, node: ast.AST, field: str, value: object) -> None:
        self.node, self.field, self.value = node, field, value

    def __call__(self) -> None:
        setattr(self.node, self.field, self.value)


def draw(count: int, seed: int, wings: tuple[str, ...]) -> list[Mutant]:
    """So many mutants, as many from each wing."""
    dice = random.Random(seed)  # noqa: S311 - a seed that can be named is what is wanted
    drawn: list[Mutant] = []
    for wing in wings:
        all_of_them = [
            m for path in sorted((ROOT / "_ext/atlas" / wing).glob("*.py")) for m in mutants_of(path)
        ]
        drawn += dice.sample(all_of_them, min(len(all_of_them), max(1, count // len(wings))))
    return drawn


def is_noticed(mutant: Mutant, copy: Path) -> bool:
    """True where the tests of the module or of its wing fail on a mutant, or do not end."""
    target = copy / mutant.path
    original = target.read_text(encoding="utf-8")
    wing, name = Path(mutant.path).parts[-2:]
    own = copy / f"tests/core/{wing}/test_{name}"
    target.write_text(mutant.text, encoding="utf-8")
    try:
        places = [own] if own.exists() else []
        return any(
            _fails(copy, place)
            for place in [*places, copy / f"tests/core/{wing}", copy / "tests/core/rules/test_edges.py"]
        )
    finally:
        target.write_text(original, encoding="utf-8")


def _fails(copy: Path, place: Path) -> bool:
    ask = [sys.executable, "-m", "pytest", "-qx", "-p", "no:randomly", "-p", "no:cacheprovider", str(place)]
    here = {**os.environ, "PYTHONPATH": "_ext:tools", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ran = subprocess.run(ask, cwd=copy, env=here, check=False, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


def main() -> int:
    """Try the mutants and print what was found; 1 where the score is under `--least`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--wing", choices=WINGS, action="append")
    parser.add_argument("--least", type=float, default=0.85, help="the score, from 0 to 1, that is asked for")
    asked = parser.parse_args()
    known = {(m["path"], m["was"], m["becomes"]): m["reason"] for m in json.loads(KNOWN.read_text("utf-8"))}
    drawn = draw(asked.count, asked.seed, tuple(asked.wing or WINGS))
    lived = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("_ext", "tests", "tools", "_static", "pyproject.toml", "conf.py"):
            take = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            take(ROOT / part, copy / part)
        for mutant in drawn:
            if not is_noticed(mutant, copy):
                lived.append(mutant)
                reason = known.get(mutant.key, "nobody has looked at it")
                print(f"{mutant.path}:{mutant.line}: {mutant.was} -> {mutant.becomes}: {reason}", flush=True)
    score = 1 - sum(m.key not in known for m in lived) / len(drawn)
    print(f"{len(drawn)} mutants (seed {asked.seed}), {len(lived)} lived; noticed or known: {score:.0%}")
    return int(score < asked.least)


if __name__ == "__main__":
    sys.exit(main())
