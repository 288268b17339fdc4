"""Checks Mermaid and planes without a build: Mermaid files, pages, or standard input (-).

A page is searched for its atlas-diagram blocks and nothing else; what needs the ledgers or other pages, such
as facts and links, is checked by a build. Inside a project its technologies are known, so that digits typed
into labels are found too.

Examples:
  atlas validate source/incidents/github-2018-10-21.md
  pbpaste | atlas validate -
  atlas validate --format sarif $(git ls-files 'source/**.md') > findings.sarif
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from atlas import export, figures, mermaid, planes
from atlas.model import DiagramNote, Finding, Place, Technology

from .project import find_project
from .terminal import RefusalError, Terminal, counted

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,})\{atlas-diagram\}[ \t]*(?P<id>.*)$")
_OPTION = re.compile(r"^\s*:[\w-]+:")
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
    """0, or 1 where there are findings."""
    technologies = _read_technologies(args.root)
    findings: list[Finding] = []
    diagrams = 0
    with terminal.working("atlas: checking") as work:
        for name in args.files:
            work.step(name)
            blocks = read_blocks(name)
            diagrams += len(blocks)
            for block in blocks:
                findings += check_block(block, name if name != "-" else STDIN, technologies)
    terminal.out.write(export.FORMATS["json" if args.json else args.format](findings))
    if not args.quiet:
        terminal.note(f"{counted(diagrams, 'diagram')}, {counted(len(findings), 'finding')}")
    return 1 if findings else 0


def read_blocks(name: str) -> list[Block]:
    """The Mermaid texts of a file. Raises RefusalError where it cannot be read."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode().replace("\r\n", "\n")
    except OSError as error:
        raise RefusalError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {name}: byte {data[error.start]:#04x} is not UTF-8") from error
    is_page = name.endswith(".md") or (name == "-" and any(map(_FENCE.match, text.split("\n"))))
    return list(read_fences(text)) if is_page else [Block(Path(name).stem, text, 1)]


def read_fences(text: str) -> Iterator[Block]:
    """The atlas-diagram blocks of a page, without their options."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        opened = _FENCE.match(lines[at])
        at += 1
        if opened:
            end = _end_of(lines, at, opened["fence"])
            start = next((n for n in range(at, end) if not _OPTION.match(lines[n])), end)
            while start < end and not lines[start].strip():
                start += 1
            indent = len(opened["indent"])
            body = [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[start:end]]
            yield Block(opened["id"].strip(), "\n".join(body), start + 1)
            at = end + 1


def _end_of(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence, or that after the last one."""
    closing = re.compile(rf"^ *{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    return next((n for n in range(start, len(lines)) if closing.match(lines[n])), len(lines))


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
