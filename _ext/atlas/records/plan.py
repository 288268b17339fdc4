"""What is planned and kept: the catalogue, reviews, exemptions, snapshots, and all ledgers as one record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .house import HOUSE, House
from .model import Fact, Finding, Place, Source, Technology, Term


@dataclass(frozen=True, slots=True)
class Entry:
    """A diagram that the catalogue plans. `grade` is that of its evidence (A, A-, B, C).

    What nobody published was `searched` on a day; `where` says in which texts.
    """

    id: str
    title: str
    category: str
    phase: int
    place: Place
    system: str = ""
    kind: str = ""
    grade: str = ""
    searched: date | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A category and how many diagrams it is to hold."""

    id: str
    title: str
    target: int
    phase: int
    core: bool = True


@dataclass(frozen=True, slots=True)
class Phase:
    """A step of the plan: number, title, diagrams due."""

    number: int
    title: str
    target: int


@dataclass(frozen=True, slots=True)
class System:
    """An operator. `tier` 1 to 3 for the thirty of the plan, 0 for others named by pages."""

    id: str
    name: str
    tier: int


@dataclass(frozen=True, slots=True)
class Kind:
    """What a page of a system shows: `storage`, `cost-breakdown`."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is planned. `kinds` stand in the order of the matrix."""

    categories: tuple[Category, ...] = ()
    phases: tuple[Phase, ...] = ()
    systems: tuple[System, ...] = ()
    entries: tuple[Entry, ...] = ()
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A second reading of one content hash. The counts are of facts.

    `carried` is the hash that was read where a program proved that drawing, figures and words are the same.
    """

    id: str
    hash: str
    version: str
    when: datetime
    who: str
    checked: str
    sources: tuple[str, ...]
    place: Place
    spec: str = ""
    confirmed: int = 0
    corrected: int = 0
    removed: int = 0
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A guide that was tried with the real software, or why it was not (`untried`).

    `commands` are the ids that were run, `key` is the hash of what they said then; `shows` names boxes
    (`NODE`) and arrows (`TAIL->HEAD`) of the drawing that the trial has seen.
    """

    guide: str
    place: Place
    software: str = ""
    day: date | None = None
    commands: tuple[str, ...] = ()
    key: str = ""
    shows: tuple[str, ...] = ()
    untried: str = ""


class Cited(StrEnum):
    """Whether the words of a claim stand in the copy that it cites; `beside`: not at the line that it
    names.
    """

    SEEN = "seen"
    BESIDE = "beside"
    MISSING = "missing"
    UNREAD = "unread"


class Newest(StrEnum):
    """What became of the words in the newest version of the same document."""

    STANDS = "stands"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Check:
    """A fact or an evidence line looked up in copies of repositories, on a day (`on`).

    `by` is what was looked for: its `words`, the `line` that it names, or its `value`; `key` is of what it
    said then.
    `at` is the commit of the newest text and `of` the day of that; `newest` is None where only the cited
    copy counts,
    because it is no repository of the publisher's. `path` is where it moved to, `why` what kept it from
    being read.
    """

    id: str
    place: Place
    key: str
    on: date
    cited: Cited
    by: str = ""
    newest: Newest | None = None
    at: str = ""
    of: date | None = None
    path: str = ""
    why: str = ""

    @property
    def seen(self) -> bool:
        """In the copy that is cited."""
        return self.cited in (Cited.SEEN, Cited.BESIDE)

    @property
    def stands(self) -> bool:
        """In the newest text, too."""
        return self.newest in (Newest.STANDS, Newest.MOVED)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule that a diagram, or all that stands on a page (`page:DOCNAME`), need not obey until a day."""

    rule: str
    diagram: str
    reason: str
    approver: str
    expires: date
    place: Place


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stood on a day: diagrams created, of them sourced and up to date; facts, sources, findings."""

    day: date
    created: int
    sourced: int
    reviewed: int
    facts: int
    sources: int
    findings: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step of building a site of so many `pages` cost, as `tools/bench.py` measured it.

    `site` is `atlas`, or `floor`: the same pages without diagrams in the plainest theme. `cpu` and `wall` are
    milliseconds, medians of `repeat` runs; `spread` is per mille of the median; `peak` is MB of the largest
    process.
    """

    day: date
    commit: str
    machine: str
    pages: int
    repeat: int
    site: str
    step: str
    cpu: int
    spread: int
    wall: int
    peak: int


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Everything that is read from `folder` and `spec`, with what was wrong in it; and the house."""

    sources: dict[str, Source] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    technologies: dict[str, Technology] = field(default_factory=dict)
    catalogue: Catalogue = Catalogue()
    reviews: tuple[Review, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    specs: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    trials: dict[str, Trial] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    costs: tuple[Cost, ...] = ()
    house: House = HOUSE
    folder: str = "source/_data"

    def fact(self, ref: str) -> Fact | None:
        """The fact of a full reference `publisher/key:name`."""
        source = self.sources.get(ref.partition(":")[0])
        return next((f for f in source.facts if f.id == ref), None) if source else None
