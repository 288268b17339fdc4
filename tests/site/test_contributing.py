"""The example in CONTRIBUTING.md is what it teaches: built word for word, it has no finding."""

from __future__ import annotations

import re
from collections.abc import Callable

from .conftest import ROOT, Project

INDEX = "# Atlas\n\n```{toctree}\nincidents/github-2018-10-21\n```\n"


def test_the_example_builds_without_a_finding(project: Callable[[dict[str, str]], Project]) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [ledger] = re.findall(r"^```toml\n(.*?)^```$", text, re.M | re.S)
    page = "\n".join(re.findall(r"^````md\n(.*?)^````$", text, re.M | re.S))
    made = project(
        {
            "source/index.md": INDEX,
            "source/incidents/github-2018-10-21.md": page,
            "source/_data/sources/github.toml": ledger,
        }
    )
    built = made.build("-nW", "--keep-going", "-D", "atlas_today=2026-11-24")
    assert built.code == 0, built.log
    assert not built.rules
    shown = re.sub(r"<[^>]+>", "", built.read("incidents/github-2018-10-21.html"))
    assert "it took 2,025× as long" in " ".join(shown.split())
    assert "passed, 5 of 5" in shown
