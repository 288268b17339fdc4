"""A content security policy in every page: nothing from another host, nothing inline but what is known.

Known are the scripts and styles that the theme's own templates hold, filled in as the theme fills them in,
and those that conf.py or an extension names. The finished page, with what authors wrote, is never asked.
`style` attributes cannot be hashed: on SVG they become presentation attributes, elsewhere they go.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Template, TemplateError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util import logging

logger = logging.getLogger(__name__)

_INLINE = re.compile(r"<(script|style)\b(?![^>]*\ssrc\s*=)[^>]*>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_FILLED_IN = re.compile(r"\{[{%#]")
_DEFINES = re.compile(
    r"\{%-?\s*macro\b.*?\{%-?\s*endmacro\s*-?%\}|\{%-?\s*(?:set\s+\w+\s*=|import\b|from\b).*?%\}", re.DOTALL
)
_EDGE = "\0"  # so that nothing is trimmed
_STYLED = re.compile(r"""(<[A-Za-z][^<>]*?)\sstyle="([^"]*)\"""")
_PRESENTATION = {"display", "opacity"}
_CHARSET = re.compile(r"<meta charset[^>]*>")
_ADDRESS = re.compile(r"https?://[^\s\"'`\\]+")
_CLIENT_MERMAID = re.compile(
    r'<script type="module">\s*import mermaid from "https:.*?</script>\s*', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a page may use besides files of this site: inline texts, hosts of scripts and of sheets."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


class PolicyTemplates(BuiltinTemplateLoader):
    """Sphinx's own templates, whose pages leave with a policy."""

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        page = super().render(template, context)
        if context.get("embedded") or not _CHARSET.search(page):  # a book or a help file is no page of a site
            return page
        page = drop_idle_mermaid(page)
        return add_policy(page, self._known(page, context))

    def _known(self, page: str, context: Mapping[str, Any]) -> Known:
        texts: dict[str, list[str]] = {"script": [], "style": []}
        for tag, text in chain(self._inline.plain, self._inline.fill_in(context)):
            texts[tag].append(text)
        scripts, sheets = context.get("script_files", ()), context.get("css_files", ())
        bodies = [body for body in _bodies(scripts) if body in page]
        hosts = dict.fromkeys(host for text in (*_addresses(scripts), *bodies) for host in _hosts(text))
        looks = dict.fromkeys(host for text in _addresses(sheets) for host in _hosts(text))
        return Known((*texts["script"], *bodies), tuple(texts["style"]), tuple(hosts), tuple(looks))

    @cached_property
    def _inline(self) -> Inline:
        folders = dict.fromkeys(f for loader in self.loaders for f in loader.searchpath)
        files = (path for folder in folders for path in sorted(Path(folder).rglob("*.html")))
        return Inline((path.read_text(encoding="utf-8", errors="replace") for path in files), self)


class Inline:
    """The scripts and styles that stand in templates: `plain` as they are, others to be filled in."""

    def __init__(self, sources: Iterable[str], loader: BuiltinTemplateLoader) -> None:
        self.plain: list[tuple[str, str]] = []
        self._filled: list[tuple[str, Template]] = []
        for source in sources:
            defined = "".join(found[0] for found in _DEFINES.finditer(source))
            for tag, text in _INLINE.findall(source):
                if not _FILLED_IN.search(text):
                    self.plain.append((tag.lower(), text))
                    continue
                try:
                    template = loader.environment.from_string(f"{defined}{_EDGE}{text}{_EDGE}")
                except TemplateError:  # a part of a template that cannot stand alone
                    continue
                self._filled.append((tag.lower(), template))

    def fill_in(self, context: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for tag, template in self._filled:
            try:
                yield tag, template.render(context).split(_EDGE)[1]
            except (TemplateError, TypeError, ValueError, LookupError, AttributeError):
                continue  # what it needs is not there, so that it is on no such page


def _bodies(files: Iterable[Any]) -> Iterator[str]:
    """The texts of the inline scripts that conf.py or an extension names."""
    yield from filter(None, (getattr(file, "attributes", {}).get("body") for file in files))


def _addresses(files: Iterable[Any]) -> Iterator[str]:
    """The files of other hosts that conf.py or an extension names."""
    names = (str(getattr(file, "filename", file) or "") for file in files)
    yield from (name for name in names if _ADDRESS.match(name))


def _hosts(text: str) -> Iterator[str]:
    """The hosts of an address, or of those that a script of the project loads more from."""
    for address in _ADDRESS.findall(text):
        parts = urlsplit(address)
        yield f"{parts.scheme}://{parts.netloc}"


def drop_idle_mermaid(page: str) -> str:
    """The page without the script that draws plain fences, where there is nothing to draw (search, index)."""
    without = _CLIENT_MERMAID.sub("", page)
    return page if 'class="mermaid' in without else without


def add_policy(page: str, known: Known) -> str:
    """The page with its policy behind the charset; what has no charset is no page and stays as it is."""
    policy = "; ".join(_directives(known))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = _STYLED.sub(_unstyle, page)
    return _CHARSET.sub(lambda charset: charset[0] + meta, page, count=1)


def _directives(known: Known) -> Iterator[str]:
    hosts = known.hosts
    looks = dict.fromkeys((*known.sheets, *hosts))
    yield "default-src 'self'"
    yield "img-src 'self' data:"
    yield " ".join(("script-src 'self'", *hosts, *_hashes(known.scripts)))
    if hosts:  # what they draw (mathematics, plain fences) they style as they go; hashes would forbid it
        yield " ".join(("style-src 'self' 'unsafe-inline'", *looks))
        yield " ".join(("connect-src 'self'", *hosts))
        yield " ".join(("worker-src 'self' blob:", *hosts))
    else:
        yield " ".join(("style-src 'self'", *looks, *_hashes(known.styles)))
    if looks:
        yield " ".join(("font-src 'self' data:", *looks))
    yield "object-src 'none'"
    yield "base-uri 'none'"
    yield "form-action 'self'"


def _hashes(texts: Iterable[str]) -> list[str]:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(digests)]


def _unstyle(found: re.Match[str]) -> str:
    """`style="opacity: 50%"` as `opacity="50%"`."""
    pairs = (part.partition(":") for part in found[2].split(";"))
    kept = {name.strip(): value.strip() for name, _, value in pairs if name.strip() in _PRESENTATION}
    return found[1] + "".join(f' {name}="{value}"' for name, value in kept.items())


def bridge(app: Sphinx, config: Config) -> None:
    """At `config-inited`, where a policy is asked for: a project with a bridge of its own keeps that."""
    del app
    if config.atlas_csp and config.template_bridge:
        logger.warning("atlas_csp has no effect beside template_bridge", type="atlas", subtype="config")
    elif config.atlas_csp:
        config.template_bridge = f"{__name__}.{PolicyTemplates.__name__}"


def setup(app: Sphinx) -> None:
    app.connect("config-inited", bridge)
