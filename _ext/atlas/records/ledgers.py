"""The ledgers in the data folder and the pages of `source/spec`: read, checked, and added to."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from .addresses import fault_of_public
from .catalogue import read_catalogue
from .checks import read_checks
from .house import find_house
from .model import Finding, Place, Technology, Term
from .plan import Cost, Exemption, Ledgers, Review
from .snapshots import read_snapshots
from .sources import fact_url, read_sources
from .toml import Document, Key, Table, misfit, read_document, take
from .trials import read_trials
from .whole_file import replace_file

__all__ = ["LedgerError", "append_entry", "append_review", "fact_url", "read_ledgers"]

DATA = "_data"
"""The folder of ledgers, from that of the pages, where a project names no other."""
ALL_CATEGORIES = "diagrams"
"""The page of `spec/` that all categories stand under; the others are named after their category."""

Record = TypeVar("Record")
_TEXT = Key(str, required=True)
_TERM: Mapping[str, Key] = MappingProxyType({"long": _TEXT, "says": _TEXT})
_TECHNOLOGY: Mapping[str, Key] = MappingProxyType(
    {"name": _TEXT, "aliases": Key(list), "kind": _TEXT, "home": _TEXT, "hosted": Key(bool)}
)
_REVIEW: Mapping[str, Key] = MappingProxyType(
    {
        "id": _TEXT,
        "hash": _TEXT,
        "version": _TEXT,
        "when": Key(datetime, required=True),
        "who": _TEXT,
        "checked": _TEXT,
        "sources": Key(list, required=True),
        "spec": Key(str),
        "confirmed": Key(int),
        "corrected": Key(int),
        "removed": Key(int),
        "carried": Key(str),
    }
)
_EXEMPTION: Mapping[str, Key] = MappingProxyType(
    {"rule": _TEXT, "diagram": _TEXT, "reason": _TEXT, "approver": _TEXT, "expires": Key(date, required=True)}
)
_COST: Mapping[str, Key] = MappingProxyType(
    {"day": Key(date, required=True), "commit": _TEXT, "machine": _TEXT, "site": _TEXT, "step": _TEXT}
    | dict.fromkeys(("pages", "repeat", "cpu", "spread", "wall", "peak"), Key(int, required=True))
)
_MD5 = re.compile(r"(?:[1-9]\d*-)?[0-9a-f]{32}")
_WORD = re.compile(r"\w")
_HOME = "give the address of its own site"
_RELEASE = re.compile(r"\d+(?:\.\d+){1,2}")


class LedgerError(Exception):
    """A ledger that cannot be added to without breaking it."""


def read_ledgers(root: Path, *, today: date, data: str = DATA) -> Ledgers:
    """Everything below `root`, the project's `source/`, and its findings in the order of their places.

    Ledgers stand in its folder `data`.
    """
    findings: list[Finding] = []
    read: list[str] = []

    def documents(pattern: str) -> list[Document]:
        read.append(pattern)
        paths = (path for path in sorted((root / data).glob(pattern)) if path.is_file())
        return [kept(read_document(path, root.parent)) for path in paths]

    def kept(result: tuple[Record, list[Finding]]) -> Record:
        findings.extend(result[1])
        return result[0]

    house = kept(find_house(root / data, root.parent))
    catalogue = kept(read_catalogue(documents("catalogue/*.toml")))
    ledgers = Ledgers(
        sources=kept(read_sources(documents("sources/*.toml"), today=today, house=house)),
        terms=kept(read_terms(documents("glossary/*.toml"))),
        technologies=kept(read_technologies(documents("technologies/*.toml"))),
        catalogue=catalogue,
        reviews=kept(read_reviews(documents("reviews/*.toml"), today=today)),
        exemptions=kept(read_exemptions(documents("exemptions.toml"))),
        specs=read_specs(root / "spec", [category.id for category in catalogue.categories]),
        snapshots=kept(read_snapshots(documents("snapshots.toml"))),
        trials=kept(read_trials(documents("trials/*.toml"), today=today)),
        checks=kept(read_checks(documents("checks/*.toml"), today=today)),
        costs=kept(read_costs(documents("costs.toml"))),
        house=house,
        folder=f"{root.name}/{data}",
    )
    findings += _check_unread(root, data, read)
    findings.sort(key=lambda finding: (finding.place, finding.rule, finding.message))
    return replace(ledgers, findings=tuple(findings))


def _check_unread(root: Path, data: str, read: Iterable[str]) -> Iterator[Finding]:
    """LEDGER002 for files that nothing reads though they look like ledgers: in a folder below one of ours, in
    one that is called nearly so, or with a file's name that is nearly one of ours. Ours match `read`.
    """
    files = [pattern for pattern in read if "/" not in pattern]
    folders = [pattern.partition("/")[0] for pattern in read if "/" in pattern]
    for path in sorted((root / data).glob("**/*.toml")):
        first, *rest = path.relative_to(root / data).parts
        near = get_close_matches(first, folders if rest else files, n=1, cutoff=0.8)
        if near and (near[0] != first or len(rest) > 1):
            where = f"{data}/{near[0]}/NAME.toml" if rest else f"{data}/{near[0]}"
            place = Place(path.relative_to(root.parent).as_posix(), 0)
            yield misfit("nothing reads this file", place, f"write it as {where}")


def read_terms(documents: Iterable[Document]) -> tuple[dict[str, Term], list[Finding]]:
    """The glossary by id, and LEDGER003 where two files explain one word."""
    terms: dict[str, Term] = {}
    findings: list[Finding] = []
    owners: dict[str, Place] = {}
    for document, id in _tables(documents):
        table, faults = take(document, (id,), _TERM)
        place = document.place(id)
        findings += [*faults, *_claim(owners, f"term {id}", [id], place)]
        terms.setdefault(id, Term(id, table.get("long", id), table.get("says", ""), place))
    return terms, findings


def read_technologies(documents: Iterable[Document]) -> tuple[dict[str, Technology], list[Finding]]:
    """The technologies by id, and LEDGER003 where two share an id, a name or an alias."""
    technologies: dict[str, Technology] = {}
    findings: list[Finding] = []
    owners: dict[str, Place] = {}
    ids: dict[str, Place] = {}
    for document, id in _tables(documents):
        table, faults = take(document, (id,), _TECHNOLOGY)
        names = (table.get("name", id), *table.get("aliases", ()))
        place = document.place(id)
        findings += [*faults, *_claim(ids, f"technology {id}", [id], place)]
        findings += _claim(owners, f"technology {id}", names, place)
        home = table.get("home", "")
        if home and (fault := fault_of_public(home)):
            findings.append(misfit(f"technology {id}: home {home} {fault}", place, _HOME))
        record = Technology(id, names, table.get("kind", ""), home, place, table.get("hosted", False))
        technologies.setdefault(id, record)
    return technologies, findings


def read_reviews(documents: Iterable[Document], *, today: date) -> tuple[tuple[Review, ...], list[Finding]]:
    """The reviews in the order in which they were written. One that is not whole is left out."""
    rows, findings = _read_list(documents, "review", _REVIEW)
    reviews = tuple(
        Review(place=place, sources=tuple(table.pop("sources")), **table) for table, place in rows
    )
    return reviews, findings + [fault for review in reviews for fault in check_review(review, today=today)]


def check_review(review: Review, *, today: date) -> Iterator[Finding]:
    """REVIEW001 and REVIEW002; a day of grace, as it may be tomorrow where the reviewer lives."""
    hint = "let `atlas mark-reviewed` write it"
    if not _MD5.fullmatch(review.hash):
        message = f"review of {review.id}: hash {review.hash} is not a scheme and 32 hex digits"
        yield Finding("REVIEW001", message, review.place, hint)
    if review.carried and not _MD5.fullmatch(review.carried):
        message = f"review of {review.id}: carried {review.carried} is not a scheme and 32 hex digits"
        yield Finding("REVIEW001", message, review.place, hint)
    if not (_WORD.search(review.who) and _WORD.search(review.checked)):
        message = f"review of {review.id} does not say who read, or what was checked"
        yield Finding("REVIEW001", message, review.place, hint)
    if min(review.confirmed, review.corrected, review.removed) < 0:
        yield Finding("REVIEW001", f"review of {review.id} counts below zero", review.place, hint)
    if not _RELEASE.fullmatch(review.version):
        message = f"review of {review.id}: version {review.version} is not like 1.0"
        yield Finding("REVIEW001", message, review.place, hint)
    if review.when.date() > today + timedelta(days=1):
        message = f"review of {review.id} lies in the future: {review.when.isoformat()}"
        yield Finding("REVIEW002", message, review.place, "mend its time")


def read_exemptions(documents: Iterable[Document]) -> tuple[tuple[Exemption, ...], list[Finding]]:
    """The exemptions. One that is not whole is left out, and exempts nothing."""
    rows, findings = _read_list(documents, "exemption", _EXEMPTION)
    return tuple(Exemption(place=place, **table) for table, place in rows), findings


def read_costs(documents: Iterable[Document]) -> tuple[tuple[Cost, ...], list[Finding]]:
    """What builds cost, in the order in which it was measured."""
    rows, findings = _read_list(documents, "cost", _COST)
    return tuple(Cost(**table) for table, _ in rows), findings


def read_specs(folder: Path, categories: Iterable[str]) -> dict[str, str]:
    """The MD5 of the spec pages that each category stands under; none for a category without any."""
    specs: dict[str, str] = {}
    for category in categories:
        pages = [folder / f"{name}.md" for name in sorted({ALL_CATEGORIES, category})]
        texts = [page.read_bytes().replace(b"\r\n", b"\n") for page in pages if page.is_file()]
        if texts:
            specs[category] = hashlib.md5(b"\0".join(texts), usedforsecurity=False).hexdigest()
    return specs


def append_review(path: Path, review: Review) -> None:
    """Add a review at the end of `path`, as `append_entry` does."""
    append_entry(path, _entry(review))


def append_entry(path: Path, entry: str) -> None:
    """Add TOML at the end of `path`; whoever writes at the same time waits, and a crash leaves it whole.

    Raises `LedgerError` where the file would not parse with it.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.parent):
        old = path.read_bytes() if path.exists() else b""
        gap = b"\n" if old.endswith(b"\n") else b"\n\n"
        data = (old + gap if old else b"") + entry.encode()
        try:
            tomllib.loads(data.decode())
        except ValueError as error:
            raise LedgerError(f"{path.name} does not parse with the entry added: {error}") from None
        replace_file(path, data, beside=f".{path.name}.new")


def _entry(review: Review) -> str:
    lines = ["[[review]]"]
    for key in _REVIEW:
        value = getattr(review, key)
        if value or _REVIEW[key].required:
            lines.append(f"{key} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | int | datetime | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    # A JSON string is a TOML string, but for the one control character that JSON lets stand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder: a lock on the file itself would go with it when it is replaced."""
    import fcntl  # not on Windows, where everything else here runs

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _tables(documents: Iterable[Document]) -> Iterator[tuple[Document, str]]:
    return ((document, id) for document in documents for id in document.tables)


def _read_list(
    documents: Iterable[Document], name: str, schema: Mapping[str, Key]
) -> tuple[list[tuple[Table, Place]], list[Finding]]:
    """The whole entries of `[[name]]` with their places, and what does not fit."""
    rows: list[tuple[Table, Place]] = []
    findings: list[Finding] = []
    for document, key in _tables(documents):
        entries = document.tables[key]
        if key != name or not isinstance(entries, list):
            findings.append(misfit(f"`{key}` does not belong here", document.place(key), f"write [[{name}]]"))
            continue
        for index in range(len(entries)):
            table, faults = take(document, (name, index), schema)
            findings += faults
            if all(key in table for key, rule in schema.items() if rule.required):
                rows.append((table, document.place(name, index)))
    return rows, findings


def _claim(owners: dict[str, Place], who: str, names: Iterable[str], place: Place) -> Iterator[Finding]:
    """LEDGER003 for each name that another entry owns already, whatever its case."""
    for name in dict.fromkeys(name.casefold() for name in names):
        if name in owners:
            yield Finding("LEDGER003", f"{who}: “{name}” stands at {owners[name]} already", place, "keep one")
        owners.setdefault(name, place)
