"""What a command prints: text on a terminal or in a pipe, data for programs, and refusals."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sys
import time
from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap
from typing import TextIO
from unicodedata import combining, east_asian_width

from atlas.records.characters import UNSEEN

_STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
_WORDS = {
    "error": "red",
    "failed": "red",
    "high": "red",
    "warning": "yellow",
    "open": "yellow",
    "medium": "yellow",
    "outdated": "yellow",
    "missing_version": "yellow",
    "needs_review": "yellow",
    "passed": "green",
    "up_to_date": "green",
    "reached": "green",
}
_PATIENCE = 1.0
_WORD = re.compile(r"(?:\033\[[\d;]+m.*?\033\[0(?:;\d+)?m|\S)+")
_OURS = secrets.randbelow(10**12)
"""Stands in our own codes until they are printed: what a file holds cannot know it, and is escaped."""
_COMMANDS = re.compile(rf"{UNSEEN.pattern}|\r")
_CODE = re.compile(rf"\033\[([\d;]+);{_OURS}m")
_LEAST = 10
"""Text is folded to so many columns and no further."""


class RefusalError(Exception):
    """Why a command does not do what was asked, in one line, and what to do instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where output goes. `colour` only on a terminal that wants it."""

    out: TextIO
    err: TextIO
    colour: bool
    width: int

    def say(self, text: str = "") -> None:
        self.out.write(f"{printable(text)}\n")

    def put(self, text: str) -> None:
        """Text that ends its lines itself."""
        self.out.write(printable(text))

    def give(self, data: object) -> None:
        """Data as JSON."""
        written = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
        self.out.write(UNSEEN.sub(_in_json, written) + "\n")

    def note(self, text: str) -> None:
        """A remark that is no part of the output; it stands behind what was said before it."""
        self.flush()
        self.err.write(f"{printable(text)}\n")
        self.err.flush()

    def refuse(self, refusal: RefusalError) -> int:
        """Say why not; the exit code."""
        self.note(f"atlas: {refusal.message}" + (f"\n  {refusal.hint}" if refusal.hint else ""))
        return 2

    def fail(self, error: OSError) -> int:
        """Say what the system refuses, most often to take the output; the exit code."""
        what = f"use {error.filename}" if error.filename else "write the output"
        if not error.filename:
            self.hush()
        return self.refuse(RefusalError(f"cannot {what}: {error.strerror or error}"))

    def style(self, text: str, *names: str) -> str:
        codes = ";".join(str(_STYLES[name]) for name in names)
        return f"\033[{codes};{_OURS}m{text}\033[0;{_OURS}m" if self.colour and text else text

    def word(self, word: str, text: str = "") -> str:
        """A status, verdict or severity in its colour; `text` in its place where there is one."""
        name = _WORDS.get(word)
        return self.style(text or word, name) if name else text or word

    def heading(self, text: str) -> None:
        self.say("\n" + self.style(text, "bold"))

    def tell(self, text: str, head: str = "", *, paint: str = "") -> None:
        """A text over as many lines as it takes, set in behind `head`."""
        room = self.width - width_of(head)
        for number, line in enumerate(fold_cell(text, room)):
            shown = self.style(line, paint) if paint else line
            self.say((" " * width_of(head) if number else head) + shown)

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: str = "",
        spare: Sequence[str] = (),
    ) -> None:
        """Columns, no wider than the terminal; those whose head stands in `right` are set to the right.

        Where they are too wide, those named in `spare` go, one after the other; then text is folded, and at
        last columns go from the end.
        """
        numbers = set(right.split())
        columns = [list(column) for column in zip(head, *rows, strict=True)]
        for name in spare:
            if _breadth(map(_widest, columns)) > self.width:
                columns = [column for column in columns if column[0] != name]
        while _breadth(widths := _narrow(columns, numbers, self.width)) > self.width and columns[2:]:
            columns.pop()
        for number, row in enumerate(zip(*columns, strict=True)):
            cells = [fold_cell(cell, width) for cell, width in zip(row, widths, strict=True)]
            for parts in zip_longest(*cells, fillvalue=""):
                line = "  ".join(
                    pad(part, width, right=column[0] in numbers)
                    for part, width, column in zip(parts, widths, columns, strict=True)
                ).rstrip()
                self.say(self.style(line, "dim") if number == 0 else line)

    def flush(self) -> None:
        self.out.flush()

    def hush(self) -> None:
        """Nobody reads on: print nothing more, not even at exit."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())

    @contextmanager
    def working(self, what: str) -> Iterator[Work]:
        """Shows what goes on once it takes more than a second."""
        work = Work(self, what, time.monotonic(), self.err.isatty())
        try:
            yield work
        finally:
            work.clear()


@dataclass(slots=True)
class Work:
    """Something under way. On a terminal one line that is rewritten, elsewhere a single line."""

    terminal: Terminal
    what: str
    since: float
    live: bool
    shown: bool = False

    def step(self, done: str = "") -> None:
        """Say how far it has come."""
        passed = time.monotonic() - self.since
        if passed < _PATIENCE or (self.shown and not self.live):
            return
        tail = f" {done}" if done and self.live else ""
        line = printable(f"{self.what} …{tail}")
        self.terminal.err.write(f"\r\033[K{line} {passed:.0f} s" if self.live else f"{line}\n")
        self.terminal.err.flush()
        self.shown = True

    def clear(self) -> None:
        if self.shown and self.live:
            self.terminal.err.write("\r\033[K")
            self.terminal.err.flush()


def open_terminal() -> Terminal:
    """The terminal or pipe that this process writes to."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Terminal(sys.stdout, sys.stderr, colour, shutil.get_terminal_size((100, 24)).columns)


def printable(text: str) -> str:
    """A text as a terminal may have it: escaped what would command it, turn a line around or hide in it.

    Our own codes stay. The one door through which what files hold gets to a terminal.
    """
    parts = _CODE.split(text)
    shown = (f"\033[{part}m" if n % 2 else _COMMANDS.sub(_escaped, part) for n, part in enumerate(parts))
    return "".join(shown)


def _escaped(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"


def _in_json(found: re.Match[str]) -> str:
    return "".join(f"\\u{unit:04x}" for unit in array("H", found[0].encode("utf-16")[2:]))


def width_of(text: str) -> int:
    """The columns that a text takes on a terminal; escape codes take none."""
    bare = _without_codes(text)
    return sum(0 if combining(c) or c == "\ufe0f" else 2 if east_asian_width(c) in "WF" else 1 for c in bare)


def _widest(column: Iterable[str]) -> int:
    return max(map(width_of, column))


def _breadth(widths: Iterable[int]) -> int:
    """The columns of a terminal that a table takes, two of them between each two of its own."""
    return sum(width + 2 for width in widths) - 2


def _narrow(columns: Sequence[Sequence[str]], numbers: Container[str], room: int) -> list[int]:
    """Widths that fit into `room`, as far as folding text makes them."""
    widths = [*map(_widest, columns)]
    texts = [n for n, column in enumerate(columns) if column[0] not in numbers]
    while texts and _breadth(widths) > room:
        most = max(texts, key=widths.__getitem__)
        if widths[most] <= _LEAST:
            break
        widths[most] -= 1
    return widths


def fold_cell(text: str, width: int) -> list[str]:
    """A text as lines of at most `width` columns; one empty line for none.

    What has a colour stays whole, and so do items that stand two blanks apart.
    """
    gap = "  " if "  " in text.strip() else " "
    words = text.strip().split(gap) if gap == "  " else _WORD.findall(text)
    lines: list[str] = []
    for piece in (piece for word in words for piece in _pieces(word, width)):
        if lines and width_of(lines[-1] + gap + piece) <= width:
            lines[-1] += gap + piece
        else:
            lines.append(piece)
    return lines or [""]


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word that is too long for a line, cut, where that is possible behind a slash or a dash."""
    while width_of(word) > width and "\033" not in word:
        fits = next(n for n in range(len(word), 0, -1) if n == 1 or width_of(word[:n]) <= width)
        at = max(word.rfind(mark, 0, fits) for mark in "/-_") + 1 or fits
        yield word[:at]
        word = word[at:]
    yield word


def pad(text: str, width: int, *, right: bool = False) -> str:
    gap = " " * max(width - width_of(text), 0)
    return gap + text if right else text + gap


def fold(text: str, width: int) -> list[str]:
    """A text as lines of at most `width` columns where its words allow it; one empty line for none."""
    wide = width_of(text) - len(text)
    return wrap(text, max(width - max(wide, 0), 1)) or [""]


def shorten(text: str, width: int) -> str:
    """A text on one line that takes no more than `width` columns."""
    line = " ".join(text.split())
    if width_of(line) <= width:
        return line
    while line and width_of(line) > width - 1:
        line = line[:-1]
    return f"{line}…"


def bar(part: float, whole: float, width: int = 12) -> str:
    """A share as a bar of blocks."""
    filled = round(width * min(part / whole, 1)) if whole else 0
    return "█" * filled + "░" * (width - filled)


def spark(counts: Sequence[int]) -> str:
    """Counts as a row of small bars."""
    most = max(counts, default=0)
    return "".join("▁▂▃▄▅▆▇█"[round(7 * count / most)] if most else "▁" for count in counts)


def counted(count: int, noun: str) -> str:
    """`1 fact`, `2,000 facts`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _without_codes(text: str) -> str:
    if "\033" not in text:
        return text
    parts = text.split("\033[")
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
