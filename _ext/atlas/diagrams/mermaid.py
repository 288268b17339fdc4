"""What a Mermaid text says, and what is not lawful in it: the door to merman's parser.

merman is a young engine, so it is pinned exactly, and its errors leave here as `EngineError`. Where it has no
wheel for the platform, importing this module still works, and `parse` says so in a finding.
"""

from __future__ import annotations

import atexit
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from atlas.records.model import Finding, Place
from atlas.records.notes import Graph

from .graph import KINDS, Model, read_graph
from .pitfalls import find_pitfalls
from .wording import ICON, NONCHARACTERS, bare, shelter

# Two of the engine's parsers are quadratic in the length of the text.
MAX_BYTES: Final = 50_000
MAX_PARTS: Final = 300
"""Boxes, groups, arrows and words on arrows; from about 400 on the engine may give up while drawing."""
RESOURCES: Final = {
    "profile": "constrained",
    "limits": {
        "max_layout_work_units": 14_100_000,
        "max_source_bytes": MAX_BYTES + 1,
    },  # and the last newline
}

_LAWFUL: Final = "write a flowchart, a stateDiagram-v2 or a sequenceDiagram"
_QUOTES: Final = "put labels in double quotes, with no double quote in them"
_SETTINGS: Final = "delete it: theme, layout, fonts and security are the same for all diagrams"
_TITLE: Final = "delete it: the title is the option :title: of the directive"
_NO_SEMICOLON: Final = "write no `;` in a message: it ends a statement"
_UNCLOSED_FENCE: Final = "close its fence, with as many backticks or colons as it begins with"
_PAGE_BELOW = re.compile(r"^(?:#{1,6} \S|:{3,}\{|`{3,})", re.MULTILINE)
"""A heading or a fence of a page, which no line of a diagram begins like."""
_RESERVED: Final = "`end` closes a group: give the box another name"
_ITEMS = '"semantic_items":'
_NOISE = re.compile(r"^Diagram parse error \([\w-]+\): | at \d+$")
_UNWRITABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff{NONCHARACTERS}\ufffe\uffff]")
_DIRECTIVE = re.compile(r"%%\{(?:(?!%%\{|\}%%).)*+\}%%", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)(?<=\n)[ \t]*---[ \t]*(?:\n|\Z)", re.DOTALL)
_SETTING = re.compile(r"^[ \t]*([\w-]+)[ \t]*:", re.MULTILINE)
_HIDDEN = re.compile(r"^[ \t]*(accTitle|accDescr)\b", re.MULTILINE)
_CLICK = re.compile(
    r"^[ \t]*click[ \t]+([^\s,\"]++(?:[ \t]*+,[ \t]*+[^\s,\"]++)*+)[ \t]*+(.*)$", re.MULTILINE
)
_ADDRESS = re.compile(r'(?:href\s+)?"')
_LINK = re.compile(r'(?:href\s+)?"([^"\n]*)"([^%\n]*)')
_PICTURE = re.compile(
    r"<a\s[^<>]*href|<(?:img|svg|script|style|iframe|object|embed)\s[^<>]*=|</(?:svg|script|style|iframe)\s*>"
    r"|@\{[^{}]*\b(?:img|icon)\s*:",
    re.IGNORECASE,
)
_END_AS_NAME = re.compile(r"(?:^|[\s>|&])end\s*[\[({>]|[->=.]\s*end\b")
_COMMENT = re.compile(r"^[ \t]*+%%.*$", re.MULTILINE)


class EngineError(Exception):
    """What the engine refused: the byte at which it stopped and the type of diagram, where it knows them."""

    def __init__(self, message: str, at: int | None = None, kind: str | None = None) -> None:
        super().__init__(message, at, kind)
        self.message, self.at, self.kind = message, at, kind

    def __str__(self) -> str:
        return self.message


class EngineMissingError(EngineError):
    """There is no engine on this platform."""


def parse(text: str, place: Place) -> tuple[Graph | None, tuple[Finding, ...]]:
    """The graph of a text that begins at `place` (path and line of the page), and all findings on it.

    There is no graph where the text does not parse. Lines in findings are those of the page, lines in the
    graph count from 1. Never raises.
    """
    page = _Page(text, place)
    findings = [*_check_text(page), *_check_unseen(page)]
    if any(finding.rule not in ("MERMAID004", "MERMAID008") for finding in findings):
        return None, tuple(findings)
    sheltered = shelter(text)
    try:
        model = read_model(sheltered)
        if model["type"] not in KINDS:
            return None, (*findings, _unlawful(page))
        graph = read_graph(model, sheltered, _read_items(sheltered))
    except EngineMissingError as error:
        return None, (
            *findings,
            page.finding("MERMAID007", error.message, 1, "build on one that has a wheel"),
        )
    except EngineError as error:
        return None, (*findings, _explain(page, sheltered, error))
    findings += [
        page.finding("MERMAID011", message, line, hint) for line, message, hint in find_pitfalls(text, graph)
    ]
    if not graph.nodes:
        findings.append(page.finding("MERMAID003", "the diagram has no node", 1, "draw at least one"))
    return graph, (*findings, *_check_parts(page, graph), *_check_clicks(page, graph))


def read_model(text: str) -> dict[str, Any]:
    """A sheltered diagram, parsed, as the engine has it. Raises EngineError."""
    model: dict[str, Any] = json.loads(ask(_parser(), "parse_json", text))
    return model


def draw_text(text: str, *, plain: bool = False) -> str:
    """The diagram in box-drawing characters, or with `plain` in ASCII.

    Raises EngineError, also for the many diagrams that the engine cannot lay out in characters.
    """
    options = {"ascii": {"charset": "ascii" if plain else "unicode", "trim_trailing_spaces": True}}
    return bare(ask(_parser(), "render_ascii", shelter(without_settings(text)), options))


def without_settings(text: str) -> str:
    """The text without front matter and directives, so that nothing in it changes how it is drawn."""
    return _DIRECTIVE.sub("", _FRONT_MATTER.sub("", text))


# The engine --------------------------------------------------------------------------------------


@cache
def load_engine() -> ModuleType:
    """The module merman. Raises EngineMissingError where there is none."""
    try:
        import merman  # type: ignore[import-untyped]
    except ImportError as error:
        raise EngineMissingError("no drawing engine on this platform") from error
    module: ModuleType = merman
    return module


def ask(engine: Any, method: str, text: str, options: Model | None = None) -> str:
    """What a method of an engine answers to a text. Raises EngineError."""
    try:
        answer: str = getattr(engine, method)(f"{text}\n", json.dumps(options) if options else None)
    except load_engine().MermanError as error:
        seen = error.diagnostic
        at = seen.span.start if seen and seen.span and seen.span.kind != "fallback" else None
        raise EngineError(error.message, at, seen and seen.diagram_type) from error
    return answer


@cache
def _parser() -> Any:
    """An engine that measures no text, which may be asked by several threads at once."""
    merman = load_engine()
    return merman.MermanEngine(
        json.dumps({"version": 2, "resources": RESOURCES}), merman.MermanEngineServices()
    )


# An engine that outlives its library cannot be freed, and says so on standard error.
atexit.register(_parser.cache_clear)


def _read_items(text: str) -> list[Model]:
    """Where things stand in a text: a tenth of what the engine tells of it, so only that is decoded."""
    told = ask(_parser(), "analysis_facts_json", text)
    items: list[Model]
    items, _ = json.JSONDecoder().raw_decode(told, told.index(_ITEMS) + len(_ITEMS))
    return items


# Findings --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """The text, and where on a page it begins."""

    text: str
    place: Place

    def finding(self, rule: str, message: str, line: int, hint: str) -> Finding:
        """A finding on a line of the text."""
        return Finding(rule, message, Place(self.place.path, max(self.place.line, 1) + line - 1), hint)

    def line_at(self, index: int) -> int:
        """The line of a character; behind the last word, that of the last word."""
        return self.text.count("\n", 0, min(index, len(self.text.rstrip()))) + 1


def _check_text(page: _Page) -> Iterator[Finding]:
    """What can be told without the engine."""
    text = page.text
    for found in _UNWRITABLE.finditer(text):
        message = f"U+{ord(found[0]):04X} is no character that a page can hold"
        yield page.finding("MERMAID001", message, page.line_at(found.start()), "delete it")
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        message = f"the diagram has {size:,} bytes, more than {MAX_BYTES:,}"
        yield page.finding("MERMAID005", message, 1, "split it into several diagrams")
    if not _COMMENT.sub("", without_settings(text)).strip():
        yield page.finding("MERMAID003", "the diagram has no text", 1, _LAWFUL)
    for found in _DIRECTIVE.finditer(text):
        yield page.finding("MERMAID004", "a directive sets options", page.line_at(found.start()), _SETTINGS)
    if matter := _FRONT_MATTER.match(text):
        for found in _SETTING.finditer(matter[1]):
            line = page.line_at(matter.start(1) + found.start(1))
            hint = _TITLE if found[1] == "title" else _SETTINGS
            yield page.finding("MERMAID004", f"front matter sets “{found[1]}”", line, hint)


def _check_unseen(page: _Page) -> Iterator[Finding]:
    """What is written and would be shown nowhere."""
    for found in _HIDDEN.finditer(page.text):
        hint = "write it as :alt:, which is checked and read out"
        yield page.finding("MERMAID004", f"“{found[1]}” is not shown", page.line_at(found.start(1)), hint)
    text = _COMMENT.sub(_blank, page.text)
    for found in sorted([*_PICTURE.finditer(text), *ICON.finditer(text)], key=lambda found: found.start()):
        message = "a link, picture, icon or script in a label is not shown"
        hint = 'write words, and link a node by `click NODE "id"`'
        yield page.finding("MERMAID008", message, page.line_at(found.start()), hint)


def _check_parts(page: _Page, graph: Graph) -> Iterator[Finding]:
    count = len(graph.nodes) + len(graph.groups) + sum(2 if edge.label else 1 for edge in graph.edges)
    if graph.kind != "sequence" and count > MAX_PARTS:
        message = f"the diagram has {count:,} boxes, groups, arrows and words on them, more than {MAX_PARTS}"
        yield page.finding("MERMAID005", message, 1, "split it into several diagrams")


def _check_clicks(page: _Page, graph: Graph) -> Iterator[Finding]:
    """LINK003: clicks on nodes that there are not, and calls of functions, which no page has."""
    known = {node.id for node in graph.nodes}
    for found in _CLICK.finditer(page.text) if graph.kind != "sequence" else ():
        line = page.line_at(found.start(1))
        for name in re.split(r"\s*,\s*", found[1]):
            if name not in known:
                hint = "name a node of the diagram"
                yield page.finding("LINK003", f"click on the unknown node {name}", line, hint)
        if not _ADDRESS.match(found[2]):
            hint = 'write `click NODE "id"`, or delete it'
            yield page.finding("LINK003", f"click on {found[1]} calls a function", line, hint)
        elif not (link := _LINK.match(found[2])) or not link[1].strip():
            hint = 'write `click NODE "id"` with the id or https address that it leads to, or delete it'
            yield page.finding("LINK003", f"click on {found[1]} leads nowhere", line, hint)
        elif re.search(r"\d", link[2]):
            hint = 'drop what stands behind the id: `click NODE "id"`'
            yield page.finding("LINK003", f"click on {found[1]} has a tip with a typed number", line, hint)


def _blank(found: re.Match[str]) -> str:
    """As many spaces, so that what follows keeps its place."""
    return re.sub(r"\S", " ", found[0])


def _unlawful(page: _Page) -> Finding:
    rest = page.text
    for preamble in (_FRONT_MATTER, _DIRECTIVE, _COMMENT):
        rest = preamble.sub(_blank, rest)
    start = len(rest) - len(rest.lstrip())
    message = f"“{rest.split()[0]}” is no lawful type of diagram"
    return page.finding("MERMAID002", message, page.line_at(start), _LAWFUL)


def _explain(page: _Page, sheltered: str, error: EngineError) -> Finding:
    """The engine's message, on the line where it stopped or on the first that brings it about."""
    if error.kind and error.kind not in KINDS:
        return _unlawful(page)
    if runs_on := _PAGE_BELOW.search(page.text):
        line = page.line_at(runs_on.start())
        return page.finding("MERMAID001", "the diagram runs on into the text below it", line, _UNCLOSED_FENCE)
    if error.at is None:
        line = _first_line(sheltered, error.message)
    else:
        ahead = sheltered.encode()[: error.at].decode(errors="ignore")
        line = _Page(sheltered, page.place).line_at(len(ahead))
    hint = _hint(page.text.split("\n")[line - 1], error)
    return page.finding("MERMAID001", bare(_NOISE.sub("", error.message)), line, hint)


def _hint(line: str, error: EngineError) -> str:
    """How to mend the line on which the engine stopped."""
    if error.kind == "sequence" and ";" in line:
        return _NO_SEMICOLON
    if error.kind == "flowchart-v2" and _END_AS_NAME.search(line):
        return _RESERVED
    return _QUOTES if error.kind else _LAWFUL


def _first_line(text: str, message: str) -> int:
    """The line that brings the engine to a message, found by halving."""
    lines = text.split("\n")
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        if _complaint("\n".join(lines[:middle])) == message:
            high = middle
        else:
            low = middle + 1
    return low


def _complaint(text: str) -> str:
    try:
        read_model(text)
    except EngineError as error:
        return error.message
    return ""
