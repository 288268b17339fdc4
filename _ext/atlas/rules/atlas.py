"""The sealed atlas: diagrams with everything that is known of them. Read-only once `seal` has made it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from atlas.records.model import Fact, Finding, Plane, Role, Source, Standing, Status
from atlas.records.notes import CommandNote, DiagramNote, Edge, Node, PageNote, TimelineRow
from atlas.records.plan import Category, Entry, Ledgers, Review, Trial

from . import figures
from .evidence import key_of
from .gates import GateResult
from .strictness import Debt


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram with everything that is known of it.

    `planes` maps node ids, `facts` maps references as written to facts; `cited` holds every fact that its
    page shows, those of the drawing first. `page_title` is empty where a page shows several diagrams.
    `commands` stand in the order of the page, `timeline` in that of time.
    """

    note: DiagramNote
    category: str
    planes: Mapping[str, Plane]
    facts: Mapping[str, Fact]
    cited: tuple[Fact, ...]
    sources: tuple[Source, ...]
    gates: tuple[GateResult, ...]
    status: Status
    hash: str
    review: Review | None = None
    entry: Entry | None = None
    findings: tuple[Finding, ...] = ()
    page_title: str = ""
    standing: Mapping[str, Standing] = field(default_factory=dict)
    commands: tuple[CommandNote, ...] = ()
    timeline: tuple[TimelineRow, ...] = ()
    role: Role = Role.OTHER
    trial: Trial | None = None

    @property
    def name(self) -> str:
        """What links and lists call it: the title of its page, which names the technology or the incident."""
        return self.page_title or self.title or self.id

    @property
    def id(self) -> str:
        return self.note.id

    @property
    def values(self) -> dict[str, str]:
        """Reference to the value that is shown for it."""
        return {reference: fact.value for reference, fact in self.facts.items()}

    @property
    def title(self) -> str:
        return figures.fill(self.note.title, self.values)

    @property
    def caption(self) -> str:
        return figures.fill(self.note.caption, self.values)

    @property
    def alt(self) -> str:
        return figures.fill(self.note.alt, self.values)

    @property
    def dates(self) -> list[date]:
        """The days of its figures, the oldest first."""
        return sorted(f.as_of for f in self.cited if f.as_of)

    @property
    def sourced(self) -> bool:
        """False for an honest page that says that nothing is published."""
        return any(f.quantity for f in self.cited)

    def label(self, text: str) -> str:
        """A label with its values filled in, on one line."""
        return " ".join(figures.fill(text, self.values).split())

    def standing_of(self, part: Node | Edge) -> Standing:
        """What a box or an arrow rests on."""
        return self.standing.get(key_of(part), Standing.ADVICE)

    def count_standing(self) -> dict[Standing, int]:
        """How many boxes and arrows rest on what."""
        counted = Counter(self.standing.values())
        return {standing: counted[standing] for standing in Standing}

    def said(self, text: str) -> str:
        """Words of the page in which figures stand as `${publisher/key:fact}`, with their values."""
        return figures.fill(text, {fact.id: fact.value for fact in self.cited})

    @property
    def run_first(self) -> list[CommandNote]:
        """The commands that decide, in the order of the page."""
        return [command for command in self.commands if command.run_first]

    def facts_of(self, label: str) -> list[Fact]:
        """The facts that a label shows."""
        return [self.facts[r] for r in figures.references(label) if r in self.facts]


@dataclass(frozen=True, slots=True)
class Atlas:
    """The sealed atlas. Diagrams are in id order, pages in docname order; nothing changes it.

    `debt` counts what is no finding yet, as the project is not that strict.
    """

    ledgers: Ledgers
    today: date
    diagrams: Mapping[str, Diagram] = field(default_factory=dict)
    pages: Mapping[str, PageNote] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    by_page: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    debt: Debt = field(default_factory=Debt)

    def on_page(self, docname: str) -> list[Diagram]:
        """The diagrams of a page, in the order in which they stand there."""
        return [self.diagrams[id] for id in self.by_page.get(docname, ())]

    def with_findings(self, more: Iterable[Finding]) -> Atlas:
        """This atlas with findings that came later, each beside the others of its diagram."""
        later: dict[str, list[Finding]] = defaultdict(list)
        for finding in more:
            later[finding.diagram].append(finding)
        found = tuple(finding for group in later.values() for finding in group)
        diagrams = {
            id: replace(d, findings=(*d.findings, *later[id])) if id in later else d
            for id, d in self.diagrams.items()
        }
        return replace(self, diagrams=diagrams, findings=(*self.findings, *found))

    def category(self, id: str) -> Category | None:
        return next((c for c in self.ledgers.catalogue.categories if c.id == id), None)

    def title_of(self, target: str) -> str:
        """The title of a diagram, source or term; the id itself where it is none of them."""
        if target in self.diagrams:
            return self.diagrams[target].name
        if target in self.ledgers.sources:
            return self.ledgers.sources[target].title
        return target

    def system_name(self, id: str) -> str:
        return next((s.name for s in self.ledgers.catalogue.systems if s.id == id), id)

    def docname_of(self, target: str) -> str:
        """The page of a diagram; empty for anything else."""
        return self.diagrams[target].note.docname if target in self.diagrams else ""
