"""Inline nodes as records of the Typst template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx import addnodes

from atlas.files.printing import (
    label,
    make_fact,
    make_link,
    soften,
)
from atlas.files.reports import Json
from atlas_sphinx.pages.nodes import atlas_ref

if TYPE_CHECKING:
    from .typst_writer import Writer

SCHEME: Final = "%"


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def words(block: Json) -> Iterator[Json]:
    """What a block says, where only words may stand."""
    if isinstance(block, dict) and isinstance(block.get("c"), list):
        yield from block["c"]  # type: ignore[misc]


def _text(writer: Writer, node: Any) -> Iterator[Json]:
    del writer
    yield from soften(flat(node.astext()))


def _code(writer: Writer, node: Any) -> Iterator[Json]:
    yield writer.code(node.astext())


def _styled(kind: str) -> Callable[[Writer, Any], Iterator[Json]]:
    def write(writer: Writer, node: Any) -> Iterator[Json]:
        yield {"k": kind, "c": writer.inlines(node.children)}

    return write


def _plain(writer: Writer, node: Any) -> Iterator[Json]:
    yield from writer.inlines(node.children)


def _target(writer: Writer, node: Any) -> Iterator[Json]:
    yield from writer.marks(node)
    yield from writer.inlines(node.children)


def _reference(writer: Writer, node: Any) -> Iterator[Json]:
    content = writer.inlines(node.children)
    uri = node.get("refuri", "")
    if uri.startswith(SCHEME) or "refid" in node:
        page, _, id = uri.removeprefix(SCHEME).partition("#")
        page = page or writer.docname
        yield {"k": "link", "c": content, "to": label(page, node.get("refid", id)), "doc": page}
    elif uri.startswith(("https:", "http:")):
        shown = node.astext() == uri
        yield {"k": "link", "c": content, "url": uri, "n": 0 if shown else writer.notes.point(uri)}
    elif uri.startswith("mailto:"):
        yield {"k": "link", "c": content, "url": uri, "n": 0}
    else:
        yield from content


def _ref(writer: Writer, node: Any) -> Iterator[Json]:
    target, own_words = node["target"], node.astext()
    if node["role"] != "fact":
        words = own_words or writer.atlas.title_of(target)
        yield make_link(target, words, writer.atlas, writer.notes)
    elif fact := writer.atlas.ledgers.fact(target):
        yield from make_fact(fact, own_words, writer.atlas, writer.notes)
    else:
        yield {"k": "bad", "c": [own_words or target]}


def _footnote_reference(writer: Writer, node: Any) -> Iterator[Json]:
    yield {"k": "super", "c": writer.inlines(node.children)}


def _break(writer: Writer, node: Any) -> Iterator[Json]:
    del writer, node
    yield {"k": "break"}


def nothing(writer: Writer, node: Any, level: int = 0) -> Iterator[Json]:
    del writer, node, level
    yield from ()


def image(writer: Writer, node: Any, level: int) -> Iterator[Json]:
    """A picture of the project; of any other, and of one that is not there, its words."""
    del level
    uri, alt = node["uri"], node.get("alt", "")
    if "://" in uri or uri.startswith("data:") or not re.search(r"\.(png|jpe?g|gif|svg|webp)$", uri):
        yield flat(alt or uri)
        return
    path = writer.pictures[uri] = writer.pictures.get(uri) or writer.keep(uri)
    yield {"k": "image", "path": path, "alt": alt or uri} if path else flat(alt or uri)


INLINES: Final[Mapping[type, Callable[[Writer, Any], Iterable[Json]]]] = MappingProxyType(
    {
        nodes.Text: _text,
        nodes.literal: _code,
        nodes.math: _code,
        nodes.emphasis: _styled("em"),
        nodes.title_reference: _styled("em"),
        nodes.strong: _styled("strong"),
        nodes.subscript: _styled("sub"),
        nodes.superscript: _styled("super"),
        nodes.problematic: _styled("bad"),
        nodes.inline: _plain,
        nodes.abbreviation: _plain,
        nodes.acronym: _plain,
        nodes.generated: _plain,
        nodes.target: _target,
        nodes.reference: _reference,
        addnodes.pending_xref: _plain,
        addnodes.download_reference: _plain,
        nodes.footnote_reference: _footnote_reference,
        nodes.citation_reference: _footnote_reference,
        nodes.image: lambda writer, node: image(writer, node, 0),
        nodes.raw: nothing,
        nodes.comment: nothing,
        nodes.system_message: nothing,
        nodes.substitution_definition: nothing,
        addnodes.index: nothing,
        atlas_ref: _ref,
    }
)
