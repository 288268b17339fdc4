"""The manual for teams, taken at its word: its blocks are run in an empty folder, with a new environment."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "source/reference/adopting.md").read_text(encoding="utf-8")
_BLOCK = re.compile(
    r"^(`{3,})(?:sh\n(?P<sh>.*?)|\{code-block\} \w+\n:caption: (?P<name>\S+)\n\n(?P<text>.*?))^\1$",
    re.M | re.S,
)

THEMES = {
    "pydata-sphinx-theme": "pydata_sphinx_theme",
    "sphinx-book-theme": "sphinx_book_theme",
    "sphinx-rtd-theme": "sphinx_rtd_theme",
}


def run(command: str, folder: Path, clone: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=kept | {"CLONE": str(clone)}, capture_output=True, text=True
    )


@pytest.mark.slow
def test_from_an_empty_folder_to_a_green_page(checkout, tmp_path):
    blocks = [*_BLOCK.finditer(MANUAL)]
    assert [b["name"] for b in blocks if b["name"]] == [
        "docs/conf.py", "docs/_data/sources/acme.toml", "docs/order-path.md", "docs/index.md",
    ]  # fmt: skip
    said = []
    for block in blocks:
        if block["name"]:
            path = tmp_path / block["name"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
            continue
        for command in block["sh"].splitlines():
            ran = run(command, tmp_path, checkout)
            assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
            said.append(ran.stdout)
    page = (tmp_path / "docs/_build/html/order-path.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "1.4 M jobs" in page
    assert (tmp_path / "docs/_build/html/_static/atlas.css").exists()
    index = (tmp_path / "docs/_build/html/index.html").read_text(encoding="utf-8")
    assert "atlas.css" not in index
    assert "order-path" in said[-2]
    more = run(f".venv/bin/pip install -q {' '.join(THEMES)}", tmp_path, checkout)
    assert more.returncode == 0, more.stderr
    for theme in (*THEMES.values(), "alabaster"):
        command = f".venv/bin/sphinx-build -qnW --keep-going -D html_theme={theme} docs docs/_build/{theme}"
        ran = run(command, tmp_path, checkout)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        shown = (tmp_path / f"docs/_build/{theme}/order-path.html").read_text(encoding="utf-8")
        assert "<svg" in shown
        assert "host.css" in shown
    installed = run(".venv/bin/pip list --format=freeze", tmp_path, checkout).stdout.lower()
    assert not re.findall(r"^(?:sphinx-design|sphinxcontrib-mermaid|pystemmer)==", installed, re.M)


@pytest.mark.slow
@pytest.mark.parametrize("sphinx", ["sphinx==8.2.*", "sphinx"])
def test_without_any_extra_pages_in_restructuredtext_are_built(checkout, tmp_path, sphinx):
    for command in (
        "python3 -m venv .venv",
        f".venv/bin/pip install -q '{sphinx}' $CLONE",
        ".venv/bin/pip check",
    ):
        ran = run(command, tmp_path, checkout)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/conf.py").write_text('extensions = ["atlas_sphinx"]\nversion = copyright = "1"\n')
    diagram = re.search(r"```\{atlas-diagram\} (\S+)\n(.*?)```", MANUAL, re.S)
    assert diagram
    body = "\n".join(f"   {line}".rstrip() for line in diagram[2].splitlines())
    (tmp_path / "docs/index.rst").write_text(f"Path\n====\n\n.. atlas-diagram:: {diagram[1]}\n{body}\n")
    for builder in ("html", "dirhtml", "singlehtml", "epub", "latex", "text", "man", "gettext", "atlas-json"):
        ran = run(f".venv/bin/python -m sphinx -q -b {builder} docs out/{builder}", tmp_path, checkout)
        told = {*re.findall(r"\[([\w.]+)\]$", ran.stderr, re.M)}
        assert told <= {"atlas.SOURCE002", "atlas.FACT001", "atlas.GATE003", "atlas.GATE006"}, ran.stderr
        assert "Traceback" not in ran.stderr
    assert "<svg" in (tmp_path / "out/html/index.html").read_text(encoding="utf-8")
    refused = run(".venv/bin/python -m sphinx -q -b atlas-pdf docs out/pdf", tmp_path, checkout)
    assert "production-atlas[pdf]" in refused.stderr
    asked = run(".venv/bin/atlas runbook-urls alerts.yml", tmp_path, checkout)
    assert (asked.returncode, "production-atlas[alerts]" in asked.stderr) == (2, True)
