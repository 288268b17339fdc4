"""The `atlas` command, one module a verb. It imports the core (`atlas`) only and reads no MyST.

A verb's module has a docstring (its help), `add_arguments(parser)`, and `run(args, terminal)`, which returns
the exit code: 0, 1 where something was found that wants mending, 2 where the command was not understood or is
refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import NoReturn

from atlas import __version__

VERBS = {
    "status": "where the atlas stands: coverage, statuses, gates, findings, pace",
    "progress": "phases, milestones, and when they will be reached at this pace",
    "find": "the page that answers a log line, an alert, a symptom",
    "show": "a diagram drawn in the terminal, with its gates and facts",
    "validate": "Mermaid and plane rules on files or standard input, without a build",
    "review": "what to read or mend next; compliance by category, system or change",
    "mark-reviewed": "record that someone has read a diagram against its sources",
    "update-status": "why a diagram has its status, and what would change it",
    "recheck": "whether the words of facts still stand, as cited and in the newest text",
    "links": "internal links and ids; the addresses for the claim checker",
    "impact": "what a change touches: diagrams, facts, reviews",
    "doctor": "what is set up, what is missing, and what was read, in any layout",
    "import": "bring a team's plain Mermaid in: ids, planes, gates, the difference first",
    "new": "scaffold a diagram, a source or a system that the catalogue plans",
    "discover": "new publications in feeds and indexes, scored against the gaps",
    "runbook-urls": "runbook_url annotations for a team's Prometheus alerts",
    "serve": "live preview that reloads",
}
_EPILOG = """\
Ids, paths and titles all work as arguments; a near miss offers the nearest.
Every verb has --help with examples, and --json. Exit codes: 0, 1 findings, 2 usage.

  atlas status                         where do we stand?
  atlas review --priority high         what wants me first?
  atlas find "ERROR 1290 (HY000)"      what is this, and what do I do?
  atlas show debugging/redis-misconf   the same over SSH
"""


class Parser(argparse.ArgumentParser):
    """A parser that says how to pass a word that begins with a dash."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments: -"):
            message += "\n  a text that begins with a dash stands behind --"
        super().error(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    if sys.stdout is None or sys.stderr is None:
        return 2  # closed, and what is opened next would take its place
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _make_parser()
    args, rest = parser.parse_known_args(words[: _verb_at(words) + 1])
    if not args.verb and rest:
        parser.error(f"there is no option {rest[0]}")
    if not args.verb:
        parser.print_help()
        return 0
    rest += words[_verb_at(words) + 1 :]
    return _run(args, rest)


def _verb_at(words: Sequence[str]) -> int:
    """Where the verb stands: behind the options of the command itself."""
    skip = False
    for at, word in enumerate(words):
        if skip:
            skip = False
        elif word in ("-C", "--root", "--source", "--conf"):
            skip = True
        elif not word.startswith("-"):
            return at
    return len(words)


def _make_parser() -> argparse.ArgumentParser:
    width = max(map(len, VERBS))
    listed = "\n".join(f"  {verb:{width}}  {does}" for verb, does in VERBS.items())
    parser = argparse.ArgumentParser(
        prog="atlas",
        usage="atlas [-C DIR] [--source DIR] [--conf DIR] VERB …",
        description=f"Keeps a production atlas honest.\n\nverbs:\n{listed}",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"atlas {__version__}")
    parser.add_argument("-C", "--root", type=Path, metavar="DIR", help="the project, if not around here")
    parser.add_argument(
        "--source", type=Path, metavar="DIR", help="the folder of the pages, in other layouts"
    )
    parser.add_argument("--conf", type=Path, metavar="DIR", help="the folder of conf.py, in other layouts")
    parser.add_argument("verb", nargs="?", help=argparse.SUPPRESS)
    return parser


def _run(given: argparse.Namespace, rest: list[str]) -> int:
    from .layouts import Where
    from .terminal import RefusalError, open_terminal

    verb, terminal = given.verb, open_terminal()
    if verb not in VERBS:
        return terminal.refuse(RefusalError(f"there is no verb {verb!r}", offer_near(verb)))
    try:
        module = import_module(f".verbs.{_module_of(verb)}", __name__)
        parser = _verb_parser(verb, module.__doc__ or "")
        module.add_arguments(parser)
        args = parser.parse_args(rest)
        args.where = Where(args.root or given.root, given.source, given.conf)
        code: int = module.run(args, terminal)
        terminal.flush()
    except RefusalError as refusal:
        return terminal.refuse(refusal)
    except BrokenPipeError:
        terminal.hush()
        return 0
    except OSError as error:
        return terminal.fail(error)
    except KeyboardInterrupt:
        return 130
    return code


def _module_of(verb: str) -> str:
    """The name of a verb's module; `import` is a word of Python's."""
    name = verb.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def _verb_parser(verb: str, text: str) -> argparse.ArgumentParser:
    description, _, examples = text.partition("\n\nExamples:\n")
    parser = Parser(
        prog=f"atlas {verb}",
        description=description,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-C", "--root", type=Path, metavar="DIR", help="the project, if not around here")
    parser.add_argument("--json", action="store_true", help="print data, and nothing else")
    return parser


def offer_near(verb: str) -> str:
    """The hint for a verb that there is not."""
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=2, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`atlas --help` lists them"
