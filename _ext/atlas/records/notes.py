"""What pages note while they are read: graphs, answers of gates, commands, timelines, words, references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .model import NOWHERE, Finding, Place


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
class Evidence:
    """Where an arrow or a box is published: at most eight `words` of a `source`.

    `line` is its own line in the Mermaid text, `under` that of what it stands under; 0 where that is nothing.
    """

    source: str
    words: str
    line: int
    under: int


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
    evidence: tuple[Evidence, ...] = ()


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
class CommandNote:
    """One `atlas-command` as it was read: one thing to run, what it does, and what to expect of it.

    `on` holds a tool and its versions each. `expect` is a regular expression, `nothing` where it prints
    nothing on success, empty where nobody knows. `look` is the id of the command that shows beforehand what
    `loses` says is lost. `prints` is a sample of the output; `says` is the paragraph below the block.
    `options` are those that no command has or that stand twice. `gate` is empty outside of gates.
    """

    id: str
    docname: str
    place: Place
    text: str
    diagram: str = ""
    gate: str = ""
    effect: str = ""
    on: tuple[str, ...] = ()
    expect: str = ""
    run_first: bool = False
    loses: str = ""
    look: str = ""
    prints: str = ""
    says: str = ""
    placeholders: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One row of a timeline: when (a fact, or its source where no time is published), what kind, what.

    `event` holds its figures as `${publisher/key:fact}`; `typed` is the same with “…” for them and for code.
    """

    reference: str
    kind: str
    event: str
    place: Place
    typed: str = ""

    @property
    def source(self) -> str:
        return self.reference.partition(":")[0]

    @property
    def timed(self) -> bool:
        return ":" in self.reference


@dataclass(frozen=True, slots=True)
class TimelineNote:
    """One `atlas-timeline` as it was read; `diagram` is the id it speaks of."""

    diagram: str
    docname: str
    place: Place
    rows: tuple[TimelineRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeNote:
    """A plain block of code on a page; `language` as written."""

    language: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class FactUse:
    """A `{atlas:fact}` or `{atlas:source}` in prose: `target` is the reference as written.

    The role `time` is that of a row of a timeline, which names a fact or a source.
    """

    target: str
    docname: str
    place: Place
    role: str = "fact"


@dataclass(frozen=True, slots=True)
class PageNote:
    """What a page says besides its diagrams: title, words outside and inside its gates, links by id.

    `prose` and `answers` hold a `line<TAB>text` for each block of text, without its code and figures;
    `file:line<TAB>text` where the page includes another file.
    `explained` are the placeholders that its words stand beside; `code` are its blocks that are no commands.
    `judged` is False of a page whose words are no business of the atlas.
    """

    docname: str
    title: str
    prose: str = ""
    place: Place = NOWHERE
    uses: tuple[FactUse, ...] = ()
    answers: str = ""
    explained: tuple[str, ...] = ()
    code: tuple[CodeNote, ...] = ()
    judged: bool = True

    @property
    def blocks(self) -> Iterator[tuple[Place, str]]:
        """The place and the text of each block, inside and outside of its gates."""
        for block in f"{self.prose}\n{self.answers}".split("\n"):
            spot, _, text = block.partition("\t")
            path, _, line = spot.rpartition(":")
            yield Place(path or self.place.path, int(line or 0)), text


@dataclass(frozen=True, slots=True)
class Notes:
    """All that the pages of a build noted, in docname order."""

    diagrams: tuple[DiagramNote, ...] = ()
    gates: tuple[GateNote, ...] = ()
    pages: tuple[PageNote, ...] = ()
    findings: tuple[Finding, ...] = ()
    commands: tuple[CommandNote, ...] = ()
    timelines: tuple[TimelineNote, ...] = ()
