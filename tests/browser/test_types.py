"""Our own scripts under `tsc --checkJs --strict`, where npm can run it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TYPESCRIPT = "typescript@5.9.3"
NPX = ["npx", "--yes", "--package", TYPESCRIPT, "tsc"]
OPTIONS = [
    "--noEmit", "--allowJs", "--checkJs", "--strict", "--noUncheckedIndexedAccess", "--noUnusedLocals",
    "--target", "es2023", "--lib", "es2023,dom,dom.iterable",
]  # fmt: skip

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tsc():
    if not shutil.which("npx"):
        pytest.skip("there is no npm")
    if subprocess.run(
        [*NPX, "--version"], capture_output=True, text=True, check=False, timeout=120
    ).returncode:
        pytest.skip(f"npm cannot run {TYPESCRIPT}")
    return lambda *files: subprocess.run(
        [*NPX, *OPTIONS, *files], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_scripts_hold_their_types(tsc):
    files = [str(p) for p in sorted((ROOT / "_static/atlas").glob("*.js"))]
    checked = tsc("tests/browser/globals.d.ts", *files)
    assert checked.returncode == 0, checked.stdout


def test_a_wrong_type_is_seen(tsc, tmp_path):
    wrong = tmp_path / "wrong.js"
    wrong.write_text("/** @type {number} */ const zoom = 'all';\n", encoding="utf-8")
    assert "TS2322" in tsc(str(wrong)).stdout
