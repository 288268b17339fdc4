"""Files that hold Mermaid: pages in Markdown and reStructuredText, and files of Mermaid alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from atlas.diagrams import mermaid, planes
from atlas.records.model import Finding, Place, Technology
from atlas.records.notes import DiagramNote
from atlas.rules import figures

from .blocks import Block
from .fences import read_fences
from .rst_blocks import read_directives
from .terminal import RefusalError

MARKDOWN, RST, MERMAID = {".md", ".markdown"}, {".rst"}, {".mmd", ".mermaid"}
DIRECTIVES = ("atlas-command", "atlas-diagram", "atlas-timeline", "atlas-toctree", "atlas-view")
_NO_PAGES = ("_", ".")
"""How folders begin that hold no pages: data, templates, what was built."""
_OPENED = re.compile(
    r"^\W*(?:(?:`{3,}|~{3,})[ \t]*\{?mermaid\b|\.\. mermaid::)", re.MULTILINE | re.IGNORECASE
)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)[ \t]*(?:#+|\{[^}]*\})?[ \t]*$")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKUP = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\))?")
_NAMED = re.compile(r"^\W*(?:[`~:]{3,}[ \t]*\{(atlas[\w-]*)\}|\.\. (atlas[\w-]*)::)", re.MULTILINE)


def read_text(name: str) -> str:
    """What a file says, or with `-` standard input. Raises RefusalError."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise RefusalError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {name}: byte {data[error.start]:#04x} is not UTF-8") from error


def read_blocks(text: str, name: str) -> list[Block]:
    """The diagrams of a page; all of a text that is no page is one. Standard input is what it looks like."""
    suffix = Path(name).suffix.lower()
    if suffix in RST:
        return list(read_directives(text))
    blocks = list(read_fences(text))
    if name == "-" and not blocks:
        blocks = list(read_directives(text))
    is_page = suffix in MARKDOWN or (name == "-" and blocks)
    return blocks if is_page else [Block(Path(name).stem, text, 1)]


def page_files(folder: Path) -> list[Path]:
    """The pages of a folder and of those in it, but for data, templates and what was built, in order."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found += [] if path.name.startswith(_NO_PAGES) else page_files(path)
        elif path.suffix.lower() in {*MARKDOWN, *RST}:
            found.append(path)
    return found


def follow(block: Block, page: str) -> tuple[Block, str]:
    """A block with its text, and the file that holds that: `{mermaid} FILE` names one beside its page.

    Raises RefusalError.
    """
    if not block.plain or not block.id or block.text.strip():
        return block, page
    beside = Path(page).parent / block.id.lstrip("/")
    return replace(block, text=read_text(str(beside)), line=1), str(beside)


def read_headings(text: str, *, rst: bool) -> list[tuple[int, str]]:
    """Line and words of each heading of a page, in order."""
    lines = text.split("\n")
    if rst:
        pairs = enumerate(pairwise(lines), 1)
        return [(n, line.strip()) for n, (line, below) in pairs if line.strip() and _UNDERLINE.match(below)]
    found: list[tuple[int, str]] = []
    fence = ""
    for number, line in enumerate(lines, 1):
        if mark := _CODE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and (heading := _HEADING.match(line)):
            found.append((number, _MARKUP.sub(r"\1", heading[1])))
    return found


def count_unread(text: str, blocks: Iterable[Block]) -> int:
    """How many plain blocks look like such and were not read: they stand in samples, comments or HTML."""
    return max(len(_OPENED.findall(text)) - sum(block.plain for block in blocks), 0)


def find_misspelt(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, name and the near name of each directive that is almost one of ours."""
    for found in _NAMED.finditer(text):
        name = found[1] or found[2]
        near = get_close_matches(name, DIRECTIVES, n=1, cutoff=0.8)
        if near and name not in DIRECTIVES:
            yield text.count("\n", 0, found.start(found.lastindex or 0)) + 1, name, near[0]


def check_block(block: Block, path: str, technologies: Iterable[Technology]) -> list[Finding]:
    """The findings of one Mermaid text, by line."""
    place = Place(path, block.line)
    graph, found = mermaid.parse(block.text, place)
    note = DiagramNote(block.id, "", place, block.text, block.line, graph)
    findings = [*found, *planes.check_planes(note), *figures.check_labels(note, technologies)]
    return sorted(findings, key=lambda finding: (finding.place, finding.rule, finding.message))
