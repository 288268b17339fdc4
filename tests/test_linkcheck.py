"""`tox -e linkcheck` against servers of its own: what is ok, blocked, dead, and when there is no network."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import linkcheck

TOOL = Path(linkcheck.__file__)
NOWHERE = "http://127.0.0.1:9"


class Publisher(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({"/post": 200, "/robots-out": 403}.get(self.path, 404))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b'<p id="spot">43 seconds</p>')

    do_HEAD = do_GET

    def log_message(self, *args):
        """Keep the tests' output clean."""


@pytest.fixture
def publisher():
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def check(root: Path, page: str, ledger_url: str) -> subprocess.CompletedProcess[str]:
    (root / "source/_data/sources").mkdir(parents=True)
    (root / "source/_data/sources/acme.toml").write_text(f'[post]\nurl = "{ledger_url}/post"\n')
    (root / "conf.py").write_text('linkcheck_anchors_ignore = ["^:~:"]\n')
    (root / "source/index.rst").write_text(f"Links\n=====\n\n{page}\n")
    return subprocess.run(
        [sys.executable, TOOL, "--root", root], capture_output=True, text=True, timeout=60, check=False
    )


def test_links_that_answer_pass(tmp_path, publisher):
    page = f"{publisher}/post\n\n{publisher}/post#spot\n\n{publisher}/post#:~:text=43%20seconds"
    ran = check(tmp_path, page, publisher)
    assert (ran.returncode, ran.stdout) == (0, "3 links: 3 ok, 0 blocked, 0 dead\n")


def test_a_server_that_refuses_robots_is_blocked_not_dead(tmp_path, publisher):
    ran = check(tmp_path, f"{publisher}/robots-out", publisher)
    assert ran.returncode == 0
    assert ran.stdout.startswith(f"blocked: index.rst:4: {publisher}/robots-out 403 ")


@pytest.mark.parametrize("path", ["/gone", "/post#elsewhere"])
def test_a_dead_link_fails_with_its_place(tmp_path, publisher, path):
    ran = check(tmp_path, publisher + path, publisher)
    assert ran.returncode == 1
    assert ran.stdout.startswith(f"dead: index.rst:4: {publisher}{path} ")
    assert ran.stdout.endswith("1 links: 0 ok, 0 blocked, 1 dead\n")


def test_no_network_is_said_and_is_no_success(tmp_path):
    ran = check(tmp_path, NOWHERE, NOWHERE)
    assert ran.returncode == 2
    assert ran.stderr == f"no network: none of {NOWHERE} answers. No external link was checked.\n"
