"""Snapshots: what `atlas status --record` counted on a day, from which the site draws its trends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from types import MappingProxyType

from .model import Finding
from .plan import Snapshot
from .toml import Document, Key, misfit, take

_SNAPSHOT: Mapping[str, Key] = MappingProxyType(
    {f.name: Key(date if f.name == "day" else int, required=True) for f in fields(Snapshot)}
)


def read_snapshots(documents: Iterable[Document]) -> tuple[tuple[Snapshot, ...], list[Finding]]:
    """The snapshots, the oldest first, and what does not fit. One that is not whole is left out."""
    snapshots: list[Snapshot] = []
    findings: list[Finding] = []
    for document in documents:
        for name, entries in document.tables.items():
            if name != "snapshot" or not isinstance(entries, list):
                findings.append(
                    misfit(f"`{name}` does not belong here", document.place(name), "write [[snapshot]]")
                )
                continue
            for index in range(len(entries)):
                table, faults = take(document, (name, index), _SNAPSHOT)
                findings += faults
                if not faults:
                    snapshots.append(Snapshot(**table))
    return tuple(sorted(snapshots, key=lambda snapshot: snapshot.day)), findings


def render_snapshot(snapshot: Snapshot) -> str:
    """A snapshot as the entry that `read_snapshots` reads."""
    lines = (f"{key} = {value}" for key, value in asdict(snapshot).items())
    return "\n".join(["[[snapshot]]", *lines]) + "\n"
