"""Checks Mermaid and planes without a build: Mermaid files, pages, or standard input (-).

A page in Markdown or reStructuredText is searched for its atlas-diagram blocks and for plain Mermaid, which
is judged as it is: what `atlas import` would have to ask. Samples in code blocks, formulas and what is
commented out are passed over, and counted where they look like diagrams. What needs the ledgers or other
pages, such as facts and links, is checked by a build. Inside a project its technologies are known, so that
digits typed into labels are found too.

Examples:
  atlas validate source/incidents/github-2018-10-21.md
  pbpaste | atlas validate -
  atlas validate --format sarif $(git ls-files 'source/**.md') > findings.sarif
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter

from atlas.files import reports
from atlas.records.model import Finding, Technology
from atlas_cli.layouts import Where, find_project
from atlas_cli.mermaid_files import (
    check_block,
    count_unread,
    find_misspelt,
    follow,
    read_blocks,
    read_text,
)
from atlas_cli.terminal import RefusalError, Terminal, counted

STDIN = "stdin"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="FILE.mmd, a page, or - for standard input")
    parser.add_argument("--format", choices=reports.FORMATS, default="text", help="of the findings (text)")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing where all is well")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, 1 where there are findings, or 2 where a file cannot be read."""
    technologies = _read_technologies(args.where)
    findings: list[Finding] = []
    refusals: list[RefusalError] = []
    counts: Counter[str] = Counter()
    with terminal.working("atlas: checking") as work:
        for name in args.files:
            work.step(name)
            try:
                findings += _check(name, technologies, counts, refusals)
            except RefusalError as refused:
                refusals.append(refused)
    terminal.put(reports.FORMATS["json" if args.json else args.format](findings))
    if not args.quiet:
        terminal.note(_summary(counts, len(findings)))
    for refusal in refusals:
        terminal.refuse(refusal)
    return 2 if refusals else int(bool(findings))


def _check(
    name: str, technologies: list[Technology], counts: Counter[str], refusals: list[RefusalError]
) -> list[Finding]:
    """The findings of a file, whose blocks are counted. Raises RefusalError where it cannot be read."""
    text, shown = read_text(name), name if name != "-" else STDIN
    blocks = read_blocks(text, name)
    counts["diagrams"] += len(blocks)
    counts["plain"] += sum(block.plain for block in blocks)
    counts["unread"] += count_unread(text, blocks)
    for line, wrong, near in find_misspelt(text):
        message = f"{shown}:{line}: there is no directive {wrong}"
        refusals.append(RefusalError(message, f"did you mean {near}?"))
    found: list[Finding] = []
    for block in blocks:
        whole, place = follow(block, name)
        found += check_block(whole, place if name != "-" else STDIN, technologies)
    return found


def _summary(counts: Counter[str], findings: int) -> str:
    plain = f" ({counts['plain']} plain Mermaid)" if counts["plain"] else ""
    unread = counts["unread"]
    passed = f"; {unread} not read (samples, comments)" if unread else ""
    return f"{counted(counts['diagrams'], 'diagram')}{plain}, {counted(findings, 'finding')}{passed}"


def _read_technologies(where: Where) -> list[Technology]:
    """The technologies of the project around, whose versions labels may hold; none outside of one."""
    from atlas.records.ledgers import read_technologies
    from atlas.records.toml import read_document

    try:
        project = find_project(where)
    except RefusalError:
        return []
    paths = sorted(project.data.glob("technologies/*.toml"))
    technologies, _ = read_technologies(read_document(path, project.root)[0] for path in paths)
    return list(technologies.values())
