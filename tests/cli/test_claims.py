"""The claim checker, against a real HTTP server on this machine."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from atlas_cli import claims, feeds

LEDGER = "source/_data/sources/acme.toml"
POST = """<!doctype html><html><head><title>x</title><script>"1.4 million jobs"</script></head>
<body><p>There were <b>1.4&nbsp;million</b>
jobs waiting for <em>1,400</em> sec<wbr>onds. At 09:00 UTC a release filled it;
orders flowed again at 09:23 UTC.</p></body></html>"""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder and writes no log."""

    def log_message(self, *words):
        pass


@pytest.fixture
def site(tmp_path):
    """A folder that is served, and its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(desk, site):
    """The project with its publication on the server; asks for the claims after the page is written."""
    folder, address = site
    ledger = desk.read(LEDGER).replace("https://engineering.acme.example", address)
    desk.write(LEDGER, ledger)

    def ask(text, *words):
        page = folder / "2024/03/queue-outage"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(text if isinstance(text, bytes) else text.encode())
        return desk.run("links", "--claims", *words, **dict.fromkeys(("https_proxy", "HTTPS_PROXY"), ""))

    return ask


def states(done):
    return {c["id"]: c["state"] for c in done.data["claims"] if c["id"].startswith("acme/")}


def test_words_that_stand_there_hold_whatever_their_markup(asked):
    done = asked(POST, "--json")
    assert states(done) == {
        f"acme/outage:{name}": "holds" for name in ("backlog", "outage", "began", "ended")
    }
    assert done.code == 0


def test_words_that_are_gone_are_named_with_fact_and_address(asked):
    done = asked(POST.replace("1,400", "1,500"))
    assert done.code == 1
    [missing] = [line for line in done.out.splitlines() if line.startswith("missing")]
    assert missing.startswith(
        "missing: acme/outage:outage: “1,400 seconds” was not seen in http://127.0.0.1:"
    )


def test_words_in_a_script_are_not_read(asked):
    assert states(asked(POST.replace("<b>1.4", "<b>2"), "--json"))["acme/outage:backlog"] == "missing"


def test_where_nothing_can_be_read_nothing_is_known(asked):
    done = asked(b"%PDF-1.7 1.4 million jobs, 1,400 seconds")
    assert done.code == 2
    assert "queue-outage: is no text" in done.out


def test_an_address_without_answer_costs_only_its_own_claims(desk, asked):
    desk.write(LEDGER, desk.read(LEDGER) + GONE)
    desk.write("source/more.md", "# More\n\n{atlas:fact}`acme/gone:lost`\n")
    done = asked(POST, "--json")
    assert done.data["counts"]["holds"] == 4
    [gone] = [c for c in done.data["claims"] if c["id"] == "acme/gone:lost"]
    assert (gone["state"], gone["why"]) == ("unread", "no answer: [Errno 111] Connection refused")


GONE = """
[gone]
title = "Gone"
url = "http://127.0.0.1:1/gone"
publisher = "Acme"
tier = "operator"
read = 2024-04-01
extent = "full"

[gone.facts]
lost = { value = "3 jobs", text = "3 jobs", says = "lost", as_of = 2024-03-05 }
"""


def test_a_file_at_a_commit_is_asked_for_itself():
    commit = "0123456789abcdef0123456789abcdef01234567"
    asked = claims.document_of(f"https://github.com/o/r/blob/{commit}/docs/a.md#L3")
    assert asked == f"https://raw.githubusercontent.com/o/r/{commit}/docs/a.md"
    assert claims.document_of("https://acme.example/x#:~:text=a") == "https://acme.example/x"


def test_without_encryption_only_where_it_is_allowed():
    with pytest.raises(feeds.FeedError, match="only https"):
        feeds.fetch("http://127.0.0.1:1/")
