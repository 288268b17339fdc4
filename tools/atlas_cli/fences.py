"""Diagrams in Markdown: the fences of a page, told from samples in code, formulas and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from .blocks import Block, read_options, without_options
from .rst_blocks import read_directives

_FENCE = re.compile(
    r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[\w:-]+)\})?[ \t]*(?P<rest>.*)$"
)
_ITEM = re.compile(r" {0,3}(?:[-*+:~]|\d{1,9}[.)])(?: {1,4}(?=[^ ])| )")
"""How an item of a list begins, or a definition; behind more blanks than four stands code."""
_QUOTE = re.compile(r" {0,3}> ?")
_MATH = re.compile(r" {0,3}\$\$(?!.*\$\$)")
_END_OF_MATH = re.compile(r"\$\$\s*(?:\([^)]+\)\s*)?$")
_HTML = re.compile(r" {0,3}<(?P<what>!--|(?:pre|script|style|textarea)\b)", re.IGNORECASE)
_VERBATIM = frozenset(
    "code code-block code-cell graphviz math mermaid parsed-literal prompt raw sourcecode".split()
)
"""Directives whose content is shown or handed on, not read as a page."""
_RST = ("eval-rst", "eval_rst")
"""Names of blocks that hold reStructuredText, the second that of an older parser."""


def read_fences(text: str) -> Iterator[Block]:
    """The diagrams of a page, ours and plain Mermaid; those of samples and comments are none."""
    return _scan(text.expandtabs(4).split("\n"), 1)


def _scan(lines: Sequence[str], first: int) -> Iterator[Block]:
    """The blocks of lines, which begin on the line `first` of their file."""
    at, items = 0, [0]
    while at < len(lines):
        line, items = lines[at], _items(lines[at], items)
        column = items[-1]
        if html := _HTML.match(line, column):
            at = _end_of_html(lines, at, html["what"].lower())
        elif _MATH.match(line, column):
            at = _end_of_math(lines, at)
        elif _QUOTE.match(line, column):
            inside = _quoted(lines[at:], column)
            yield from _scan(inside, first + at)
            at += len(inside) - 1
        elif opened := _FENCE.match(line, column):
            inside = _inside(lines, at + 1, opened)
            closed = at + len(inside) + 1 < len(lines)
            yield from _read(opened, inside, first + at, closed=closed)
            at += len(inside) + 1
        at += 1


def _read(opened: re.Match[str], inside: Sequence[str], start: int, *, closed: bool) -> Iterator[Block]:
    """The diagram that a fence holds, or those of the page that a directive holds."""
    name, rest, fence = opened["name"], opened["rest"].strip(), opened["fence"]
    end = start + len(inside) + closed
    if name in ("atlas-diagram", "mermaid"):
        skip = without_options(inside)
        text, options = "\n".join(inside[skip:]), read_options(inside[:skip])
        yield Block(rest, text, start + 1 + skip, start, end, fence, name == "mermaid", closed, options)
    elif name is None and fence[0] != ":" and rest.partition(" ")[0].lower() == "mermaid":
        yield Block("", "\n".join(inside), start + 1, start, end, fence, plain=True, closed=closed)
    elif (name or rest) in _RST:
        found = read_directives("\n".join(inside))
        yield from (replace(b, line=b.line + start, start=b.start + start, end=b.end + start) for b in found)
    elif name and name not in _VERBATIM:
        yield from _scan(inside, start + 1)


def _items(line: str, around: Sequence[int]) -> list[int]:
    """The columns at which the page and each item of a list begin that a line stands in or opens."""
    if not line.strip():
        return [*around]
    items = [column for column in around if column <= _indent(line)]
    while item := _ITEM.match(f"{line} ", items[-1]):
        items.append(item.end())
    return items


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _quoted(lines: Sequence[str], column: int) -> list[str]:
    """The lines of a quote, without its marks."""
    marks = (_QUOTE.match(line, column) for line in lines)
    return [line[mark.end() :] for line, mark in zip(lines, takewhile(bool, marks), strict=False) if mark]


def _inside(lines: Sequence[str], start: int, opened: re.Match[str]) -> list[str]:
    """The lines of a fence up to the one that closes it."""
    closing = re.compile(rf" *{re.escape(opened['fence'][0])}{{{len(opened['fence'])},}}\s*$")
    inside = takewhile(lambda line: not closing.match(line), lines[start:])
    return [line[min(opened.start("fence"), _indent(line)) :] for line in inside]


def _end_of_math(lines: Sequence[str], start: int) -> int:
    """The line that ends a formula, or the one on which it begins where none does."""
    return next((n for n in range(start + 1, len(lines)) if _END_OF_MATH.search(lines[n])), start)


def _end_of_html(lines: Sequence[str], start: int, what: str) -> int:
    """The line that ends a comment or a raw element, or the last one."""
    closing = "-->" if what == "!--" else f"</{what}>"
    return next((n for n in range(start, len(lines)) if closing in lines[n].lower()), len(lines) - 1)
