"""A content security policy in every page: nothing from another host, nothing inline but what is known.

Themes inline a script and a stylesheet; their hashes are taken from the finished page, so a theme may change
them. `style` attributes cannot be hashed: on SVG they become presentation attributes, elsewhere they go.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader

_INLINE = r"<{0}(?![^>]*\ssrc=)[^>]*>(.*?)</{0}>"
_STYLED = re.compile(r"""(<[A-Za-z][^<>]*?)\sstyle="([^"]*)\"""")
_PRESENTATION = {"display", "opacity"}
_CHARSET = re.compile(r"<meta charset[^>]*>")
_CLIENT_MERMAID = re.compile(
    r'<script type="module">\s*import mermaid from "https:.*?</script>\s*', re.DOTALL
)


class PolicyTemplates(BuiltinTemplateLoader):
    """Sphinx's own templates, whose pages leave with a policy."""

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        return add_policy(super().render(template, context))


def add_policy(page: str) -> str:
    """The page with its policy behind the charset; what has no charset is no page and stays as it is.

    A plain `{mermaid}` fence is drawn in the browser by a script from elsewhere: its page has no policy. The
    same script is put into pages without a document (search, index) as well, where it has nothing to draw.
    """
    without = _CLIENT_MERMAID.sub("", page)
    if not _CHARSET.search(page) or 'class="mermaid' in without:
        return page
    page = _STYLED.sub(_unstyle, without)
    policy = "; ".join(_directives(page))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _CHARSET.sub(lambda charset: charset[0] + meta, page, count=1)


def _directives(page: str) -> Iterator[str]:
    yield "default-src 'self'"
    yield "img-src 'self' data:"
    yield " ".join(("script-src 'self'", *_hashes("script", page)))
    yield " ".join(("style-src 'self'", *_hashes("style", page)))
    yield "object-src 'none'"
    yield "base-uri 'none'"
    yield "form-action 'self'"


def _hashes(tag: str, page: str) -> list[str]:
    bodies = dict.fromkeys(re.findall(_INLINE.format(tag), page, re.DOTALL))
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    return [f"'sha256-{digest}'" for digest in digests]


def _unstyle(found: re.Match[str]) -> str:
    """`style="opacity: 50%"` as `opacity="50%"`."""
    pairs = (part.partition(":") for part in found[2].split(";"))
    kept = {name.strip(): value.strip() for name, _, value in pairs if name.strip() in _PRESENTATION}
    return found[1] + "".join(f' {name}="{value}"' for name, value in kept.items())


def bridge(app: Sphinx, config: Config) -> None:
    """At `config-inited`: a project that has a bridge of its own keeps it, and has no policy."""
    del app
    if not config.template_bridge:
        config.template_bridge = f"{__name__}.{PolicyTemplates.__name__}"


def setup(app: Sphinx) -> None:
    app.connect("config-inited", bridge)
