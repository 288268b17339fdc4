"""Discover: feeds of every kind, offline; what fails costs nothing but itself; stubs and never facts."""

from __future__ import annotations

import http.server
import threading
import tomllib
import urllib.request
from datetime import date

import pytest

from atlas_cli.feeds import FeedError, Redirects, fetch, parse_feed, plain_url

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Acme Engineering</title>
<item><title>Certificate expired at midnight: what Acme learned</title><link>https://acme.example/cert?utm_source=rss</link>
<pubDate>Fri, 03 Jan 2025 10:00:00 +0000</pubDate>
<description>&lt;p&gt;An outage of 43 minutes.&lt;/p&gt;</description></item>
<item><title>Old news</title><link>https://engineering.acme.example/2024/03/queue-outage/</link></item>
<item><title>No link</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Globex</title>
<entry><title>Sorting socks</title>
<link rel="self" href="https://globex.example/self"/><link href="https://globex.example/socks"/>
<updated>2025-02-01T00:00:00Z</updated><summary>Socks.</summary></entry></feed>"""
LIST = """# A list
**[Contents](#x)**

[Initech](http://initech.example/outage). A bad config took [everything](https://x.example/) down. More words.
* [Hooli](https://hooli.example/incident): *Two* hours of downtime
[Initech](https://initech.example/outage/#top). The same once more.

## Other lists of postmortems

[Elsewhere](https://elsewhere.example/)
"""
FRONT = """---
uuid: 1
url: "https://umbrella.example/report.pdf"
company: Umbrella
source_published_at: 2025-03-01T00:00:00Z
start_time: not a time
---

A switch failed and took 3 hours to replace. It was late.
"""


@pytest.fixture
def feeds(desk):
    for name, text in {"a.xml": RSS, "b.atom": ATOM, "sub/list.md": LIST, "sub/front.md": FRONT}.items():
        desk.write(f"feeds/{name}", text)
    return desk


def test_everything_new_is_found_once_and_scored(feeds):
    done = feeds.run("discover", "feeds", "--json")
    assert done.code == 0
    found = {row["url"]: row for row in done.data["found"]}
    assert set(found) == {
        "https://acme.example/cert?utm_source=rss",
        "https://globex.example/socks",
        "http://initech.example/outage",
        "https://hooli.example/incident",
        "https://umbrella.example/report.pdf",
    }
    best = done.data["found"][0]
    assert best["url"].startswith("https://acme.example/cert")
    assert best["reasons"] == [
        "Acme lacks 1 of 2",
        "like incidents/acme-2025-01-01, which is planned",
        "an incident",
        "gives figures",
    ]
    assert best["published"] == "2025-01-03"
    assert (
        found["https://umbrella.example/report.pdf"]["title"]
        == "Umbrella: A switch failed and took 3 hours to replace"
    )
    assert found["https://hooli.example/incident"]["title"] == "Hooli: Two hours of downtime"
    assert found["https://globex.example/socks"]["score"] == 0


def test_a_feed_that_fails_costs_nothing_but_itself(feeds):
    feeds.write("feeds/broken.xml", "<rss><channel>")
    feeds.write("feeds/bomb.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss>&a;</rss>')
    done = feeds.run("discover", "feeds", "feeds/nowhere.xml", "http://plain.example/feed", "--json")
    assert done.code == 1
    assert len(done.data["found"]) == 5
    why = {name.rpartition("/")[2]: said for name, said in done.data["failed"].items()}
    assert why["broken.xml"].startswith("broken XML: no element found")
    assert why["bomb.xml"] == "declares entities, which are refused"
    assert why["nowhere.xml"] == "cannot be read: No such file or directory"
    assert why["feed"] == "only https is asked for"
    text = feeds.run("discover", "feeds")
    assert "broken.xml: broken XML" in text.err
    assert "publications read, 2 feeds failed" in text.err


def test_no_network_is_reported(feeds):
    done = feeds.run("discover", "https://feeds.invalid/x.xml", "feeds/a.xml", "--json")
    assert done.code == 1
    assert done.data["failed"]["https://feeds.invalid/x.xml"].startswith("no answer: ")
    assert len(done.data["found"]) == 1


def test_awkward_addresses_cost_nothing_but_themselves(feeds):
    bad = [
        "https://ho st/x",
        "https://[bad",
        "https://host.invalid:port/",
        "https://b\u00fcr\u00f6..invalid/",
    ]
    feeds.write("feeds.txt", "\n".join([*bad, "a\0b", "x" * 300, "feeds/a.xml"]))
    done = feeds.run("discover", "--list", "feeds.txt", "--json")
    assert (done.code, len(done.data["found"]), len(done.data["failed"])) == (1, 1, 6), done.out


def test_the_files_of_a_folder_that_are_no_feeds_are_named(feeds):
    feeds.write("feeds/rss", RSS.replace("https://acme.example/cert", "https://acme.example/more"))
    feeds.write("feeds/page.html", "<!doctype html><title>x</title>")
    feeds.write("feeds/.hidden", "x")
    done = feeds.run("discover", "feeds", "--json")
    assert (done.code, len(done.data["found"])) == (0, 6)
    assert done.data["skipped"] == ["feeds/page.html"]
    assert "no feeds, passed over: feeds/page.html" in feeds.run("discover", "feeds").err
    assert feeds.run("discover", "feeds/page.html").code == 1


def test_a_list_of_feeds(feeds):
    feeds.write("feeds.txt", "# mine\n\nfeeds/a.xml\n  feeds/b.atom\n")
    assert len(feeds.run("discover", "--list", "feeds.txt", "--json").data["found"]) == 2
    assert len(feeds.run("discover", "--list", "feeds.txt", "-n", "1", "--json").data["found"]) == 1


def test_stubs_and_never_facts(feeds):
    done = feeds.run("discover", "feeds", "--propose", "proposals.toml")
    assert "wrote 5 stubs to proposals.toml" in done.err
    text = feeds.read("proposals.toml")
    assert "# Not read yet. Score" in text
    stubs = tomllib.loads(text)
    assert len(stubs) == 5
    assert not {"facts", "tier", "read", "extent"} & {key for stub in stubs.values() for key in stub}
    assert next(iter(stubs.values()))["published"] == date(2025, 1, 3)
    feeds.write("proposals.toml", "# By hand.\n" + text)
    assert "wrote 0 stubs" in feeds.run("discover", "feeds", "--propose", "proposals.toml").err
    assert feeds.read("proposals.toml") == "# By hand.\n" + text


def test_a_proposal_is_no_source(feeds):
    done = feeds.run("discover", "feeds", "--propose", "source/_data/sources/new.toml")
    assert (done.code, "a proposal is no source" in done.err) == (2, True)


def test_files_that_cannot_take_stubs_or_name_feeds(feeds):
    (feeds.path / "latin.toml").write_bytes(b"\xff")
    for words, said in (
        (["feeds", "--propose", "feeds"], "cannot read feeds: Is a directory"),
        (["feeds", "--propose", "latin.toml"], "cannot read latin.toml: it is not UTF-8"),
        (["--list", "latin.toml"], "cannot read latin.toml: it is not UTF-8"),
        ([""], "no feed"),
        (["feeds", ""], "no feed"),
    ):
        done = feeds.run("discover", *words)
        assert (done.code, said in done.err) == (2, True), done.err


def test_nothing_new(feeds):
    feeds.write("one.xml", RSS.replace("cert?utm_source=rss", "x").replace("https://acme.example/x", "x:y"))
    feeds.write("empty.md", "# Nothing\n")
    done = feeds.run("discover", "empty.md")
    assert (done.code, "Nothing new." in done.out) == (0, True)


# Reading ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<rss", "broken XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><rss/>", "broken XML"),
        (b"<rss>\xff</rss>", "broken XML"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY e SYSTEM "file:///etc/passwd">]><a/>',
            "entities",
        ),
        (b"\x89PNG", "is neither RSS nor Atom"),
        (b"", "is neither RSS nor Atom"),
    ],
)
def test_what_is_no_feed(data, said):
    with pytest.raises(FeedError, match=said):
        parse_feed(data, "x.xml")


HOME = "<link>https://acme.example/blog/</link>"


def item(inner, *, head=HOME):
    return f"<rss><channel>{head}<item><title>t</title>{inner}</item></channel></rss>"


@pytest.mark.parametrize(
    ("data", "urls"),
    [
        (item("<link>post</link>"), ["https://acme.example/blog/post"]),
        (item("<link>/post</link>"), ["https://acme.example/post"]),
        (item("<link>post</link>", head=""), []),
        (item("<link>javascript:alert(1)</link>"), []),
        (item("<link>https://[bad</link>"), []),
        (item("<link>https://ho st/x</link>"), []),
        (item("<guid>https://acme.example/7</guid>"), ["https://acme.example/7"]),
        (
            item("<link>x:y</link><guid isPermaLink='true'>https://a.example/7</guid>"),
            ["https://a.example/7"],
        ),
        (item("<guid isPermaLink='false'>https://acme.example/7</guid>"), []),
        (item("<guid>7</guid>"), []),
        (item(""), []),
        (
            "<feed xml:base='https://a.example/b/'><entry xml:base='c/'><link href='d'/></entry></feed>",
            ["https://a.example/b/c/d"],
        ),
        (
            "[A](https://a.example/Foo_(bar)). Also [B](https://b.example/(x)).",
            ["https://a.example/Foo_(bar)"],
        ),
        ("[A](https://[bad). Words.\n[B](https://b.example/). Words.", ["https://b.example/"]),
        ("---\nurl: https://[bad\n---\n\nx\n", []),
    ],
)
def test_addresses_are_of_the_web(data, urls):
    assert [found.url for found in parse_feed(data.encode(), "x.md")] == urls


def test_a_relative_address_is_seen_from_where_the_feed_was_read():
    [found] = parse_feed(item("<link>post</link>", head="").encode(), "https://acme.example/feed.xml")
    assert found.url == "https://acme.example/post"


def test_a_link_within_words_ends_where_it_ends():
    [found] = parse_feed(b"[A](https://a.example/). See [B](https://b.example/(x)) now.", "x.md")
    assert found.summary == "See B now."


@pytest.mark.parametrize(
    "day", ["Fri, 03 Jan 2025 10:00:00 +99999999999999999999", "Fri, 99 Jan 2025 10:00:00", "soon"]
)
def test_a_day_that_is_none(day):
    [found] = parse_feed(item(f"<link>/x</link><pubDate>{day}</pubDate>").encode(), "x.xml")
    assert found.published is None


def test_an_empty_feed_is_lawful():
    assert parse_feed(b"<rss><channel/></rss>", "x") == []
    assert parse_feed(b"---\nurl: nowhere\n---\n\nx\n", "x.md") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.A.example/x/", "https://a.example/x"),
        ("https://a.example/x?utm_source=b&id=3#c", "https://a.example/x?id=3"),
        ("https://a.example", "http://a.example/"),
        ("https://web.archive.org/web/20190703000000/https://a.example/x", "https://a.example/x"),
        ("https://web.archive.org/web/20190703000000id_/http://www.a.example/x", "https://a.example/x"),
        ("https://about.a.example/x", "https://a.example/x"),
    ],
)
def test_one_address_in_two_spellings(one, other):
    assert plain_url(one) == plain_url(other)


def test_two_addresses():
    assert plain_url("https://a.example/X") != plain_url("https://a.example/x")
    assert plain_url("https://a.example/?p=1") != plain_url("https://a.example/?p=2")


def test_only_https_is_asked(monkeypatch):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            raise AssertionError("asked")

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(FeedError, match="only https"):
            fetch(f"http://127.0.0.1:{server.server_port}/feed")
        with pytest.raises(FeedError, match="no answer"):
            fetch(f"https://127.0.0.1:{server.server_port}/feed")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_redirect_is_judged_before_it_is_followed():
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/second")
            self.end_headers()

        def log_message(self, *args):
            """Keep the tests' output clean."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        opener = urllib.request.build_opener(Redirects(("https://",)))
        with pytest.raises(FeedError, match="leads to http://127"):
            opener.open(f"http://127.0.0.1:{server.server_port}/first", timeout=10)
    finally:
        server.shutdown()
        server.server_close()
    assert asked == ["/first"]


@pytest.mark.parametrize("tag", ["item", "entry", "title"])
def test_what_is_nested_without_end_is_refused(tag):
    feed = f"<rss>{f'<{tag}>' * 100_000}{f'</{tag}>' * 100_000}</rss>"
    with pytest.raises(FeedError, match="nested more than"):
        parse_feed(feed.encode(), "feed.xml")
    flat = f"<rss>{f'<{tag}><link>https://a.example/b</link></{tag}>' * 1000}</rss>"
    assert len(parse_feed(flat.encode(), "feed.xml")) == (0 if tag == "title" else 1000)
