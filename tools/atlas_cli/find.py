"""Finds the page that answers what you see: paste a log line, a stack trace, an alert, a symptom, a product.

Exact error strings come first, then alert names, then symptoms, then all other words. Times, ids, addresses
and counters in the line do not matter. The browser's finder ranks the same. `-` reads standard input.

Examples:
  atlas find "ERROR 1290 (HY000): The MySQL server is running with the --read-only option"
  kubectl logs api-0 --previous | tail -20 | atlas find -
  atlas find --json KubePodCrashLooping
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from atlas import finder
from atlas.blocks import slug

from .project import Project, Record, find_project, read_derived
from .terminal import RefusalError, Terminal, shorten


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="+", help="what you see; - reads standard input")
    parser.add_argument("-n", "--limit", type=int, default=5, metavar="N", help="how many answers (5)")


def run(args: Namespace, terminal: Terminal) -> int:
    """0 where something answers, 1 where nothing does."""
    text = sys.stdin.read() if args.text == ["-"] else " ".join(args.text)
    if not text.strip():
        raise RefusalError("nothing to find", 'paste a line: atlas find "…"')
    if args.limit < 1:
        raise RefusalError(f"--limit {args.limit} is no number of answers", "use 1 or more")
    project = find_project(args.root)
    hits = finder.Finder(read_index(project, terminal)).search(text, args.limit)
    if args.json:
        terminal.give([asdict(hit) | {"anchor": anchor_of(hit)} for hit in hits])
    for number, hit in enumerate(hits if not args.json else (), 1):
        _print_hit(terminal, number, hit)
    if not hits and not args.json:
        terminal.say("Nothing like it in the atlas. Try the exact words of the error alone.")
    return 0 if hits else 1


def read_index(project: Project, terminal: Terminal) -> list[Record]:
    """The finder's prepared entries."""
    entries: list[Record] = read_derived(
        project, terminal, "finder.json", lambda atlas: finder.prepare(finder.index(atlas))
    )
    return entries


def anchor_of(hit: finder.Hit) -> str:
    """Where on its page a hit is answered."""
    return f"{slug(hit.id)}-{hit.gate}" if hit.gate else slug(hit.id)


def _print_hit(terminal: Terminal, number: int, hit: finder.Hit) -> None:
    indent = "   "
    terminal.say(f"{number}. {terminal.style(hit.title, 'bold')}  {terminal.style(hit.where, 'dim')}")
    terminal.say(f"{indent}{terminal.style(f'atlas show {hit.id}', 'cyan')}")
    why = shorten(hit.matched, max(terminal.width - len(hit.kind) - len(indent) - 2, 20))
    terminal.say(f"{indent}{terminal.style(f'{hit.kind}:', 'dim')} {why}")
