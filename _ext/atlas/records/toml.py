"""TOML with line numbers: a file as tables, the line of each key, and findings for what does not fit."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .characters import UNSEEN, check_characters, named, without_unseen
from .model import Finding, Place

Keys = tuple[str | int, ...]
Table = dict[str, Any]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_STATEMENT = re.compile(
    rf"[ \t]*(?:(?P<array>\[)?\[[ \t]*(?P<header>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=)"
)
# Alternatives begin with characters of their own, so that nothing is tried twice. Possessive quantifiers
# would say so, but Python 3.11.2 (Debian 12) matches them wrongly.
_FLAT = r"""(?:[^"'#\[\]{}\n]|"(?!"")(?:\\.|[^"\\\n])*"|'(?!'')[^'\n]*')*"""
_ONE_LINE = re.compile(rf"{_FLAT}(?:[\[{{]{_FLAT}[\]}}]{_FLAT})*(?:#[^\n]*)?(?:\n|$)")
_PIECE = re.compile(
    rf"""{'"' * 3}(?:\\.|[^\\])*?"{{3,5}}|{"'" * 3}.*?'{{3,5}}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|\n|.""",
    re.DOTALL,
)
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TYPES: Mapping[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a date without quotes",
    datetime: "a time with its offset, without quotes",
    list: "a list of texts",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key holds: its type, whether it must be there, and the values it may have (any, when empty).

    With `or_text`, text is lawful too.
    """

    type: type
    required: bool = False
    choices: tuple[str, ...] = ()
    or_text: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file at `path` in the project: `tables` as tomllib gives them, `lines` by path of keys."""

    path: str
    tables: Table = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def place(self, *keys: str | int) -> Place:
        """The line of a key, or of the nearest one around it."""
        ends = range(len(keys), 0, -1)
        return Place(self.path, next((self.lines[keys[:end]] for end in ends if keys[:end] in self.lines), 0))


def read_document(path: Path, project: Path) -> tuple[Document, list[Finding]]:
    """A file and its LEDGER001, where it does not parse; then the document is empty."""
    name = path.relative_to(project).as_posix()
    data = path.read_bytes().replace(b"\r\n", b"\n")
    try:
        text = data.decode()
        tables, lines = tomllib.loads(text), read_lines(text)
        found = [*check_characters("LEDGER004", text, name)]
        document = Document(name, tables, lines)
        return replace(document, tables=_seen(tables)), [*found, *_check_escapes(document, found)]
    except (ValueError, RecursionError) as error:
        what, line = _diagnose(error, data)
        hint = "mend this line; until then nothing of the file is read"
        return Document(name), [Finding("LEDGER001", f"broken TOML: {what}", Place(name, line), hint)]


def _check_escapes(document: Document, found: Iterable[Finding]) -> Iterator[Finding]:
    """LEDGER004 of what is written as an escape, which is not on the lines that were `found`."""
    known = {finding.place.line for finding in found}
    for keys, text in _texts(document.tables, ()):
        place = document.place(*keys)
        if place.line not in known and (hidden := UNSEEN.search(text)):
            message = f"{named(hidden[0])} changes what follows, or hides in it"
            yield Finding("LEDGER004", message, place, "delete it")


def _texts(value: object, keys: Keys) -> Iterator[tuple[Keys, str]]:
    """Every key and text of a table with the path of keys that leads to it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*keys, key), key
            yield from _texts(item, (*keys, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*keys, index))
    elif isinstance(value, str):
        yield keys, value


def _seen(value: Any) -> Any:
    """A value in which nothing hides, as terminals and pages may have it."""
    if isinstance(value, dict):
        return {without_unseen(key): _seen(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_seen(item) for item in value]
    return without_unseen(value) if isinstance(value, str) else value


def _diagnose(error: Exception, data: bytes) -> tuple[str, int]:
    """What is wrong and in which line, 0 where the parser does not tell."""
    if data.startswith(codecs.BOM_UTF8):
        return "the file begins with a byte order mark (BOM): save it as UTF-8 without", 1
    if isinstance(error, UnicodeDecodeError):
        return f"byte {data[error.start]:#04x} is not UTF-8", data.count(b"\n", 0, error.start) + 1
    where = _WHERE.search(str(error))
    last = data.rstrip().count(b"\n") + 1
    what = "lists are nested too deeply" if isinstance(error, RecursionError) else _WHERE.sub("", str(error))
    return f"{what[:1].lower()}{what[1:]}", int(where[1] or last) if where else 0


def read_lines(text: str) -> dict[Keys, int]:
    """The line of every header and key of a lawful TOML text; an entry of `[[x]]` has the path `("x", 0)`."""
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    head: Keys = ()
    line, position = 1, 0
    while position < len(text):
        end = _end_of_line(text, position)
        if statement := _STATEMENT.match(text, position):
            dotted = statement["header"] or statement["key"]
            parts = tuple(_unquote(part) for part in re.findall(_KEY, dotted))
            if statement["key"]:
                known, path = len(head), (*head, *parts)
                end = _end_of_value(text, statement.end())
            else:
                known, path = 0, _resolve(parts, counts, new=bool(statement["array"]))
                head = path
            for size in range(known + 1, len(path) + 1):
                lines.setdefault(path[:size], line)
        line += text.count("\n", position, end)
        position = end
    return lines


def _resolve(parts: tuple[str, ...], counts: dict[Keys, int], *, new: bool) -> Keys:
    """The path of a header, with the number of the entry behind the name of each list on the way."""
    path: Keys = ()
    for depth, part in enumerate(parts, start=1):
        path = (*path, part)
        if new and depth == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end + 1


def _end_of_value(text: str, start: int) -> int:
    """Behind the line break that ends a value, which may hold line breaks in strings and lists."""
    if simple := _ONE_LINE.match(text, start):
        return simple.end()
    depth = 0
    for piece in _PIECE.finditer(text, start):
        depth += (piece[0] in "[{") - (piece[0] in "]}")
        if piece[0] == "\n" and not depth:
            return piece.end()
    return len(text)


def _unquote(key: str) -> str:
    return str(next(iter(tomllib.loads(f"{key} = 0")))) if key[0] in "\"'" else key


def take(document: Document, keys: Keys, schema: Mapping[str, Key]) -> tuple[Table, list[Finding]]:
    """What fits of the table at `keys`, and LEDGER002 for each key that is unknown, missing or wrong."""
    table: Any = document.tables
    for key in keys:
        table = table[key]
    name = ".".join(str(key) for key in keys if isinstance(key, str))
    if not isinstance(table, dict):
        hint = f"write [{name}] above its keys"
        return {}, [misfit(f"`{name}` must be a table", document.place(*keys), hint)]
    findings = [*_unknown(document, keys, schema, table), *_missing(document, keys, schema, table, name)]
    fitting: Table = {}
    for key, rule in schema.items():
        if key in table and (wrong := _wrong(table[key], rule)):
            place = document.place(*keys, key)
            message = f"`{key}` must be {wrong}, not {_shown(table[key])}"
            findings.append(misfit(message, place, f"write {key} = {_example(rule)}"))
        elif key in table:
            fitting[key] = table[key]
    return fitting, findings


def misfit(message: str, place: Place, hint: str) -> Finding:
    """LEDGER002."""
    return Finding("LEDGER002", message, place, hint)


def _unknown(document: Document, keys: Keys, schema: Mapping[str, Key], table: Table) -> Iterator[Finding]:
    for key in table.keys() - schema.keys():
        near = get_close_matches(key, schema, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"lawful keys: {', '.join(schema)}"
        yield misfit(f"unknown key `{key}`", document.place(*keys, key), hint)


def _missing(
    document: Document, keys: Keys, schema: Mapping[str, Key], table: Table, name: str
) -> Iterator[Finding]:
    for key, rule in schema.items():
        if rule.required and key not in table:
            yield misfit(f"`{name}` has no `{key}`", document.place(*keys), f"add {key} = {_example(rule)}")


def _wrong(value: object, rule: Key) -> str:
    """What the value should have been; nothing where it fits."""
    fits = type(value) is rule.type or (rule.or_text and isinstance(value, str))
    if isinstance(value, list):
        fits = fits and all(isinstance(item, str) for item in value)
    if isinstance(value, datetime):
        fits = fits and value.tzinfo is not None
    if not fits:
        return _TYPES[rule.type]
    if rule.required and value == "":
        return "not empty"
    return f"one of {', '.join(rule.choices)}" if rule.choices and value not in rule.choices else ""


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return f"a {'table' if isinstance(value, dict) else 'list'}"
    return f"`{value!s}`" if isinstance(value, str | int) else f"{value!s}"


def _example(rule: Key) -> str:
    return f'"{rule.choices[0]}"' if rule.choices else f"({_TYPES[rule.type]})"
