"""Which pages are the business of the atlas: those that show something of it, and those that conf.py names.

No other page is judged, and none is changed.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.matching import Matcher

from .domain import domain_of
from .pages.nodes import PLACEHOLDERS


def note_scope(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`, ahead of those who judge the page."""
    if any(isinstance(node, PLACEHOLDERS) for node in doctree.findall(nodes.Element)):
        domain_of(app.env).showing[app.env.docname] = True


def is_judged(env: BuildEnvironment, docname: str) -> bool:
    """Whether a page that has been read answers to the rules for prose, links and raw HTML."""
    return docname in domain_of(env).showing or Matcher(env.config.atlas_pages)(docname)


def has_parts(app: Sphinx, pagename: str) -> bool:
    """Whether a file that is written shows something of the atlas; `singlehtml` writes one for all pages."""
    showing = domain_of(app.env).showing
    return bool(showing) if isinstance(app.builder, SingleFileHTMLBuilder) else pagename in showing


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_scope, priority=50)
