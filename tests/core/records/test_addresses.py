"""Addresses from the angles that authors and worse people try."""

from __future__ import annotations

import pytest

from atlas.records.addresses import fault_of_link, fault_of_public, plain_path


@pytest.mark.parametrize(
    "link",
    [
        "",
        "page.html",
        "../page.html#part",
        "#part",
        "/absolute",
        "https://example.org",
        "HTTPS://example.org/a?b=c#d",
        "https://example.org:8443/a@b",
        "mailto:someone@example.org",
    ],
)
def test_links_that_may_be_followed(link: str) -> None:
    assert fault_of_link(link) == ""


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("javascript:alert(1)", "'javascript'"),
        ("JaVaScRiPt:alert(1)", "'javascript'"),
        ("java\nscript:alert(1)", "'javascript'"),
        ("\x01 javascript:alert(1)", "'javascript'"),
        ("java&#115;cript:alert(1)", "'javascript'"),
        ("javascript&colon;alert(1)", "'javascript'"),
        ("vbscript:msgbox(1)", "'vbscript'"),
        ("file:///etc/passwd", "'file'"),
        ("data:text/html,<script>", "'data'"),
        ("data:image/png;base64,AA", "'data'"),
        ("http://example.org", "'http'"),
        ("ftp://example.org", "'ftp'"),
        ("blob:https://example.org/1", "'blob'"),
        ("//evil.example", "no scheme"),
        ("\\\\evil.example", "no scheme"),
        ("https://", "no host"),
        ("https://[::1", "no host"),
        ("https://example.org:port/", "no host"),
        ("https://user:word@example.org/", "password"),
        ("https://user@example.org/", "password"),
        ("https://example.org/\u202egro.elpmaxe", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("pa\u200bge.html", "U+200B"),
    ],
)
def test_links_that_may_not(link: str, fault: str) -> None:
    assert fault in fault_of_link(link)


def test_data_is_lawful_in_a_picture_that_runs_nothing() -> None:
    assert fault_of_link("data:image/png;base64,AA", picture=True) == ""
    assert fault_of_link("data:image/svg+xml,<svg/>", picture=True)
    assert fault_of_link("data:text/html,x", picture=True)


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("https://example.org/a", ""),
        ("http://example.org/a", ""),
        ("https://user:word@example.org/a", "password"),
        ("https://localhost/a", "no http"),
        ("https://db.localhost/a", "one network"),
        ("https://wiki.corp./a", "one network"),
        ("https://10.0.0.1/a", "by a number"),
        ("https://127.1/a", "by a number"),
        ("https://0x7f.0x1/a", "by a number"),
        ("https://[fe80::1.2.3.4]/a", "by a number"),
        ("https://example.org\\@evil.example/", "no http"),
        ("https://example.org/a b", "no http"),
        ("https://[::1", "no http"),
        ("javascript:alert(1)", "no http"),
    ],
)
def test_what_everybody_can_open(link: str, fault: str) -> None:
    assert fault_of_public(link) == fault if not fault else fault in fault_of_public(link)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("", ""),
        ("/./", ""),
        ("/;", ""),
        ("//blog//", "blog"),
        ("/a/../b/", "b"),
        ("/../", ""),
        ("/%2e/%62log;x=1/", "blog"),
        ("/a/b.html", "a/b.html"),
    ],
)
def test_a_path_without_its_disguise(path: str, plain: str) -> None:
    assert plain_path(path) == plain
