"""Diagrams in reStructuredText: the directives of a page, told from samples in code and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from textwrap import dedent

from .blocks import Block, read_options

_MARKED = re.compile(r"(?P<lead>[ ]*(?:[-*+][ ]+)*)\.\.[ ]+(?P<rest>.*)$")
_DIRECTIVE = re.compile(r"(?:\|[^|]+\|[ ]+)?(?P<name>[\w:.+-]+)::(?:[ ]+(?P<argument>.*))?$")
_VERBATIM = frozenset(
    "code code-block graphviz highlight math mermaid parsed-literal prompt raw sourcecode".split()
)
"""Directives whose content is shown or handed on, not read as a page."""
_TARGET = re.compile(r"_|\[|\|")
"""How a link's target, a footnote and a substitution begin, which are no comments."""


def read_directives(text: str) -> Iterator[Block]:
    """The diagrams of a page, ours and plain Mermaid; those of samples and comments are none."""
    lines = text.expandtabs(8).split("\n")
    at = 0
    while at < len(lines):
        marked = _MARKED.match(lines[at])
        directive = _DIRECTIVE.match(marked["rest"]) if marked else None
        body = _body(lines, at, len(marked["lead"]) if marked else _indent(lines[at]))
        if marked and directive and directive["name"] in ("atlas-diagram", "mermaid"):
            yield _read(directive, lines[at + 1 : body], at + 1)
        if _hides(lines[at], marked, directive):
            at = body - 1
        at += 1


def _hides(line: str, marked: re.Match[str] | None, directive: re.Match[str] | None) -> bool:
    """True of a line below which stands no page: a sample, a comment, a diagram."""
    if directive:
        return directive["name"] in _VERBATIM or directive["name"] == "atlas-diagram"
    if marked:
        return not _TARGET.match(marked["rest"])
    return line.rstrip().endswith("::")


def _body(lines: Sequence[str], at: int, indent: int) -> int:
    """The line behind what stands below a line, set in further than `indent`."""
    inside = takewhile(lambda line: not line.strip() or _indent(line) > indent, lines[at + 1 :])
    count = len(list(inside))
    while count and not lines[at + count].strip():
        count -= 1
    return at + 1 + count


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _read(directive: re.Match[str], body: Sequence[str], start: int) -> Block:
    inside = dedent("\n".join(body)).split("\n") if body else []
    skip = len([*takewhile(str.strip, inside)]) if inside and inside[0].startswith(":") else 0
    options = read_options(inside[:skip])
    while skip < len(inside) and not inside[skip].strip():
        skip += 1
    return Block(
        id=(directive["argument"] or "").strip(),
        text="\n".join(inside[skip:]),
        line=start + 1 + skip,
        start=start,
        end=start + len(body),
        plain=directive["name"] == "mermaid",
        options=options,
    )
