"""The index that pages search: one script beside them, loaded on first use, also where there is no server.

It holds the index of `atlas.files.finder` with the addresses of pages and gates, and the technologies with
what names them. `_static/atlas/search.js` answers from it as `atlas.files.finder` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sphinx.application import Sphinx

from atlas.files import finder
from atlas.files.reports import Record, dump
from atlas.records.house import House
from atlas.records.recall import Recall
from atlas.views.blocks import page_target
from atlas_sphinx.domain import domain_of

NAME = "atlas-index.js"
ANSWERING = ("atlas/pasted.js", "atlas/asked.js", "atlas/matching.js", "atlas/search.js")
ASKING = ("atlas/finder.js",)
"""Scripts that pages need for the finder alone."""

To = Callable[[str], str]


def render_index(atlas: Mapping[str, Any], to: To, recall: Recall, house: House) -> str:
    """The script, from an `atlas.json`; `to` gives the address of a target as seen from the root."""
    index = finder.index(atlas, recall, house)
    entries = [_addressed(entry, to) for entry in index["entries"]]
    whole = {**index, "entries": entries, "technologies": [*_technologies(atlas, to)]}
    return f"const atlasIndex = {dump(whole)}"


def _addressed(entry: Mapping[str, Any], to: To) -> Record:
    href = to(entry["id"])
    return {**entry, "href": href, "gate": f"{href}-{entry['gate']}" if entry["gate"] else href}


def _technologies(atlas: Mapping[str, Any], to: To) -> Iterator[Record]:
    pages: dict[str, list[Record]] = defaultdict(list)
    for diagram in atlas["diagrams"]:
        for id in diagram["technologies"]:
            pages[id].append({"title": diagram["page_title"] or diagram["title"], "href": to(diagram["id"])})
    for technology in atlas["technologies"]:
        id, names = technology["id"], technology["names"]
        if id in pages:
            href = to(page_target("technologies", section=id))
            yield {"name": names[0], "names": names, "href": href, "pages": [*pages[id]]}


def stands_on(app: Sphinx, pagename: str) -> bool:
    """Whether a page has a place for the finder."""
    return any(view == "home" for view, _, _ in domain_of(app.env).views.get(pagename, ()))
