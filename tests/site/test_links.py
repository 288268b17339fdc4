"""Links within a built project, asked of a real server: each leads to a file, and to a place in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Project

DeadLinks = Callable[[Path], list[str]]


@pytest.fixture
def lawful(lawful: Project) -> Project:
    """The lawful project with the engine's scripts, as where it is installed."""
    lawful.change("conf.py", "nitpicky", f"html_static_path = [{str(ROOT / '_static')!r}]\nnitpicky")
    return lawful


@pytest.mark.parametrize("theme", ["basic", "furo"])
def test_every_link_of_the_lawful_project_leads_to_its_place(
    lawful: Project, dead_links: DeadLinks, theme: str
) -> None:
    lawful.change("conf.py", '"basic"', f'"{theme}"')
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert dead_links(built.out) == []


def test_a_dead_page_and_a_dead_place_are_seen(lawful: Project, dead_links: DeadLinks) -> None:
    lawful.write(
        "source/boards.md",
        '# Boards\n\n<a href="gone.html">1</a> <a href="index.html#gone">2</a> <a href="#boards">3</a>\n',
    )
    assert dead_links(lawful.build().out) == ["boards.html: gone.html", "boards.html: index.html#gone"]
