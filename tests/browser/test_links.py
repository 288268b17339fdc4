"""Every link of the real site that stays on it leads to a file, and to a place in it. Needs no browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_every_link_leads_to_its_place(site: Any, dead_links: Callable[[Path], list[str]]) -> None:
    assert len(site.pages()) > 100
    assert dead_links(site.folder) == []
