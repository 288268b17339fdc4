"""Addresses: where an id of the atlas leads, as a spot of the site and as seen from a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sphinx.builders import Builder

from atlas.rules.atlas import Atlas
from atlas.views.bibliography import shelf_of
from atlas.views.blocks import slug


class Addresses:
    """Spots of one build: `pages` are its docnames, `listings` the pages that show views or parts of them."""

    def __init__(self, atlas: Atlas, pages: Collection[str], listings: Mapping[str, str]) -> None:
        self._atlas, self._pages, self._listings = atlas, pages, listings
        self._spots: dict[str, str] = {}

    def seen(self, target: str, docname: str, builder: Builder) -> str:
        """Where an id, `page:DOCNAME` or web address is, seen from a page; empty if nowhere."""
        page, mark, fragment = self.spot(target).partition("#")
        if page not in self._pages:
            return self.spot(target)
        address = builder.get_relative_uri(docname, page)
        if "#" in address:  # of `singlehtml`, where every page is a part of one
            return mark + fragment or ("#" if page == builder.config.root_doc else address)
        return address + mark + fragment

    def spot(self, target: str) -> str:
        """`DOCNAME` or `DOCNAME#FRAGMENT` of an id or `page:DOCNAME`, a web address; empty if nowhere."""
        if target not in self._spots:
            self._spots[target] = self._find(target)
        return self._spots[target]

    def _find(self, target: str) -> str:
        if target.startswith(("https://", "http://")):
            return target
        page, _, fragment = target.removeprefix("page:").partition("#")
        if not target.startswith("page:"):
            page, fragment = self._atlas.docname_of(target) or self._listing(target), slug(target)
        if page not in self._pages:
            return self._outside(target)
        return f"{page}#{fragment}" if fragment else page

    def _listing(self, target: str) -> str:
        """The generated page that lists a source or a term."""
        ledgers = self._atlas.ledgers
        if source := ledgers.sources.get(target):
            whole = self._listings.get("sources", "")
            return self._listings.get(f"sources {shelf_of(source)}", whole)
        return self._listings.get("glossary", "") if target in ledgers.terms else ""

    def _outside(self, target: str) -> str:
        source = self._atlas.ledgers.sources.get(target)
        return source.url if source else ""
