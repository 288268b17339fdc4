"""Serve: the real server, a page from it, and the page again after a change."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from .conftest import ATLAS, ENV, PAGE


def test_the_command_can_be_seen(desk):
    done = desk.run("serve", "--print", "--port", "0", "--open")
    assert "-m sphinx_autobuild --host 127.0.0.1 --port 0 --open-browser" in done.out
    assert str(desk.path / "build/serve") in desk.run("serve", "--json").data


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("sphinx_autobuild") is None, reason="sphinx-autobuild is for developers"
)
def test_pages_are_served_and_follow_their_files(desk):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*ATLAS, "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=desk.path, env=ENV, stdout=-3, stderr=-3, start_new_session=True)
    address = f"http://127.0.0.1:{port}/incidents/acme-2024-03-05.html"
    try:
        assert wait_for(address, "the order queue filled")
        desk.change(PAGE, "the order queue filled", "the order queue overflowed")
        assert wait_for(address, "the order queue overflowed")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait_for(address, words):
    """True once a page has these words; False after half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address) as answer:
                if words in answer.read().decode():
                    return True
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.2)
    return False
