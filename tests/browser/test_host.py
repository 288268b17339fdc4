"""In a project of others: the colours are those of its theme, and no key is taken that it did not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Site, build_lawful, served

pytestmark = pytest.mark.browser
GUIDE = "debugging/queue-full.html"
GROUND = "() => getComputedStyle(document.querySelector('.atlas-canvas')).backgroundColor"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The lawful example under a theme that is light, with nothing asked for."""
    folder = tmp_path_factory.mktemp("host") / "html"
    off = ("atlas_csp", "atlas_finder", "atlas_navigation")
    build_lawful(folder, "alabaster", *(word for setting in off for word in ("-D", f"{setting}=0")))
    with served(folder) as url:
        yield Site(folder, url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_has_the_colours_of_the_theme_and_not_of_the_system(visit: Any, scheme: str) -> None:
    page = visit(GUIDE, color_scheme=scheme)
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
    page.evaluate("() => document.documentElement.dataset.theme = 'dark'")
    red, green, blue = map(int, page.evaluate(GROUND)[4:-1].split(","))
    assert max(red, green, blue) < 60
    assert not page.faults


def test_the_key_of_the_finder_stays_that_of_the_search(visit: Any) -> None:
    page = visit(GUIDE)
    page.locator(".atlas-canvas").first.click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.locator("dialog").count() == 0
    assert not page.faults
