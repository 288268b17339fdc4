"""What all tests share: a checkout, dead links, and the slow ones run where CI is set or when asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
OWN = {"PYTHONPATH", "PYTHONHASHSEED"}
"""What a process reads before its first import: a build for which it is set does not fork."""

SphinxBuild = Callable[[list[str], dict[str, str]], tuple[int, str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run slow tests too, as CI does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow") or os.environ.get("CI"):
        return
    skip = pytest.mark.skip(reason="slow: runs with --slow, and in CI")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def sphinx_build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SphinxBuild]:
    """The real sphinx-build with the words of a command line and what it adds to the environment.

    Answers with its exit code and all that it printed.
    """
    files = [tmp_path_factory.mktemp("sphinx") / name for name in ("output", "errors")]
    known = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "NO_COLOR": "1"}
    command = [sys.executable, str(ROOT / "tests/forked_sphinx.py")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=known) as server:
        stdin, stdout = server.stdin, server.stdout
        assert stdin
        assert stdout
        busy = threading.Lock()

        def build(words: list[str], env: dict[str, str]) -> tuple[int, str]:
            if OWN & env.keys() or not busy.acquire(blocking=False):
                alone = [sys.executable, "-m", "sphinx", *words]
                done = subprocess.run(alone, capture_output=True, text=True, env=known | env, check=False)
                return done.returncode, done.stdout + done.stderr
            for file in files:
                file.write_bytes(b"")
            request = {"words": words, "env": known | env, "files": [str(file) for file in files]}
            print(json.dumps(request), file=stdin, flush=True)
            code = int(stdout.readline())
            printed = "".join(file.read_text(encoding="utf-8") for file in files)
            busy.release()
            return code, printed

        yield build


NASTY = """# Nasty labels

```{{atlas-diagram}} incidents/nasty
:title: Nasty labels
:alt: Labels that are easily lost.
:sources: acme/outage

flowchart TB
  subgraph state
{boxes}
  end
{arrows}
```
"""


@pytest.fixture(scope="session")
def nasty_labels() -> list[dict[str, Any]]:
    """Labels that are easily lost: how each is `written` and is to be `shown`, and its telling `words`."""
    text = (ROOT / "tests/cases/nasty_labels.toml").read_text(encoding="utf-8")
    labels: list[dict[str, Any]] = tomllib.loads(text)["label"]
    return labels


@pytest.fixture(scope="session")
def nasty_page(nasty_labels: list[dict[str, Any]]) -> str:
    """A page for the lawful example with all of them: label N in box `NN` and on its arrow to the next."""
    written = [label["written"] for label in nasty_labels]
    boxes = [f'    N{i}["{label}"]' for i, label in enumerate(written)]
    arrows = [f'  N{i} -->|"{label}"| N{i + 1}' for i, label in enumerate(written)]
    return NASTY.format(boxes="\n".join(boxes), arrows="\n".join(arrows))


@pytest.fixture(scope="session")
def nasty_site(tmp_path_factory: pytest.TempPathFactory, nasty_page: str) -> Path:
    """The lawful example with the nasty page, built as HTML. Typed digits and a lost fact fail its build."""
    root = tmp_path_factory.mktemp("nasty") / "atlas"
    shutil.copytree(ROOT / "tests/cases/lawful", root)
    (root / "source/incidents/nasty.md").write_text(nasty_page, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(root / "trees"), "-c", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
    command += [str(root / "source"), str(root / "html")]
    log = subprocess.run(command, check=False, env=environment, capture_output=True, text=True).stderr
    assert {*re.findall(r"\[atlas\.(FACT|MERMAID)\d+\]", log)} == {"FACT"}, log
    return root / "html"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository as a fresh clone would have it, with what is not yet committed."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    root = tmp_path_factory.mktemp("checkout")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    return root


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Keep the tests' output clean."""


class Page(HTMLParser):
    """The places of a page and what it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places |= {value for name, value in attrs if name == "id" and value}
        self.links |= {value for name, value in attrs if name in ("href", "src", "xlink:href") and value}


class Site:
    """A folder behind a real server, each address asked for once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.known: dict[str, Page | None] = {}

    def ask(self, url: str) -> Page | None:
        """What stands at an address: without places where it is no HTML, None where there is nothing."""
        if url not in self.known:
            try:
                with urlopen(url, timeout=30) as answer:
                    html = answer.headers.get_content_type() == "text/html"
                    self.known[url] = Page(answer.read().decode() if html else "")
            except HTTPError as error:
                error.close()
                self.known[url] = None
        return self.known[url]

    def dead(self, page: str, links: set[str]) -> Iterator[str]:
        """The links of a page that stay on the site and lead nowhere."""
        for link in sorted(links):
            url, fragment = urldefrag(urljoin(f"{self.root}/{page}", link))
            if url.startswith(f"{self.root}/"):
                found = self.ask(url)
                if found is None or (fragment and unquote(fragment) not in found.places):
                    yield f"{page}: {link}"


def addresses(index: str) -> set[str]:
    """Where the index of the finder leads to, from the root."""
    record = json.loads(index.removeprefix("const atlasIndex = "))
    entries, technologies = record["entries"], record["technologies"]
    found = {entry[name] for entry in entries for name in ("href", "gate")}
    return found | {link["href"] for t in technologies for link in (t, *t["pages"])}


@pytest.fixture
def dead_links() -> Iterator[Callable[[Path], list[str]]]:
    """Asks a local server for all that the pages in a folder and the finder's index lead to on the site."""
    servers: list[ThreadingHTTPServer] = []

    def ask(folder: Path) -> list[str]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = Site(f"http://127.0.0.1:{server.server_port}")
        pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        found = [dead for page in pages for dead in site.dead(page, shown_links(site, page))]
        index = (folder / "atlas-index.js").read_text(encoding="utf-8")
        return [*found, *site.dead("atlas-index.js", addresses(index))]

    yield ask
    for server in servers:
        server.shutdown()
        server.server_close()


def shown_links(site: Site, page: str) -> set[str]:
    shown = site.ask(f"{site.root}/{page}")
    assert shown is not None, f"{page} is not served"
    assert shown.links, f"{page} leads nowhere"
    return shown.links
