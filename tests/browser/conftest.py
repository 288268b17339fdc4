"""The built site in a real Chromium, over HTTP and from the disk. What a page logs or asks for is kept."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
INCIDENT = "incidents/github-2018-10-21.html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word, and an empty icon: a browser asks for one once, in any test."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name of the standard library)
        del format, args


@dataclass
class Site:
    """The built pages: their folder, and their address while the tests run."""

    folder: Path
    url: str
    atlas: dict[str, Any] = field(default_factory=dict)

    def pages(self) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*.html"))

    def samples(self) -> list[str]:
        """Of each folder the first pages, so that the tests take as long however much is written."""
        folders: dict[str, list[str]] = {}
        for page in self.pages():
            folders.setdefault(page.rpartition("/")[0], []).append(page)
        return [page for pages in folders.values() for page in pages[:12][:: 1 if len(pages) < 6 else 3]]

    def diagram(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(d for d in self.atlas["diagrams"] if d["id"] == id)
        return found


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder while it is served."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def build_lawful(folder: Path, theme: str, *options: str) -> None:
    """The lawful example with the scripts of the real site, under a theme."""
    lawful = ROOT / "tests/cases/lawful"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-b",
        "html",
        "-d",
        str(folder.parent / "trees"),
        *options,
    ]
    command += ["-D", f"html_static_path={ROOT / '_static'}", "-D", f"html_theme={theme}"]
    command += ["-D", "atlas_today=2024-04-10", "-c", str(lawful), str(lawful / "source"), str(folder)]
    subprocess.run(command, check=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site in ATLAS_SITE, or one built here."""
    folder = Path(os.environ.get("ATLAS_SITE") or tmp_path_factory.mktemp("site") / "html")
    if not (folder / "index.html").exists():
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-q",
            "-j",
            "auto",
            "-b",
            "html",
            "-d",
            str(folder.parent / "trees"),
        ]
        subprocess.run([*command, "-c", str(ROOT), str(ROOT / "source"), str(folder)], check=True)
    with served(folder) as url:
        yield Site(folder, url, json.loads((folder / "atlas.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for a module, since Playwright stands only one at a time in a thread."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site in a window of its own; options are those of a browser context.

    The page has `faults` (what it logged as error) and `asked` (addresses outside of the site that it wanted).
    """
    contexts = []

    def open_page(
        path: str = INCIDENT, *, width: int = 1280, disk: bool = False, init: str = "", **options: Any
    ) -> Any:
        phone = width < 600
        size = {"width": width, "height": 844 if phone else 900}
        context = chromium.new_context(viewport=size, has_touch=phone, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.faults, page.asked = [], []
        home = site.folder.as_uri() if disk else site.url
        page.on("console", lambda line: page.faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((home, "data:")) else page.asked.append(asked.url),
        )
        if init:
            page.add_init_script(init)
        page.goto(f"{home}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
