"""Checks Mermaid and planes without a build: Mermaid files, pages, or standard input (-).

A page is searched for its atlas-diagram blocks and nothing else: samples in code blocks, formulas and what is
commented out are passed over. What needs the ledgers or other pages, such as facts and links, is checked by
a build, and so are pages in reStructuredText. Inside a project its technologies are known, so that digits
typed into labels are found too.

Examples:
  atlas validate source/incidents/github-2018-10-21.md
  pbpaste | atlas validate -
  atlas validate --format sarif $(git ls-files 'source/**.md') > findings.sarif
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from atlas import export, figures, mermaid, planes
from atlas.model import DiagramNote, Finding, Place, Technology

from .project import find_project
from .terminal import RefusalError, Terminal, counted

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
    "code code-block code-cell eval-rst graphviz math mermaid parsed-literal prompt raw sourcecode".split()
)
"""Directives whose content is shown or handed on, not read as a page."""
_PAGES = {".md", ".markdown"}
STDIN = "stdin"


@dataclass(frozen=True, slots=True)
class Block:
    """A Mermaid text: its diagram's id, and the line of the file on which the text begins."""

    id: str
    text: str
    line: int


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="FILE.mmd, a page, or - for standard input")
    parser.add_argument("--format", choices=export.FORMATS, default="text", help="of the findings (text)")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing where all is well")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, 1 where there are findings, or 2 where a file cannot be read."""
    technologies = _read_technologies(args.root)
    findings: list[Finding] = []
    refusals: list[RefusalError] = []
    diagrams = 0
    with terminal.working("atlas: checking") as work:
        for name in args.files:
            work.step(name)
            try:
                blocks = read_blocks(name)
            except RefusalError as refused:
                refusals.append(refused)
                continue
            diagrams += len(blocks)
            for block in blocks:
                findings += check_block(block, name if name != "-" else STDIN, technologies)
    terminal.out.write(export.FORMATS["json" if args.json else args.format](findings))
    if not args.quiet:
        terminal.note(f"{counted(diagrams, 'diagram')}, {counted(len(findings), 'finding')}")
    for refusal in refusals:
        terminal.refuse(refusal)
    return 2 if refusals else int(bool(findings))


def read_blocks(name: str) -> list[Block]:
    """The Mermaid texts of a file. Raises RefusalError where it cannot be read."""
    suffix = Path(name).suffix.lower()
    if suffix == ".rst":
        raise RefusalError(f"{name} is no Markdown", "a build checks pages in reStructuredText")
    text = _read_text(name)
    blocks = list(read_fences(text))
    is_page = suffix in _PAGES or (name == "-" and blocks)
    return blocks if is_page else [Block(Path(name).stem, text, 1)]


def _read_text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise RefusalError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {name}: byte {data[error.start]:#04x} is not UTF-8") from error


def read_fences(text: str) -> Iterator[Block]:
    """The atlas-diagram blocks of a page, without their options; those of samples and comments are none."""
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
            if opened["name"] == "atlas-diagram":
                yield _block(opened["rest"].strip(), inside, first + at + 1)
            elif opened["name"] and opened["name"] not in _VERBATIM:
                yield from _scan(inside, first + at + 1)
            at += len(inside) + 1
        at += 1


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


def _block(id: str, inside: Sequence[str], first: int) -> Block:
    """A diagram without its options: lines that begin with a colon, or what `---` encloses."""
    at = 0
    if inside and inside[0].startswith("---"):
        at = next((n for n, line in enumerate(inside) if n and line.startswith("---")), len(inside)) + 1
    else:
        at = next((n for n, line in enumerate(inside) if not line.lstrip().startswith(":")), len(inside))
    while at < len(inside) and not inside[at].strip():
        at += 1
    return Block(id, "\n".join(inside[at:]), first + min(at, len(inside)))


def check_block(block: Block, path: str, technologies: Iterable[Technology]) -> list[Finding]:
    """The findings of one Mermaid text, by line."""
    place = Place(path, block.line)
    graph, found = mermaid.parse(block.text, place)
    note = DiagramNote(block.id, "", place, block.text, block.line, graph)
    findings = [*found, *planes.check_planes(note), *figures.check_labels(note, technologies)]
    return sorted(findings, key=lambda finding: (finding.place, finding.rule, finding.message))


def _read_technologies(root: Path | None) -> list[Technology]:
    """The technologies of the project around, whose versions labels may hold; none outside of one."""
    from atlas.ledgers import read_technologies
    from atlas.toml import read_document

    try:
        project = find_project(root)
    except RefusalError:
        return []
    paths = sorted(project.source.glob("_data/technologies/*.toml"))
    technologies, _ = read_technologies(read_document(path, project.root)[0] for path in paths)
    return list(technologies.values())
