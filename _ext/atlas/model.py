"""The records of the atlas: small, frozen, plain. Nothing here reads a file or knows a library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Plane(StrEnum):
    """The four planes of a production system, in the order in which a request meets them."""

    EDGE = "edge"
    SERVICE = "service"
    STATE = "state"
    CONTROL = "control"


class Severity(StrEnum):
    """`error` fails every build; `warning` fails where warnings are errors."""

    ERROR = "error"
    WARNING = "warning"


class Tier(StrEnum):
    """Who speaks in a source."""

    OPERATOR = "operator"
    PAPER = "paper"
    DOCS = "docs"
    CODE = "code"
    FILING = "filing"
    TALK = "talk"
    PRESS = "press"
    DIGEST = "digest"

    @property
    def second_hand(self) -> bool:
        """True where the figure is printed with “as reported by”."""
        return self in (Tier.PRESS, Tier.DIGEST)


class Extent(StrEnum):
    """How much of a source was read."""

    FULL = "full"
    OPENING = "opening"
    DIGEST = "digest"

    @property
    def words(self) -> str:
        """As readers are told: `read in full`."""
        return {"full": "read in full", "opening": "its opening was read"}.get(self, "a digest was read")


class Status(StrEnum):
    """Where a planned diagram stands. Always computed, never typed."""

    NOT_CREATED = "not_created"
    MISSING_VERSION = "missing_version"
    NEEDS_REVIEW = "needs_review"
    OUTDATED = "outdated"
    UP_TO_DATE = "up_to_date"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: `path` relative to the project, `line` from 1 (0 = the whole file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a check returns: which rule, what is wrong, where, and how to mend it."""

    rule: str
    message: str
    place: Place
    hint: str = ""
    diagram: str = ""


# Mermaid ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A box of a diagram. `label` is as written, with `${fact}`, lines parted by a newline."""

    id: str
    label: str
    line: int
    group: str = ""
    shape: str = "square"
    classes: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What moves from `tail` to `head`. `dashed` marks a failure path."""

    tail: str
    head: str
    label: str = ""
    line: int = 0
    dashed: bool = False
    directed: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A subgraph, composite state or box; `group` is the one around it."""

    id: str
    title: str
    line: int
    group: str = ""
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A parsed diagram. Lines count from 1 within the Mermaid text.

    `class_defs` holds `(name, (“fill:#0066CC”, …), line)`.
    """

    kind: str
    direction: str = "TB"
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()
    class_defs: tuple[tuple[str, tuple[str, ...], int], ...] = ()


# Quantities, facts and sources ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` to `high` (equal for a single number) in `unit`; both in the base unit of its dimension."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure in one source. `id` is `publisher/key:name`.

    `corroborates` is the id of a fact in another source that gives the same figure.
    """

    id: str
    value: str
    says: str
    place: Place
    text: str = ""
    where: str = ""
    as_of: date | None = None
    statistic: str = ""
    scope: str = ""
    derived: str = ""
    quantity: Quantity | None = None
    corroborates: str = ""

    @property
    def source(self) -> str:
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that was read. `id` is `publisher/key`.

    `copy` is `owner/repository@commit:path` where the text was read in a stored copy and not at `url`.
    """

    id: str
    title: str
    url: str
    publisher: str
    tier: Tier
    read: date
    extent: Extent
    place: Place
    published: date | None = None
    archive: str = ""
    commit: str = ""
    copy: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry: the acronym or word, its long form, one sentence."""

    id: str
    long: str
    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Technology:
    """A product that labels name; `names` are all its spellings, the first one canonical.

    `hosted` marks a service that has no release to name (S3, Slack).
    """

    id: str
    names: tuple[str, ...]
    kind: str
    home: str
    place: Place
    hosted: bool = False

    @property
    def name(self) -> str:
        return self.names[0]


# The plan ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A diagram that the catalogue plans. `grade` is that of its evidence (A, A-, B, C)."""

    id: str
    title: str
    category: str
    phase: int
    place: Place
    system: str = ""
    kind: str = ""
    grade: str = ""


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
    """A second reading of one content hash. The counts are of facts."""

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


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule that a diagram need not obey, until a day, by leave of someone."""

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
class Ledgers:
    """Everything that is read from `_data` and `spec`, with what was wrong in it."""

    sources: dict[str, Source] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    technologies: dict[str, Technology] = field(default_factory=dict)
    catalogue: Catalogue = Catalogue()
    reviews: tuple[Review, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    specs: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()

    def fact(self, ref: str) -> Fact | None:
        """The fact of a full reference `publisher/key:name`."""
        source = self.sources.get(ref.partition(":")[0])
        return next((f for f in source.facts if f.id == ref), None) if source else None


# What pages note -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DiagramNote:
    """One `atlas-diagram` as it was read. `graph` is None where its text did not parse.

    `first_line` is the line of the page on which the Mermaid text begins.
    """

    id: str
    docname: str
    place: Place
    text: str
    first_line: int
    graph: Graph | None
    title: str = ""
    system: str = ""
    category: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()
    version: str = ""
    caption: str = ""
    alt: str = ""
    symptoms: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckNote:
    """One answered check of a gate: its term, its text, what stands in code in it."""

    term: str
    text: str
    line: int
    literals: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateNote:
    """One `quality-gate` as it was read; `diagram` is the id it speaks of."""

    gate: str
    diagram: str
    docname: str
    place: Place
    checks: tuple[CheckNote, ...] = ()


@dataclass(frozen=True, slots=True)
class FactUse:
    """A `{atlas:fact}` or `{atlas:source}` in prose: `target` is the reference as written."""

    target: str
    docname: str
    place: Place
    role: str = "fact"


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a page says besides its diagrams: title, words outside and inside its gates, links by id.

    `prose` and `answers` hold a `line<TAB>text` for each block of text, without its code and figures.
    """

    docname: str
    title: str
    prose: str = ""
    place: Place = Place("")
    uses: tuple[FactUse, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """All that the pages of a build noted, in docname order."""

    diagrams: tuple[DiagramNote, ...] = ()
    gates: tuple[GateNote, ...] = ()
    pages: tuple[PageNote, ...] = ()
    findings: tuple[Finding, ...] = ()
