"""Mends that need no judgement: a misspelt name with one near one, a colour, a class, a sum."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from .project import Project, Record
from .terminal import RefusalError

_NEAR, _AHEAD = 0.75, 0.08
_REACH = 25
"""An option stands within so many lines below its directive."""


@dataclass(frozen=True, slots=True)
class Mend:
    """What a line is to become; None deletes it. `line` counts from 1."""

    path: str
    line: int
    after: str | None
    rule: str


def find_mends(findings: Iterable[Record], project: Project) -> list[Mend]:
    """One mend for each finding that has a mechanical one and for each line at most one."""
    mends: dict[tuple[str, int], Mend] = {}
    for finding in findings:
        lines = _lines(project, finding["path"])
        maker = _MAKERS.get(finding["rule"])
        mend = maker(finding, lines) if maker and lines else None
        if mend:
            mends.setdefault((mend.path, mend.line), mend)
    return sorted(mends.values(), key=lambda mend: (mend.path, mend.line))


def mended(mends: Iterable[Mend], project: Project) -> dict[str, tuple[str, str]]:
    """The text before and after by path."""
    by_path: Mapping[str, list[Mend]] = defaultdict(list)
    for mend in mends:
        by_path[mend.path].append(mend)
    texts = {}
    for path, found in by_path.items():
        before = _lines(project, path)
        after = dict(enumerate(before, 1))
        for mend in found:
            if mend.after is None:
                del after[mend.line]
            else:
                after[mend.line] = mend.after
        texts[path] = ("".join(before), "".join(after.values()))
    return texts


def diff(texts: Mapping[str, tuple[str, str]]) -> list[str]:
    """A unified diff, line by line."""
    return [
        line.rstrip("\n")
        for path, (before, after) in ((p.lstrip("/"), t) for p, t in texts.items())
        for line in unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
    ]


def _lines(project: Project, path: str) -> list[str]:
    file = project.root / path
    if not path or not file.is_file():
        return []
    try:
        return file.read_bytes().decode().splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise RefusalError(f"cannot read {path}: {error}") from error


# One maker a kind of finding ---------------------------------------------------------------------


def _rename(finding: Record, lines: list[str]) -> Mend | None:
    """Put the one near name in the place of the unknown one."""
    wrong, right = _wrong_name(finding["message"]), ""
    right = _nearest(wrong, finding["hint"])
    if not (wrong and right):
        return None
    word = re.compile(rf"(?<![\w./-]){re.escape(wrong)}(?![\w-])")
    start = max(finding["line"], 1) - 1
    hits = [n for n in range(start, min(start + _REACH, len(lines))) if word.search(lines[n])]
    if not hits:
        return None
    after = word.sub(lambda _: right, lines[hits[0]], count=1)
    return Mend(finding["path"], hits[0] + 1, after, finding["rule"])


def _wrong_name(message: str) -> str:
    quoted: list[tuple[str, ...]] = re.findall(r"'([^']+)'|`([^`]+)`|\$\{([^}]+)\}|:([\w-]+):", message)
    if quoted:
        name = "".join(quoted[-1])
        return name.rpartition(":")[2] if "${" in message else name
    return message.rpartition(" ")[2]


def _nearest(wrong: str, hint: str) -> str:
    """The name offered, where it is near and nothing else is as near."""
    offered = re.fullmatch(r"did you mean (.+)\?", hint)
    names = [n.strip("`") for n in offered[1].split(" or ")] if offered else []
    ranked = sorted(((SequenceMatcher(None, wrong, n).ratio(), n) for n in names), reverse=True)
    if not ranked or ranked[0][0] < _NEAR or (ranked[1:] and ranked[0][0] - ranked[1][0] < _AHEAD):
        return ""
    return ranked[0][1]


def _drop_class(finding: Record, lines: list[str]) -> Mend | None:
    name = finding["message"].rpartition(" ")[2]
    return _substitute(finding, lines, rf":::{re.escape(name)}\b", "")


def _recolour(finding: Record, lines: list[str]) -> Mend | None:
    """The plane's colour in the place of another, where the message names one, in the line that sets it."""
    said = r"(?:node|class) (\S+) is filled with (\S+), which is not the \w+ plane's (#\w{6})"
    found = re.search(said, finding["message"])
    if not found:
        return None
    name, wrong, right = found.groups()
    sets = re.compile(
        rf"^\s*(?:style|classDef)\s+(?:[\w-]+,)*{re.escape(name)}[\s,].*fill\s*:\s*{re.escape(wrong)}"
    )
    at = next((n for n, line in enumerate(lines, 1) if sets.match(line)), 0)
    return _substitute(finding | {"line": at}, lines, re.escape(wrong), right)


def _recompute(finding: Record, lines: list[str]) -> Mend | None:
    """The value that a formula gives in the place of the one that is written."""
    found = re.search(r": (.+) is not `.+`, which gives (.+)$", finding["message"])
    if not found:
        return None
    value = _with_number(found[1], found[2])
    return _substitute(finding, lines, rf'(?<=value = "){re.escape(found[1])}(?=")', value)


def _with_number(old: str, new: str) -> str:
    """The new value; in the unit as it is spelt in the old one where the two differ in an s only."""
    was, unit = _split_number(old)
    number, other = _split_number(new)
    return number + unit if was and unit.replace("s", "") == other.replace("s", "") else new


def _split_number(text: str) -> tuple[str, str]:
    unit = text.lstrip("0123456789.,")
    return text[: len(text) - len(unit)], unit


def _delete_setting(finding: Record, lines: list[str]) -> Mend | None:
    """A directive that stands on a line of its own goes."""
    at = finding["line"]
    if not 0 < at <= len(lines) or not re.fullmatch(r"\s*%%\{.*\}%%\s*", lines[at - 1]):
        return None
    return Mend(finding["path"], at, None, finding["rule"])


def _substitute(finding: Record, lines: list[str], pattern: str, right: str) -> Mend | None:
    at = finding["line"]
    if not 0 < at <= len(lines):
        return None
    after, count = re.subn(pattern, lambda _: right, lines[at - 1], count=1)
    return Mend(finding["path"], at, after, finding["rule"]) if count else None


_MAKERS: Mapping[str, Callable[[Record, list[str]], Mend | None]] = {
    **dict.fromkeys(
        (
            "CATALOGUE001",
            "CATALOGUE004",
            "DIAGRAM002",
            "FACT001",
            "GATE001",
            "LEDGER002",
            "LINK001",
            "SOURCE002",
        ),
        _rename,
    ),
    "FACT004": _recompute,
    "MERMAID004": _delete_setting,
    "PLANE002": _drop_class,
    "PLANE003": _recolour,
}
