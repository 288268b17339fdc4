"""The index that pages search: one script beside them, loaded on first use, also where there is no server.

It holds the entries of `atlas.finder` with the addresses of their pages and gates, and the technologies with
what names them. `_static/atlas/search.js` answers from it as `atlas.finder` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sphinx.application import Sphinx

from atlas import finder
from atlas.blocks import page_target
from atlas.export import Record, dump

NAME = "atlas-index.js"
SCRIPTS = (
    "vendor/panzoom-4.6.2/panzoom.min.js",
    "atlas/graph.js",
    "atlas/index.js",
    "atlas/search.js",
    "atlas/opening.js",
    "atlas/overview.js",
    "atlas/viewer.js",
    "atlas/inspector.js",
    "atlas/finder.js",
    "atlas/reader.js",
)

To = Callable[[str], str]


def render_index(atlas: Mapping[str, Any], to: To) -> str:
    """The script, from an `atlas.json`; `to` gives the address of a target as seen from the root."""
    entries, technologies = [*_entries(atlas, to)], [*_technologies(atlas, to)]
    rules = {"codes": finder.CODES, "grammar": finder.GRAMMAR}
    index = {"entries": entries, "technologies": technologies, **rules}
    return f"const atlasIndex = {dump(index)}"


def _entries(atlas: Mapping[str, Any], to: To) -> Iterator[Record]:
    for entry in finder.index(atlas):
        href = to(entry["id"])
        yield {**entry, "href": href, "gate": f"{href}-{entry['gate']}" if entry["gate"] else href}


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


def setup(app: Sphinx) -> None:
    for script in SCRIPTS:
        app.add_js_file(script, loading_method="defer")
