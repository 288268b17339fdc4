"""A list of sources on several pages: a reference leads to the shelf that holds its source."""

from __future__ import annotations

import re

from .conftest import Project

WHOLE = "```{atlas-view} sources\n```\n"
PAGE = "# Documentation\n\n```{atlas-view} sources\n:of: documentation\n```\n"


def leads_to(page: str) -> set[str]:
    """The pages on which a page finds the sources that it names."""
    return set(re.findall(r'href="(?:\.\./)*([\w/]+\.html)#(?:acme-outage|queued-manual)"', page))


def test_a_source_is_found_on_its_shelf(lawful: Project) -> None:
    read = lawful.build().read
    pages = ("incidents/acme-2024-03-05.html", "debugging/queue-full.html")
    assert set().union(*(leads_to(read(page)) for page in pages)) == {"boards.html"}
    lawful.change("source/boards.md", WHOLE, WHOLE.replace("sources\n", "sources\n:of: publications\n"))
    lawful.write("source/docs.md", f"---\norphan: true\n---\n\n{PAGE}")
    built = lawful.build("-nW", "--keep-going")
    assert built.code == 0, built.log
    assert set().union(*(leads_to(built.read(page)) for page in pages)) == {"boards.html", "docs.html"}
