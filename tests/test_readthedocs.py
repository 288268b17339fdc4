"""The commands that Read the Docs will run, run as it runs them: a clean environment and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

JOBS = yaml.safe_load((Path(__file__).parents[1] / ".readthedocs.yaml").read_text())["build"]["jobs"]


@pytest.fixture
def environment(tmp_path):
    """Only what a build there has: an interpreter of its own, an empty home, a folder for the output."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    kept = {k: v for k, v in os.environ.items() if k.startswith("PIP_") or k in {"LANG", "SSL_CERT_FILE"}}
    return kept | {
        "HOME": str(tmp_path),
        "PATH": f"{tmp_path}/venv/bin:/usr/bin:/bin",
        "READTHEDOCS": "True",
        "READTHEDOCS_OUTPUT": str(tmp_path / "_readthedocs"),
    }


@pytest.mark.slow
def test_its_commands_build_the_site_and_the_binder(checkout, environment):
    for command in [*JOBS["install"], *JOBS["build"]["html"], *JOBS["build"]["pdf"]]:
        ran = subprocess.run(
            command, shell=True, cwd=checkout, env=environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    site = Path(environment["READTHEDOCS_OUTPUT"]) / "html"
    assert "<html" in (site / "index.html").read_text()
    assert (site / "objects.inv").exists()
    night = sorted((site / "binder").glob("3am*.pdf"))
    assert night
    [download] = (site.parent / "pdf").iterdir()  # one file, by its rules
    assert download.name in {"atlas.pdf", night[0].name}


def test_it_installs_from_the_lock():
    assert [command.split()[-1] for command in JOBS["install"]] == ["requirements/pdf.lock"]
