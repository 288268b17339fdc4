"""Finds the page that answers what you see: paste a log line, a stack trace, an alert, a symptom, a product.

This is it: an error string, an alert or a symptom of a page stands in the text, whole or for the most part;
times, ids, addresses and counters do not matter. Perhaps: words are shared, on at most three pages. Else it
says that nothing is here, with exit code 1. The browser's finder answers the same. `-` reads standard input.

Examples:
  atlas find "ERROR 1290 (HY000): The MySQL server is running with the --read-only option"
  kubectl logs api-0 --previous | tail -20 | atlas find -
  atlas find --json KubePodCrashLooping
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from atlas.files import finder
from atlas.views.blocks import slug
from atlas_cli.layouts import find_project
from atlas_cli.project import Project, Record, read_derived
from atlas_cli.terminal import RefusalError, Terminal, shorten

_NOTHING = (
    "Nothing here: no page of the atlas has this.",
    "  Try the line of the error alone, from its first word on, or the name of the software.",
    "  To add it, write a page that quotes the error in its 3am gate: atlas new diagram debugging/NAME",
)


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
    project = find_project(args.where)
    hits = finder.Finder(read_index(project, terminal)).search(text, args.limit)
    if args.json:
        found = [asdict(hit) | {"anchor": anchor_of(hit)} for hit in hits]
        terminal.give({"answer": finder.answer(hits), "hits": found})
    else:
        _print(terminal, hits)
    return 0 if hits else 1


def read_index(project: Project, terminal: Terminal) -> Record:
    """The finder's index."""
    make = partial(finder.index, house=project.house)
    index: Record = read_derived(project, terminal, "finder-index.json", make)
    return index


def anchor_of(hit: finder.Hit) -> str:
    """Where on its page a hit is answered."""
    return f"{slug(hit.id)}-{hit.gate}" if hit.gate else slug(hit.id)


def _print(terminal: Terminal, hits: Sequence[finder.Hit]) -> None:
    sure = [hit for hit in hits if hit.answer == "it"]
    for number, hit in enumerate(sure, 1):
        _print_hit(terminal, f"{number}. ", hit)
    if len(sure) < len(hits):
        terminal.say(terminal.style("── perhaps also ──" if sure else "── perhaps ──", "dim"))
        for hit in hits[len(sure) :]:
            _print_hit(terminal, "   ", hit)
    for line in () if hits else _NOTHING:
        terminal.say(line)


def _print_hit(terminal: Terminal, mark: str, hit: finder.Hit) -> None:
    indent, loud = "   ", ("bold",) if hit.answer == "it" else ("dim",)
    terminal.say(f"{mark}{terminal.style(hit.title, *loud)}  {terminal.style(hit.where, 'dim')}")
    terminal.say(f"{indent}{terminal.style(f'atlas show {hit.id}', 'cyan')}")
    why = shorten(hit.matched, max(terminal.width - len(hit.kind) - len(indent) - 2, 20))
    terminal.say(f"{indent}{terminal.style(f'{hit.kind}:', 'dim')} {why}")
