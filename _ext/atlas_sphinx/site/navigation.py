"""Navigation that grows with the section a page stands in, not with the site.

Furo renders the whole toctree for every page, which is quadratic: 900 pages did not finish in ten minutes.
Here the sidebar holds the top level and, of the current section, the siblings of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from atlas.views.blocks import slug
from atlas_sphinx.domain import domain_of
from atlas_sphinx.pages.tree import Level

BEFORE_FURO = 400
AFTER_FURO = 900


class Navigation:
    """Renders the sidebar of a page as nested lists of the form that Furo styles."""

    def __init__(self, app: Sphinx) -> None:
        self.builder = app.builder
        self.tree = domain_of(app.env).tree

    def render(self, docname: str) -> str:
        return "".join(self._sections(docname, self.tree.trail(docname)))

    def _sections(self, current: str, path: list[str]) -> Iterator[str]:
        """The root's toctrees, each with its caption."""
        for level in self.tree.tops:
            if level.caption:
                words = f'<span class="caption-text">{escape(level.caption)}</span>'
                yield f'<p class="caption" role="heading" aria-level="2">{words}</p>'
            yield from self._list(level, self.tree.root, current, path)

    def _list(self, level: Level, parent: str, current: str, path: list[str]) -> Iterator[str]:
        if not level.pages:
            return
        here = path[0] if path else ""
        yield "<ul>"
        for child in level.around(here):
            yield from self._item(child, current, path if child == here else [])
        if level.crowded:
            yield self._link(parent, current, f"all {len(level.pages)} …")
        yield "</ul>"

    def _item(self, child: str, current: str, path: list[str]) -> Iterator[str]:
        below = self.tree.below.get(child) if path else None
        inner = "".join(self._list(below, child, current, path[1:])) if below else ""
        names = ["toctree-l1"]
        names += ["current"] if path else []
        names += ["current-page"] if child == current else []
        names += ["has-children"] if inner else []
        switch = self._switch(child) if inner else ""
        yield f'<li class="{" ".join(names)}">{self._anchor(child, current)}{switch}{inner}</li>'

    def _switch(self, docname: str) -> str:
        """Furo's own markup for a part that folds by CSS alone, unfolded."""
        id = f"toctree-{slug(docname)}"
        name = escape(f"Toggle navigation of {self.tree.title(docname)}")
        box = f'<input aria-label="{name}" checked class="toctree-checkbox" id="{id}" name="{id}"'
        icon = '<span class="icon"><svg><use href="#svg-arrow-right"></use></svg></span>'
        return f'{box} role="switch" type="checkbox"><label for="{id}">{icon}</label>'

    def _anchor(self, docname: str, current: str) -> str:
        text = escape(self.tree.title(docname))
        uri = escape(self.builder.get_relative_uri(current, docname) or "#", quote=True)
        return f'<a class="reference internal" href="{uri}">{text}</a>'

    def _link(self, docname: str, current: str, text: str) -> str:
        uri = escape(self.builder.get_relative_uri(current, docname) or "#", quote=True)
        return f'<li class="toctree-l1"><a class="reference internal" href="{uri}">{escape(text)}</a></li>'


def replace_toctree(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """At `html-page-context`, ahead of Furo, which would parse and rewrite the whole tree for every page."""
    del templatename, doctree
    beside_root = "/" not in pagename  # search and index, which are no documents
    if app.config.atlas_navigation and (pagename in app.env.all_docs or beside_root):
        rendered = Navigation(app).render(pagename)
        context["toctree"] = lambda **_: "" if app.config.html_theme == "furo" else rendered
        context["atlas_navigation"] = rendered


def give_furo_its_tree(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    del app, pagename, templatename, doctree
    if "atlas_navigation" in context:
        context["furo_navigation_tree"] = context["atlas_navigation"]


def show_generated_toc(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Sections of generated pages come after reading, so Sphinx's table of contents has none of them."""
    del templatename
    if doctree is None or pagename not in domain_of(app.env).views:
        return
    sections = [s for s in doctree.findall(nodes.section) if s.parent is not doctree]
    if len(sections) > 1:
        context["toc"] = "".join(_toc(sections))
        context["display_toc"] = True
        context["furo_hide_toc"] = False


def _toc(sections: Iterable[nodes.section]) -> Iterator[str]:
    """Below an entry for the page itself, which Furo hides."""
    yield '<ul><li><a class="reference internal" href="#">This page</a><ul>'
    for section in sections:
        title = section.next_node(nodes.title)
        if title is not None and section["ids"]:
            fragment, words = escape(section["ids"][0]), escape(title.astext())
            yield f'<li><a class="reference internal" href="#{fragment}">{words}</a></li>'
    yield "</ul></li></ul>"


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", replace_toctree, priority=BEFORE_FURO)
    app.connect("html-page-context", give_furo_its_tree, priority=AFTER_FURO)
    app.connect("html-page-context", show_generated_toc, priority=AFTER_FURO)
