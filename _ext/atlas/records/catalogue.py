"""The catalogue: what is planned, read from every file of its folder, and whether the plan holds together.

Categories, phases, systems and kinds are tables with one line an id; entries are a list:

[system]
netflix = { name = "Netflix", tier = 1 }

[[entry]]
id = "systems/netflix/storage"
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from .model import Finding, Place
from .plan import Catalogue, Category, Entry, Kind, Phase, System
from .toml import Document, Key, Keys, Table, misfit, take

_TITLE = Key(str, required=True)
_NUMBER = Key(int, required=True)
_LISTS: Mapping[str, Mapping[str, Key]] = MappingProxyType(
    {
        "category": {"title": _TITLE, "target": _NUMBER, "phase": _NUMBER, "core": Key(bool)},
        "phase": {"title": _TITLE, "target": _NUMBER},
        "system": {"name": _TITLE, "tier": _NUMBER},
        "kind": {"title": _TITLE},
    }
)
_ENTRY: Mapping[str, Key] = MappingProxyType(
    {
        "id": _TITLE,
        "title": _TITLE,
        "phase": _NUMBER,
        "grade": Key(str, choices=("A", "A-", "B", "C")),
        "system": Key(str),
        "kind": Key(str),
        "searched": Key(date),
        "where": Key(str),
    }
)


class _Row(NamedTuple):
    id: str
    table: Table
    place: Place


def read_catalogue(documents: Iterable[Document]) -> tuple[Catalogue, list[Finding]]:
    """The plan and what is wrong in it. A row that is not whole is left out."""
    rows: dict[str, list[_Row]] = {name: [] for name in (*_LISTS, "entry")}
    findings: list[Finding] = []
    for document in documents:
        for name, content in document.tables.items():
            findings += _read_rows(document, name, content, rows.get(name))
    catalogue = Catalogue(
        categories=tuple(Category(id=row.id, **row.table) for row in rows["category"]),
        phases=tuple(Phase(number=int(row.id), **row.table) for row in rows["phase"]),
        systems=tuple(System(id=row.id, **row.table) for row in rows["system"]),
        kinds=tuple(Kind(id=row.id, **row.table) for row in rows["kind"]),
        entries=tuple(_entry(row) for row in rows["entry"]),
    )
    findings += (finding for name in rows for finding in _check_twice(name, rows[name]))
    findings += (finding for entry in catalogue.entries for finding in check_entry(entry, catalogue))
    findings += (finding for entry in catalogue.entries for finding in _check_search(entry))
    findings += _check_cells(catalogue, {row.id: row.place for row in rows["system"]})
    return catalogue, findings


def check_entry(entry: Entry, catalogue: Catalogue) -> Iterator[Finding]:
    """CATALOGUE001: its category, phase, system and kind are planned, and a cell's id says which it is."""
    known: Mapping[str, Collection[str]] = {
        "category": [category.id for category in catalogue.categories],
        "phase": [str(phase.number) for phase in catalogue.phases],
        "system": [system.id for system in catalogue.systems],
        "kind": [kind.id for kind in catalogue.kinds],
    }
    for name, ids in known.items():
        value = str(getattr(entry, name))
        if value and value not in ids:
            near = get_close_matches(value, ids, n=1)
            hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(ids)}"
            yield Finding("CATALOGUE001", f"{entry.id}: unknown {name} {value}", entry.place, hint)
    if entry.kind and entry.id != f"systems/{entry.system}/{entry.kind}":
        message = f"{entry.id} is not systems/{entry.system}/{entry.kind}, as its system and kind say"
        yield Finding("CATALOGUE001", message, entry.place, "mend the id, the system or the kind")


def _check_search(entry: Entry) -> Iterator[Finding]:
    """What is not published says when it was searched, and where."""
    if bool(entry.searched) != bool(entry.where):
        lacking = "where" if entry.searched else "searched"
        yield misfit(f"{entry.id}: a search without `{lacking}`", entry.place, "give its day and its place")


def _read_rows(document: Document, name: str, content: object, rows: list[_Row] | None) -> Iterator[Finding]:
    """Append the rows of one table or list to `rows`, yielding what does not fit."""
    if rows is None:
        hint = f"lawful: {', '.join(f'[{table}]' for table in _LISTS)} and [[entry]]"
        yield misfit(f"unknown table `{name}`", document.place(name), hint)
    elif name == "entry" and isinstance(content, list):
        for index in range(len(content)):
            yield from _read_row(document, (name, index), _ENTRY, rows)
    elif name != "entry" and isinstance(content, dict):
        for id in content:
            yield from _read_row(document, (name, id), _LISTS[name], rows)
    else:
        hint = "write [[entry]]" if name == "entry" else f"write [{name}]"
        yield misfit(f"`{name}` has the wrong shape", document.place(name), hint)


def _read_row(
    document: Document, keys: Keys, schema: Mapping[str, Key], rows: list[_Row]
) -> Iterator[Finding]:
    table, findings = take(document, keys, schema)
    yield from findings
    id = str(table.pop("id", keys[-1]))
    place = document.place(*keys)
    if keys[0] == "phase" and not id.isdecimal():
        yield misfit(f"phase `{id}` is not a number", place, "phases are counted from 1")
    elif all(key in table for key, rule in schema.items() if rule.required and key != "id"):
        rows.append(_Row(id, table, place))


def _entry(row: _Row) -> Entry:
    return Entry(id=row.id, category=row.id.partition("/")[0], place=row.place, **row.table)


def _check_twice(name: str, rows: Iterable[_Row]) -> Iterator[Finding]:
    first: dict[str, Place] = {}
    for row in rows:
        if row.id in first:
            message = f"{name} {row.id} stands twice, first at {first[row.id]}"
            yield Finding("CATALOGUE002", message, row.place, "delete one of the two")
        first.setdefault(row.id, row.place)


def _check_cells(catalogue: Catalogue, places: Mapping[str, Place]) -> Iterator[Finding]:
    """Every system of the plan, tiers 1 to 3, has an entry of every kind."""
    ids = {entry.id for entry in catalogue.entries}
    for system in catalogue.systems:
        missing = [kind.id for kind in catalogue.kinds if f"systems/{system.id}/{kind.id}" not in ids]
        if system.tier and missing:
            message = f"the matrix has no cells systems/{system.id}/{{{', '.join(missing)}}}"
            hint = "add an entry for each; a cell without evidence is a page that says so"
            yield Finding("CATALOGUE003", message, places[system.id], hint)
