"""What must not be on a page: raw HTML that acts, links elsewhere than to https, hidden characters.

Every link passes one check, be it of MyST, of reStructuredText, of a button, a card, a picture or raw HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from atlas.records.addresses import fault_of_link
from atlas.records.characters import check_characters, unseen_in
from atlas.records.model import Finding, Place
from atlas.rules.markup import check_markup, refuse_link
from atlas_sphinx.pages.nodes import PLACEHOLDERS

from .domain import domain_of
from .places import place_of, project_path
from .scope import is_judged

_ADDRESSES = ("refuri", "uri", "href", "url", "link", "src", "sources")
_UNRESOLVED = (addnodes.pending_xref, addnodes.download_reference)
_NEVER = ("javascript:", "vbscript:", "data:", "file:", "blob:", "http:", "https:", "//", "\\\\")
_NO_LINK = re.compile(r"\](?:\(|:)\s*<?((?:javascript|vbscript|data|file):[^\s)>]*)", re.IGNORECASE)
"""What MyST takes for no link and shows as it is written."""
_CODE = (nodes.literal, nodes.FixedTextElement)
_REFRESH = "write a link: who reads decides where to go"


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: PAGE001, PAGE002 and LINK002 of the page as it is written, and what it became."""
    docname = app.env.docname
    if is_judged(app.env, docname):
        found = dict.fromkeys(_check(doctree, app.env, app.config.atlas_raw_html))
        domain_of(app.env).note_findings(docname, [*_check_source(app.env, docname), *found])


def _check_source(env: BuildEnvironment, docname: str) -> Iterator[Finding]:
    text = Path(env.doc2path(docname)).read_text(encoding="utf-8-sig", errors="replace")
    yield from check_characters("PAGE002", text, project_path(env, docname))


def _check(doctree: nodes.document, env: BuildEnvironment, choice: str) -> Iterator[Finding]:
    for node in doctree.findall(nodes.Element):
        place = place_of(env, node)
        if isinstance(node, nodes.raw):
            if "html" in node.get("format", "").split():
                yield from check_markup(node.astext(), place, choice)
        elif isinstance(node, nodes.meta):
            yield from _check_meta(node, place)
        elif not isinstance(node, PLACEHOLDERS):
            for link in _links(node):
                if fault := fault_of_link(link, picture=isinstance(node, nodes.image)):
                    yield refuse_link(link, fault, place)
    yield from _check_words(doctree, env)


def _check_meta(node: nodes.meta, place: Place) -> Iterator[Finding]:
    if name := node.get("http-equiv"):
        yield Finding("PAGE001", f"a header of the page is set: {name}", place, _REFRESH)


def _links(node: nodes.Element) -> Iterator[str]:
    """What a node leads to or loads, whatever directive or extension made it."""
    if isinstance(node, addnodes.toctree):
        yield from (target for _, target in node["entries"] if ":" in target)
    elif isinstance(node, _UNRESOLVED):
        target = str(node.get("reftarget", ""))
        if target.strip().lower().startswith(_NEVER):
            yield target
    else:
        for name in _ADDRESSES:
            value = node.get(name)
            found = value if isinstance(value, list) else [value]
            yield from (link for link in found if isinstance(link, str))


def _check_words(doctree: nodes.document, env: BuildEnvironment) -> Iterator[Finding]:
    """PAGE002 of entities and of included files; LINK002 of what MyST shows as it is written."""
    for text in doctree.findall(nodes.Text):
        for link in () if isinstance(text.parent, _CODE) else _NO_LINK.findall(text):
            yield refuse_link(link, fault_of_link(link), place_of(env, text.parent))
        for _, what in unseen_in(text):
            message = f"{what} changes what follows, or hides in it"
            yield Finding("PAGE002", message, place_of(env, text.parent), "delete it")


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_page, priority=100)  # ahead of those who download and replace
