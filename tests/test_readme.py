"""What the README says to type is what CI types."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_ci_runs_the_two_commands_of_the_readme():
    readme = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    ci = re.findall(r"^ *(python3 -m venv .*) # README$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert len(readme) == 2
    assert sorted(readme) == sorted(ci)


def test_every_file_that_the_readme_links_is_there():
    links = re.findall(r"\]\(([^):#]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
