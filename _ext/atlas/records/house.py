"""The house: which gates there are, which pages owe which, who speaks in a source, and who is never cited.

That of this atlas is `house.toml`. A project sets tables in their place, in the `atlas.toml` of its ledgers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from .model import Finding, Role, Tier
from .toml import Document, Key, Keys, Table, misfit, read_document, take

NAME: Final = "atlas.toml"
"""The file of a data folder in which a project says what is otherwise in its house."""
COMPUTED: Final = "new-hire"
"""The gate whose checks are computed. A house may leave checks of it out, and the gate too."""
COMPUTED_CHECKS: Final = (
    *("Acronyms explained", "Technologies versioned", "Flow directional", "Dependencies explicit"),
    "Scale shown",
)
Choices: TypeAlias = tuple[frozenset[str], ...]
"""Gates that are owed; of each set, one is enough."""
Changes: TypeAlias = tuple[dict[str, Any], list[Finding]]
"""Fields of a house, and what is wrong in the table that they come from."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: what a reader is after, and its checks. Checks of a computed gate need no words.

    `title` is its name for authors, `name` that of the part of a page which answers it.
    """

    id: str
    title: str
    name: str
    question: str
    checks: tuple[str, ...]

    @property
    def computed(self) -> bool:
        return self.id == COMPUTED


@dataclass(frozen=True, slots=True)
class Charge:
    """What a category stands for, and what its pages owe; None is what all others owe."""

    role: Role = Role.OTHER
    owes: Choices | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What a project may set otherwise, each with the order in which it is written."""

    gates: Mapping[str, Gate] = field(default_factory=dict)
    owes: Choices = ()
    categories: Mapping[str, Charge] = field(default_factory=dict)
    kinds: Mapping[str, Choices] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    never_cited: frozenset[str] = frozenset()
    never_copied: frozenset[str] = frozenset()

    def owed(self, category: str, kind: str = "") -> Choices:
        """The gates that a page owes: by its kind, else by its category. The computed one is owed by all."""
        own = self.kinds.get(kind, self.categories.get(category, Charge()).owes)
        return self.owes if own is None else own

    def role(self, category: str) -> Role:
        return self.categories.get(category, Charge()).role

    @property
    def roles(self) -> dict[str, Role]:
        """The categories that stand for something."""
        return {id: charge.role for id, charge in self.categories.items() if charge.role}


_TEXT = Key(str, required=True)
_LIST = Key(list, required=True)
_GATE: Mapping[str, Key] = MappingProxyType(
    {"title": _TEXT, "name": _TEXT, "question": _TEXT, "checks": _LIST}
)
_CATEGORY: Mapping[str, Key] = MappingProxyType(
    {"role": Key(str, choices=(Role.INCIDENT, Role.GUIDE)), "owes": Key(list)}
)
_OWING: Mapping[str, Key] = MappingProxyType({"owes": _LIST})
_SOURCE: Mapping[str, Key] = MappingProxyType({"never_cited": Key(list), "never_copied": Key(list)})
_ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_PARTS_OF_PAGES = frozenset(
    "checked evidence nodes other over sections sources steps text texts timeline".split()
)
"""What other parts of a page are called in their addresses."""


def find_house(folder: Path, project: Path) -> tuple[House, list[Finding]]:
    """The house of a data folder: this atlas's own where there is no other."""
    path = folder / NAME
    if not path.is_file():
        return HOUSE, []
    document, findings = read_document(path, project)
    house, faults = read_house(document, HOUSE)
    return house, [*findings, *faults]


def read_house(document: Document, own: House) -> tuple[House, list[Finding]]:
    """`own` with the tables of a document in place of its own, and what does not fit."""
    changes: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, table in document.tables.items():
        place = document.place(name)
        if name not in _READERS:
            findings.append(
                misfit(f"unknown table `{name}`", place, _offer(name, _READERS, "the tables are"))
            )
        elif not isinstance(table, dict):
            findings.append(misfit(f"`{name}` must be a table", place, f"write [{name}] above its keys"))
        else:
            found, faults = _READERS[name](document)
            changes |= found
            findings += faults
    house = replace(own, **changes)
    return house, [*findings, *_check_owed(house, document)]


def _read_gates(document: Document) -> Changes:
    rows, findings = _rows(document, "gate", _GATE)
    gates = {id: Gate(id=id, **table | {"checks": tuple(table["checks"])}) for id, table in rows.items()}
    return {"gates": gates}, [*findings, *(f for gate in gates.values() for f in _check_gate(gate, document))]


def _check_gate(gate: Gate, document: Document) -> Iterator[Finding]:
    place = document.place("gate", gate.id, "checks")
    if gate.id in _PARTS_OF_PAGES:
        message = f"gate `{gate.id}` has the name of another part of pages"
        yield misfit(message, document.place("gate", gate.id), "give it another")
    if len(set(gate.checks)) < len(gate.checks):
        yield misfit(f"gate `{gate.id}` asks the same twice", place, "keep one of the two")
    if not all(map(str.strip, gate.checks)) or not (gate.checks or gate.computed):
        yield misfit(f"gate `{gate.id}` asks nothing", place, 'write checks = ["What is to be answered"]')
    for term in gate.checks if gate.computed else ():
        if term not in COMPUTED_CHECKS:
            hint = _offer(term, COMPUTED_CHECKS, "it may have")
            yield misfit(f"gate `{gate.id}` is computed and knows no `{term}`", place, hint)


def _read_categories(document: Document) -> Changes:
    rows, findings = _rows(document, "category", _CATEGORY)
    charges = {
        id: Charge(Role(table.get("role", Role.OTHER)), _choices(table["owes"]) if "owes" in table else None)
        for id, table in rows.items()
    }
    return {"categories": charges}, findings


def _read_kinds(document: Document) -> Changes:
    rows, findings = _rows(document, "kind", _OWING)
    return {"kinds": {id: _choices(table["owes"]) for id, table in rows.items()}}, findings


def _read_page(document: Document) -> Changes:
    table, findings = take(document, ("page",), _OWING)
    return {"owes": _choices(table["owes"])} if "owes" in table else {}, findings


def _read_tiers(document: Document) -> Changes:
    names = document.tables["tier"]
    table, findings = take(document, ("tier",), {name: Key(str, choices=tuple(Tier)) for name in names})
    return {"tiers": {name: Tier(like) for name, like in table.items()}}, findings


def _read_source(document: Document) -> Changes:
    table, findings = take(document, ("source",), _SOURCE)
    hosts, repositories = table.get("never_cited", ()), table.get("never_copied", ())
    for key, names, form, like in (
        ("never_cited", hosts, _HOST, "host; write it as example.org, without address and path"),
        ("never_copied", repositories, _REPOSITORY, "repository; write it as owner/name"),
    ):
        what, _, hint = like.partition("; ")
        place = document.place("source", key)
        findings += [misfit(f"`{n}` is no {what}", place, hint) for n in names if not form.fullmatch(n)]
    lower = frozenset(name.lower() for name in repositories)
    return {"never_cited": frozenset(hosts), "never_copied": lower}, findings


_READERS: Mapping[str, Callable[[Document], Changes]] = MappingProxyType(
    {
        "gate": _read_gates,
        "page": _read_page,
        "category": _read_categories,
        "kind": _read_kinds,
        "tier": _read_tiers,
        "source": _read_source,
    }
)


def _rows(document: Document, name: str, schema: Mapping[str, Key]) -> tuple[dict[str, Table], list[Finding]]:
    """The whole rows of `[name.ID]` by their ids, and what does not fit."""
    rows: dict[str, Table] = {}
    findings: list[Finding] = []
    for id in document.tables[name]:
        table, faults = take(document, (name, id), schema)
        findings += faults
        if not _ID.fullmatch(id):
            hint = "use lower-case words and digits, with dashes"
            findings.append(misfit(f"`{id}` cannot be a {name}", document.place(name, id), hint))
        elif all(key in table for key, rule in schema.items() if rule.required):
            rows[id] = table
    return rows, findings


def _choices(owes: Iterable[str]) -> Choices:
    return tuple(frozenset(choice.split(" or ")) for choice in owes)


def _check_owed(house: House, document: Document) -> Iterator[Finding]:
    """What is owed and is no gate: where the document says so, or where it leaves a gate out that is owed."""
    written = document.tables.get("gate")
    gates = house.gates.keys() | (written.keys() if isinstance(written, dict) else set())
    left: dict[str, list[str]] = defaultdict(list)
    for keys, choices in _charges(house):
        for gate in sorted(frozenset().union(*choices) - gates):
            if keys[0] in document.tables:
                message = f"`{'.'.join(map(str, keys))}` names the unknown gate `{gate}`"
                yield misfit(message, document.place(*keys), _offer(gate, gates, "the gates are"))
            else:
                left[gate].append(".".join(map(str, keys[:-1])))
    for gate, owners in left.items():
        message = f"`gate` leaves out `{gate}`, which {', '.join(owners)} owe"
        yield misfit(message, document.place("gate"), "keep it, or write what they owe instead")


def _charges(house: House) -> Iterator[tuple[Keys, Choices]]:
    yield ("page", "owes"), house.owes
    for id, charge in house.categories.items():
        yield ("category", id, "owes"), charge.owes or ()
    for id, choices in house.kinds.items():
        yield ("kind", id, "owes"), choices


def _offer(name: str, known: Iterable[str], else_: str) -> str:
    near = get_close_matches(name, known := sorted(known), n=1)
    return f"did you mean `{near[0]}`?" if near else f"{else_} {', '.join(known)}"


def _read_own() -> House:
    path = Path(__file__).with_name("house.toml")
    return read_house(read_document(path, path.parent)[0], House())[0]


HOUSE: Final = _read_own()
