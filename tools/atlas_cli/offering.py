"""A change that is shown before it is made: the difference, the question, and all files or none."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from .mends import diff
from .project import write_whole
from .terminal import RefusalError, Terminal, printable


def print_diff(terminal: Terminal, texts: Mapping[str, tuple[str, str]], *, indent: str = "") -> None:
    """A unified diff of texts before and after, by path."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff(texts):
        terminal.say(indent + (terminal.style(line, colours[line[0]]) if line[:1] in colours else line))


def asked(terminal: Terminal, question: str) -> bool:
    """True where someone at the terminal says yes."""
    if not sys.stdin.isatty():
        return False
    terminal.flush()
    terminal.err.write(printable(f"{question} [y/N] "))
    terminal.err.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def write_all(root: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write files below `root`, all of them or none: texts before (empty: no file) and after, by path.

    Raises RefusalError where one is not as it was before, or cannot be written.
    """
    for name, (before, _) in texts.items():
        if read_raw(root / name) != before:
            raise RefusalError(f"{name} changed meanwhile", "nothing was changed; run it again")
    begun: list[str] = []
    try:
        for name, (_, after) in texts.items():
            begun.append(name)
            write_whole(root / name, after)
    except BaseException:
        for name in begun:
            _put_back(root / name, texts[name][0])
        raise


def read_raw(path: Path) -> str:
    """What a file holds, each character; nothing where there is none. Raises RefusalError."""
    try:
        return path.read_bytes().decode() if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise RefusalError(f"cannot read {path}: {error}") from error


def _put_back(path: Path, before: str) -> None:
    if before:
        write_whole(path, before)
    else:
        path.unlink(missing_ok=True)
