"""Links between pages by name: noted, since a page that they lead to may come, go or change its title."""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from .domain import domain_of


def note_links(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: the pages that a page links to by name, whose titles it may show."""
    docname = app.env.docname
    found = (_page_of(ref, docname) for ref in doctree.findall(pending_xref))
    if links := tuple(dict.fromkeys(filter(None, found))):
        domain_of(app.env).links[docname] = links


def _page_of(ref: pending_xref, docname: str) -> str:
    """The page that a reference names, whether it is there or not; empty where it names something else."""
    name = str(ref["reftarget"]).partition("#")[0]
    if ref.get("refdomain") == "doc":  # MyST's, for a file that it has found
        return name
    if ref.get("reftype") not in ("doc", "myst") or not name:
        return ""
    return docname_join(docname, name.removesuffix(".md"))


def reread_links(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """At `env-get-outdated`: MyST sees only while reading whether the page that a link names is there."""
    del app, changed
    moved = added | removed
    return [page for page, links in domain_of(env).links.items() if moved.intersection(links)]


MADE = (":~:text=.*", r"L\d+.*")
"""Fragments that addresses of facts have and that no page names: words to be found, lines of code."""


def ignore_made(app: Sphinx, config: Config) -> None:
    """At `config-inited`: `linkcheck` asks for the page, and not for a fragment that it cannot know."""
    del app
    config.linkcheck_anchors_ignore = [*config.linkcheck_anchors_ignore, *MADE]


def setup(app: Sphinx) -> None:
    app.connect("config-inited", ignore_made)
    app.connect("env-get-outdated", reread_links)
    app.connect("doctree-read", note_links)
