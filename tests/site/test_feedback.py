"""Links to an issue that is filled in already, on every page, where an address is set."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import Project

FORM = "https://issues.example/new?title={title}&body={body}"


def links(page: str) -> list[str]:
    foot = page.partition('class="atlas-feedback"')[2].partition("</p>")[0]
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', foot)]


def test_every_page_leads_to_a_filled_in_issue(lawful: Project) -> None:
    built = lawful.build("-nW", "-D", f"atlas_feedback={FORM}", "-D", "atlas_build=c0ffee")
    assert built.code == 0, built.log
    for name in ("boards.html", "index.html", "debugging/queue-full.html"):
        wrong, useless = links(built.read(name))
        asked = {key: values[0] for key, values in parse_qs(urlsplit(wrong).query).items()}
        assert asked["title"].startswith("Wrong number: ")
        assert asked["body"].startswith(f"Page: {name.removesuffix('.html')}\nBuild: c0ffee\n")
        assert "### What its source says" in asked["body"]
        assert "No%20help" in useless
    assert links(built.read("genindex.html")) == []


def test_nothing_is_offered_where_no_address_is_set(lawful: Project) -> None:
    assert "atlas-feedback" not in lawful.build().read("boards.html")


@pytest.mark.parametrize("address", ["http://issues.example/{title}{body}", "https://issues.example/new"])
def test_an_address_that_cannot_be_filled_in_is_refused(lawful: Project, address: str) -> None:
    built = lawful.build("-D", f"atlas_feedback={address}")
    assert built.code == 2
    assert f"atlas_feedback: {address!r} is no https address" in built.log
