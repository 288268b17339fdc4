"""Links at the foot of every page to an issue that is filled in already; nothing is sent by itself."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

ASKED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "A number is wrong": ("Wrong number", ("The number, and where it stands", "What its source says")),
        "This did not help": ("No help", ("What you saw (an error, an alert)", "What was missing or wrong")),
    }
)
"""The links, each with the title of its issue and the headings to fill in."""


def render(address: str, title: str, docname: str, build: str) -> str:
    """The links for a page. `address` holds `{title}` and `{body}`, which are filled in percent-encoded."""
    links = []
    for words, (kind, headings) in ASKED.items():
        asked = "".join(f"\n### {heading}\n\n" for heading in headings)
        body = f"Page: {docname}\nBuild: {build}\n{asked}"
        filled = {"{title}": f"{kind}: {title}", "{body}": body}
        href = address
        for name, text in filled.items():
            href = href.replace(name, quote(text, safe=""))
        links.append(f'<a class="reference external" href="{escape(href)}">{words}</a>')
    return f'<p class="atlas-feedback">{" · ".join(links)}</p>\n'


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """At `html-page-context`: below the text of every page that is written, where an address is set."""
    del templatename
    if doctree is not None and app.config.atlas_feedback and "body" in context:
        title = app.env.titles[pagename].astext()
        build = app.config.atlas_build or app.config.release
        context["body"] += render(app.config.atlas_feedback, title, pagename, build)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", offer)
