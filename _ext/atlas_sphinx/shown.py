"""What the pages of one build show: generated sections, drawings, addresses, and a digest of it per page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from atlas.records.model import NOWHERE, Finding, Place
from atlas.rules.atlas import Atlas
from atlas.views import render
from atlas.views.blocks import Block, Drawing, Picture, Section
from atlas.views.standing import stand

from .addresses import Addresses
from .pages.drawings import Drawings
from .pages.mentions import records_on, targets_on
from .pages.sections import sample_job
from .pages.tree import Tree

Views = Mapping[str, tuple[tuple[str, str, Place], ...]]
"""Docname to the (view, argument, place) triples that it shows."""


class Shown:
    """Everything here is made of the sealed atlas, once a build. `drawings` is None where none are shown."""

    def __init__(self, atlas: Atlas, env: BuildEnvironment, views: Views, drawings: Drawings | None) -> None:
        self.atlas, self.drawings = atlas, drawings
        self.digests: dict[str, str] = {}
        self._env, self._views = env, views
        self._sections: dict[tuple[str, str], tuple[Section, ...]] = {}

    @cached_property
    def tree(self) -> Tree:
        """The toctrees of this build."""
        return Tree(self._env)

    @cached_property
    def addresses(self) -> Addresses:
        pages = sorted(self._views, reverse=True)
        whole = {f"{view} {argument}".strip(): d for d in pages for view, argument, _ in self._views[d]}
        return Addresses(self.atlas, self._env.found_docs, whole)

    def sections(self, view: str, argument: str) -> tuple[Section, ...]:
        """A view of the sealed atlas, rendered once per build; nothing where it is not known."""
        if (view, argument) not in self._sections:
            unlawful = list(render.check_view(self.atlas, view, argument, NOWHERE))
            rendered = () if unlawful else render.render_view(self.atlas, view, argument)
            self._sections[view, argument] = stand(self.atlas, view, argument, rendered)
        return self._sections[view, argument]

    def check_views(self) -> Iterator[Finding]:
        """DIAGRAM002 for every view that a page asks for and that there is not."""
        for shown in self._views.values():
            for view, argument, place in shown:
                yield from render.check_view(self.atlas, view, argument, place)

    def samples(self) -> Iterator[Drawing]:
        """The sample drawings on generated pages."""
        for docname in self._views:
            yield from self._samples(docname)

    def _samples(self, docname: str) -> Iterator[Drawing]:
        yield from (block for block in self._blocks(docname) if isinstance(block, Drawing))

    def _blocks(self, docname: str) -> Iterator[Block]:
        for view, argument, _ in self._views.get(docname, ()):
            yield from (block for section in self.sections(view, argument) for block in section.blocks)

    def moved_pages(
        self,
        written: Mapping[str, str],
        pages: Iterable[str],
        links: Mapping[str, Iterable[str]],
        builder: Builder,
        *,
        framed: bool,
    ) -> list[str]:
        """Those of `pages` whose shown content differs from what was last written.

        `links` maps a page to those that it links to by name; `framed` are pages with a sidebar of ours.
        Sphinx calls its settings written before it writes with them, so that they are part of what is shown.
        """
        info = getattr(builder, "build_info", None)
        settings = (info.config_hash, info.tags_hash) if info else ()
        self.digests = {d: self._digest(d, links.get(d, ()), settings, framed=framed) for d in pages}
        return [d for d, digest in self.digests.items() if written.get(d) != digest]

    def _digest(self, docname: str, links: Iterable[str], settings: Iterable[str], *, framed: bool) -> str:
        """A digest of everything that a page shows but does not itself hold. Line numbers stay out of it."""
        spot = self.addresses.spot
        parts: list[object] = [*settings, *records_on(self.atlas, docname)]
        parts += [(target, spot(target)) for target in targets_on(self.atlas, docname)]
        for view, argument, _ in self._views.get(docname, ()):
            sections = self.sections(view, argument)
            parts.append(render.digest(sections))
            parts += [(target, spot(target)) for target in render.targets(sections)]
        parts += self._drawn(docname)
        parts += map(self.tree.name, links)
        parts += self.tree.frame(docname) if framed else ()
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _drawn(self, docname: str) -> list[str]:
        """The proofs of the drawings on a page, empty of one that could not be drawn."""
        shown = [diagram.id for diagram in self.atlas.on_page(docname)]
        shown += [sample_job(sample).id for sample in self._samples(docname)]
        shown += [picture.id for picture in self._blocks(docname) if isinstance(picture, Picture)]
        return [self.drawings.proofs.get(id, "") for id in shown] if self.drawings else []
