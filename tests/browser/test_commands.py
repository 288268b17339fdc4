"""Commands in a browser: the command alone is copied, blanks are filled in once, and all of it reads without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Site, build_lawful, served

pytestmark = pytest.mark.browser
GUIDE = "debugging/queue-full.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The lawful example with the scripts and the theme of the real site."""
    folder = tmp_path_factory.mktemp("lawful") / "html"
    build_lawful(folder, "furo")
    with served(folder) as url:
        yield Site(folder, url)


def watched(page: Any) -> Any:
    """Keeps what is copied: the event comes before the clipboard, which a window without a head may not have."""
    page.evaluate(
        """() => document.addEventListener("copy", () => {
          const area = document.activeElement;
          window.copied = area.value.slice(area.selectionStart, area.selectionEnd);
        })"""
    )
    return page


@pytest.mark.parametrize("disk", [False, True])
def test_the_button_copies_the_command_alone(visit: Any, disk: bool) -> None:
    page = watched(visit(GUIDE, disk=disk))
    button = page.locator("#debugging-queue-full-command-drop .atlas-copy")
    button.click()
    page.wait_for_function("() => window.copied")
    assert page.evaluate("window.copied") == "queuectl purge --host <host>"
    assert button.text_content() == "Copied"
    assert page.evaluate("document.activeElement.className") == "atlas-copy"
    assert not page.faults
    assert not page.asked


def test_every_command_has_one_button(visit: Any) -> None:
    page = visit(GUIDE)
    assert page.locator(".atlas-command").count() == page.locator(".atlas-copy").count() == 3


def test_a_blank_is_filled_in_once_for_the_page(visit: Any) -> None:
    page = watched(visit(GUIDE))
    page.locator("#debugging-queue-full-command-depth .atlas-blank").click()
    page.keyboard.type("db-1<b>")
    page.keyboard.press("Enter")
    assert page.locator(".atlas-blank").all_text_contents() == ["db-1<b>"] * 3
    page.locator("#debugging-queue-full-command-drop .atlas-copy").click()
    page.wait_for_function("() => window.copied")
    assert page.evaluate("window.copied") == "queuectl purge --host db-1<b>"
    assert page.locator(".atlas-blank b").count() == 0


def test_an_emptied_blank_is_a_blank_again(visit: Any) -> None:
    page = visit(GUIDE)
    blank = page.locator("#debugging-queue-full-command-drop .atlas-blank")
    blank.click()
    page.keyboard.type("db-1")
    blank.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    assert page.locator(".atlas-blank").all_text_contents() == ["<host>"] * 3
    assert page.locator(".atlas-filled").count() == 0


def test_keys_typed_into_a_blank_do_nothing_else(visit: Any) -> None:
    page = visit(GUIDE)
    page.locator("#debugging-queue-full-command-drop .atlas-blank").click()
    page.keyboard.type("f/0+")
    assert page.locator("#debugging-queue-full-command-drop .atlas-blank").text_content() == "f/0+"
    assert page.evaluate("document.fullscreenElement") is None


def test_it_reads_without_scripts(visit: Any) -> None:
    page = visit(GUIDE, java_script_enabled=False)
    text = page.locator("#debugging-queue-full-command-drop").inner_text()
    assert "Destroys" in text
    assert "queuectl purge --host <host>" in text
    page.locator("#debugging-queue-full-command-depth summary").click()
    assert "depth 981200 of 1000000" in page.locator("#debugging-queue-full-command-depth").inner_text()


@pytest.mark.parametrize("path", [GUIDE, "incidents/acme-2024-03-05.html"])
@pytest.mark.parametrize("width", [360, 390])
def test_nothing_is_wider_than_a_phone(visit: Any, path: str, width: int) -> None:
    page = visit(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator("pre.atlas-run")
    for at in range(boxes.count()):
        assert boxes.nth(at).evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_commands_are_accessible(visit: Any, scheme: str) -> None:
    axe = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text(encoding="utf-8")
    page = visit(GUIDE, color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    found = page.evaluate("() => axe.run('.atlas-command, .atlas-run-first')")
    assert [v["id"] for v in found["violations"]] == []
