"""What a team gets that installs the engine for an atlas of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

import atlas


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", folder, checkout], check=True)
    [path] = folder.glob("*.whl")
    with ZipFile(path) as archive:
        yield archive


FOLDERS = {
    "atlas": "_ext/atlas",
    "atlas_sphinx": "_ext/atlas_sphinx",
    "atlas_sphinx/static": "_static",
    "atlas_cli": "tools/atlas_cli",
}


def engine_files(root: Path) -> set[str]:
    """All that lies in the folders of the engine, by its name in the wheel; pictures stay at home."""
    found = ((name, p, root / at) for name, at in FOLDERS.items() for p in (root / at).rglob("*"))
    return {
        f"{name}/{p.relative_to(at)}"
        for name, p, at in found
        if p.is_file() and p.suffix != ".png" and p.name != "ruff.toml"
    }


def test_the_wheel_holds_the_engine_and_its_licences(wheel, checkout):
    names = set(wheel.namelist())
    info = f"production_atlas-{atlas.__version__}.dist-info"
    assert names - engine_files(checkout) == {
        f"{info}/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "licenses/LICENSE")
    } | {f"{info}/licenses/{p.relative_to(checkout)}" for p in checkout.glob("_static/vendor/*/LICENSE")}
    assert not engine_files(checkout) - names


def test_the_wheel_says_what_it_is(wheel):
    info = f"production_atlas-{atlas.__version__}.dist-info"
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert f"\nVersion: {atlas.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0" in metadata
    assert "production-atlas = atlas_cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert "\natlas = atlas_cli:main" in wheel.read(f"{info}/entry_points.txt").decode()


def test_the_page_of_the_package_shows_and_links_nothing_that_it_has_not(wheel):
    metadata = wheel.read(f"production_atlas-{atlas.__version__}.dist-info/METADATA").decode()
    description = metadata.partition("\n\n")[2]
    assert description.startswith("# Production Atlas: the engine")
    assert not re.findall(r"\]\((?!https:)", description)


def test_a_team_builds_its_own_atlas_from_the_wheel(wheel, checkout, tmp_path):
    wheel.extractall(tmp_path / "site-packages")
    command = [sys.executable, "-m", "sphinx", "-nW", "--keep-going", "-D", "atlas_today=2024-04-10"]
    ran = subprocess.run(
        [*command, "-c", ".", "source", tmp_path / "html"],
        cwd=checkout / "tests/cases/lawful",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site-packages")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "<svg" in (tmp_path / "html/incidents/acme-2024-03-05.html").read_text()
    assert (tmp_path / "html/_static/atlas.css").exists()
    assert list((tmp_path / "html/_static").rglob("Inter-Regular.woff2"))


def test_the_command_is_there(wheel, tmp_path):
    wheel.extractall(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "atlas_cli", "--version"],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (0, f"atlas {atlas.__version__}\n")


def test_the_source_distribution_holds_no_tests_that_cannot_be_run(checkout, tmp_path):
    code = f"from setuptools import build_meta; build_meta.build_sdist({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True, capture_output=True)
    [path] = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = archive.getnames()
    assert any(name.endswith("/_ext/atlas/__init__.py") for name in names)
    assert not [name for name in names if "/tests/" in name]
