"""What is known of publications: sources, facts, terms, technologies; and what a check returns.

Records are small, frozen, plain. Nothing here reads a file or knows a library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Plane(StrEnum):
    """The four planes of a production system, in the order in which a request meets them."""

    EDGE = "edge"
    SERVICE = "service"
    STATE = "state"
    CONTROL = "control"


class Role(StrEnum):
    """What a category stands for: what its pages owe, and where a responder finds them."""

    INCIDENT = "incident"
    GUIDE = "guide"
    OTHER = ""


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


class Extent(StrEnum):
    """How much of a source was read."""

    FULL = "full"
    OPENING = "opening"
    DIGEST = "digest"

    @property
    def words(self) -> str:
        """As readers are told: `read in full`."""
        return {"full": "read in full", "opening": "its opening was read"}.get(self, "a digest was read")


class Standing(StrEnum):
    """What a box or an arrow of a drawing rests on. Always computed, never typed."""

    PUBLISHED = "published"
    TRIED = "tried"
    ADVICE = "advice"


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


NOWHERE: Final = Place("")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a check returns: which rule, what is wrong, where, and how to mend it."""

    rule: str
    message: str
    place: Place
    hint: str = ""
    diagram: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` to `high` (equal for a single number) in `unit`; both in the base unit of its dimension."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is true since a later version: `fact` is the id of the fact that says so, `since` the version."""

    since: str
    fact: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure in one source. `id` is `publisher/key:name`.

    `as_of` is the last day of the time that the figure is true of; `dated` is that time as the ledger has it
    where it is no day: `2020`, `2020-11` or `undated`. `of` is what it is true of (`RabbitMQ 3.13`).
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
    dated: str = ""
    of: str = ""
    copy: str = ""
    changed: Change | None = None

    @property
    def when(self) -> str:
        """The time that it is true of, as exact as it is known; empty where none is given."""
        return self.dated or (self.as_of.isoformat() if self.as_of else "")

    @property
    def source(self) -> str:
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that was read. `id` is `publisher/key`.

    `copy` is `owner/repository@commit:path` where the text was read in a stored copy and not at `url`;
    `of` is what documentation or code is true of (`RabbitMQ 3.13`). `tier` is a name that the house gives;
    where that is none of the engine's, it is judged `like` one of them.
    """

    id: str
    title: str
    url: str
    publisher: str
    tier: str
    read: date
    extent: Extent
    place: Place
    published: date | None = None
    archive: str = ""
    commit: str = ""
    copy: str = ""
    of: str = ""
    facts: tuple[Fact, ...] = ()
    like: Tier | None = None

    @property
    def speaks(self) -> Tier:
        """The engine's own tier, by which it is judged."""
        return self.like or Tier(self.tier)

    @property
    def second_hand(self) -> bool:
        """True where its figures are printed with “as reported by”."""
        return self.speaks in (Tier.PRESS, Tier.DIGEST)


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
