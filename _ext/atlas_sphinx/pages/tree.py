"""The tree of pages as the frame of a page shows it: the top level, its own section, what is around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from sphinx import addnodes
from sphinx.environment import BuildEnvironment

SIBLINGS = 60
"""The most pages of one level that a sidebar lists."""


class Level:
    """The pages that one toctree or page lists, in order."""

    def __init__(self, pages: Sequence[str], caption: str = "") -> None:
        self.pages = pages
        self.caption = caption
        self._places = {page: n for n, page in enumerate(pages)}

    @property
    def crowded(self) -> bool:
        return len(self.pages) > SIBLINGS

    def around(self, here: str) -> Sequence[str]:
        """All pages, or those around `here` where there are too many to list."""
        if not self.crowded:
            return self.pages
        start = self._places.get(here, 0) - SIBLINGS // 2
        start = max(0, min(start, len(self.pages) - SIBLINGS))
        return self.pages[start : start + SIBLINGS]


class Tree:
    """Reads the toctrees of an environment once, when all pages have been read."""

    def __init__(self, env: BuildEnvironment) -> None:
        toctrees = env.tocs[env.config.root_doc].findall(addnodes.toctree)
        self.root = env.config.root_doc
        self.tops = [Level(t["includefiles"], t.get("caption") or "") for t in toctrees]
        self.below = {page: Level(listed) for page, listed in env.toctree_includes.items()}
        self._titles = {page: title.astext() for page, title in env.titles.items()}
        self._names = {page: f"{page} {title}" for page, title in env.titles.items()}
        self._parents = _first_parents(env.toctree_includes)
        self._relations = env.collect_relations()

    def title(self, docname: str) -> str:
        return self._titles.get(docname, docname)

    def name(self, docname: str) -> str:
        """A page with its title and its markup: equal where others show the page as they did before."""
        return self._names.get(docname, docname)

    def trail(self, docname: str) -> list[str]:
        """The pages from the root to `docname`, without the root."""
        path = [docname]
        while (parent := self._parents.get(path[0])) and parent not in path:
            path.insert(0, parent)
        return path[1:] if path[0] == self.root else path

    def frame(self, docname: str) -> tuple[str, ...]:
        """All that stands around a page and is not its own: sidebar, way up, pages before and after it."""
        return (*self._listed(docname), *map(self.name, self._relatives(docname)))

    def _listed(self, docname: str) -> Iterator[str]:
        path = self.trail(docname)
        levels = [(top, path[0] if path else "") for top in self.tops]
        steps = zip_longest(path, path[1:], fillvalue="")
        levels += [(self.below[page], here) for page, here in steps if page in self.below]
        for level, here in levels:
            yield f"{level.caption} {len(level.pages)}"
            yield from map(self.name, level.around(here))

    def _relatives(self, docname: str) -> Iterator[str]:
        """Sphinx's own parent, previous and next page, then the parents above."""
        yield from (page or "" for page in self._relations.get(docname, []))
        while relatives := self._relations.get(docname):
            docname = relatives[0] or ""
            yield docname


def _first_parents(children: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Page to the first page that lists it."""
    parents: dict[str, str] = {}
    for parent in sorted(children):
        for child in children[parent]:
            parents.setdefault(child, parent)
    return parents
