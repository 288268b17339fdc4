"""The ledger of checks: when the words of each claim were last seen, in the cited copy and in the newest
text.

Written by `atlas recheck`, never by hand: one file a publisher, one line a claim. A claim is a fact, by its
id, or an evidence line, by its source and words: `publisher/key "words"`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from .model import Fact, Finding, Source
from .plan import Check, Cited, Newest
from .toml import Document, Key, Table, take

HEAD = "# Written by `atlas recheck --copies DIR`, never by hand.\n"
_HINT = "delete the line; `atlas recheck --copies DIR` writes it anew"
_CHECK: Mapping[str, Key] = MappingProxyType(
    {
        "key": Key(str, required=True),
        "on": Key(date, required=True),
        "by": Key(str, choices=("words", "line", "value")),
        "cited": Key(str, required=True, choices=tuple(Cited)),
        "newest": Key(str, choices=tuple(Newest)),
        "at": Key(str),
        "of": Key(date),
        "path": Key(str),
        "why": Key(str),
    }
)


def read_checks(documents: Iterable[Document], *, today: date) -> tuple[dict[str, Check], list[Finding]]:
    """Claim to its check. A row that does not fit is left out: LEDGER002, CHECK001, CHECK002 where it is
    doubled.
    """
    checks: dict[str, Check] = {}
    findings: list[Finding] = []
    for document in documents:
        publisher = document.path.rpartition("/")[2].removesuffix(".toml")
        for id in document.tables:
            table, faults = take(document, (id,), _CHECK)
            findings += faults
            if faults:
                continue
            check = Check(id=id, place=document.place(id), **_typed(table))
            if fault := _fault(check, publisher, today):
                findings.append(Finding("CHECK001", f"check of {id} {fault}", check.place, _HINT))
            elif id in checks:
                message = f"check of {id} stands at {checks[id].place} already"
                findings.append(Finding("CHECK002", message, check.place, _HINT))
            else:
                checks[id] = check
    return checks, findings


def _typed(table: Table) -> Table:
    newest = table.get("newest")
    return {**table, "cited": Cited(str(table["cited"])), "newest": Newest(str(newest)) if newest else None}


def _fault(check: Check, publisher: str, today: date) -> str:
    """What contradicts itself in a check; nothing where all is well. A day of grace, as for reviews."""
    if not check.id.startswith(f"{publisher}/"):
        return f"is not of {publisher}"
    for day in (check.on, check.of):
        if day and day > today + timedelta(days=1):
            return f"lies in the future: {day}"
    if check.newest in (Newest.STANDS, Newest.MOVED, Newest.CHANGED, Newest.GONE) and not (
        check.at and check.of
    ):
        return f"says {check.newest} and not in which text: `at` and `of` are missing"
    if (check.newest is Newest.MOVED) != bool(check.path):
        return (
            "gives a `path` where nothing moved" if check.path else "does not say where it moved: no `path`"
        )
    if check.newest is Newest.UNREAD or check.cited is Cited.UNREAD:
        return "" if check.why else "does not say why it was not read"
    return ""


def render_checks(checks: Iterable[Check]) -> str:
    """Checks as the file that `read_checks` reads, in the order of their claims."""
    return HEAD + "".join(
        f"{_quoted(c.id)} = {{ {_fields(c)} }}\n" for c in sorted(checks, key=lambda c: c.id)
    )


def _fields(check: Check) -> str:
    given = ((name, getattr(check, name)) for name in _CHECK)
    return ", ".join(f"{name} = {_toml(value)}" for name, value in given if value)


def _toml(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, but for the one control character that JSON lets stand.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def fact_key(source: Source, fact: Fact) -> str:
    """What a check of a fact is a check of: where these words move, it is of other words."""
    return key_of(fact.value, fact.text, fact.where, fact.copy or source.copy, source.commit, source.url)


def evidence_id(source: str, words: str) -> str:
    """What the ledger calls an evidence line."""
    return f'{source} "{words}"'


def evidence_key(source: Source) -> str:
    """The same for an evidence line, whose words are in its id."""
    return key_of(source.copy, source.commit, source.url)


@lru_cache(maxsize=65_536)
def key_of(*said: str) -> str:
    """Twelve hex digits of MD5."""
    return hashlib.md5(json.dumps(said).encode(), usedforsecurity=False).hexdigest()[:12]


def checks_of(
    sources: Iterable[Source], checks: Mapping[str, Check]
) -> Iterator[tuple[Source, Fact, Check | None]]:
    """Each fact that is not derived, with its check; None where it has none, or one of other words."""
    for source in sources:
        for fact in source.facts:
            if not fact.derived:
                yield source, fact, check_of(source, fact, checks)


def check_of(source: Source, fact: Fact, checks: Mapping[str, Check]) -> Check | None:
    """The check of a fact as it stands."""
    check = checks.get(fact.id)
    return check if check and check.key == fact_key(source, fact) else None
