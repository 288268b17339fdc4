"""Bringing plain Mermaid in: which blocks can be diagrams of the atlas, under which id, in which planes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from atlas.diagrams import mermaid, planes
from atlas.records.model import Finding, Place, Plane
from atlas.records.notes import DiagramNote, Graph
from atlas.rules.spelt import typed_figures

from .blocks import Block
from .making_lawful import Mended, describe, mend, place, plain, without_looks
from .mermaid_files import MARKDOWN, RST, check_block, follow, read_blocks, read_headings
from .proposing import Proposal, propose
from .terminal import RefusalError

_KEPT = {"title", "caption", "alt", "name"}
_FIRST = "diagrams"
"""The category of diagrams whose page stands in no folder, or in one that owes what only systems have."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A block that comes in: what it becomes, which planes are proposed, what is `gone` from its text."""

    path: str
    block: Block
    id: str
    title: str
    alt: str
    text: str
    graph: Graph
    proposals: Sequence[Proposal] = ()
    gone: Sequence[str] = ()

    @property
    def asked(self) -> list[Proposal]:
        """The boxes whose plane no word tells."""
        return [proposal for proposal in self.proposals if not proposal.word]

    @property
    def place(self) -> Place:
        return Place(self.path, self.block.start or 1)

    @property
    def boxes(self) -> int:
        return sum(node.shape not in planes.PSEUDO_STATES for node in self.graph.nodes)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Each figure that is typed into a label, with the label."""
        labels = [node.label for node in self.graph.nodes] + [edge.label for edge in self.graph.edges]
        return [(word, " ".join(label.split())) for label in labels for word in typed_figures(label)]


@dataclass(frozen=True, slots=True)
class Page:
    """A file with Mermaid: its path as shown and its name below the source without an ending."""

    path: Path
    shown: str
    docname: str

    @property
    def suffix(self) -> str:
        return self.path.suffix.lower()


@dataclass(slots=True)
class Bringer:
    """Proposes what blocks become; `given` are the team's own words for planes, `taken` the ids in use."""

    given: Mapping[str, Plane] = field(default_factory=dict)
    category: str = ""
    taken: set[str] = field(default_factory=set)

    def bring(self, page: Page, text: str) -> Iterator[Taken | Finding]:
        """Each plain block of a page: what it becomes, or why it stays as it is."""
        blocks = read_blocks(text, str(page.path))
        headings = read_headings(text, rst=page.suffix in RST)
        if page.suffix not in {*MARKDOWN, *RST}:
            blocks = [replace(block, id="", plain=True) for block in blocks]
        seen: Counter[str] = Counter()
        for block in blocks:
            if block.plain:
                above = [plain(words) for line, words in headings if line < block.start]
                yield self._bring(page, block, above, seen, alone=len(blocks) == 1)

    def _bring(
        self, page: Page, block: Block, above: Sequence[str], seen: Counter[str], *, alone: bool
    ) -> Taken | Finding:
        try:
            whole, _ = follow(block, str(page.path))
        except RefusalError as refused:
            return Finding("MERMAID003", refused.message, Place(page.shown, block.start or 1), refused.hint)
        if not block.closed:
            hint = f"close it with {block.fence}"
            return Finding("MERMAID001", "the fence is not closed", Place(page.shown, block.start or 1), hint)
        mended = _mend(whole.text)
        made = _make(mended, self.given)
        if isinstance(made, Finding):
            return _at_its_line(made, whole, page.shown)
        text, graph, proposals = made
        title = _title(block, mended, above, page, seen)
        id = self._id(page.docname, title.rpartition(": ")[2], alone=alone)
        alt = plain(block.options.get("alt", "")) or mended.description or describe(graph, title)
        gone = [*mended.gone, *(f"the option {name}" for name in block.options if name not in _KEPT)]
        return Taken(page.shown, block, id, title, alt, text, graph, proposals, gone)

    def _id(self, docname: str, title: str, *, alone: bool) -> str:
        """The page's name, or below it the title's; another number behind it where it is taken."""
        parts = [part for part in map(slug, docname.split("/")) if part not in ("", "index", "readme")]
        if self.category:
            parts = [self.category, *parts[-1:]]
        elif len(parts) < 2 or parts[0] == "systems":
            parts = [_FIRST, *parts]
        if (not alone or len(parts) < 2) and slug(title) not in ("", parts[-1]):
            parts.append(slug(title))
        base = "/".join(parts) if len(parts) > 1 else f"{parts[0]}/diagram"
        names = (base if n == 1 else f"{base}-{n}" for n in range(1, len(self.taken) + 2))
        id = next(name for name in names if name not in self.taken)
        self.taken.add(id)
        return id


def slug(text: str) -> str:
    """`Order path (EU)` → `order-path-eu`."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _mend(text: str) -> Mended:
    """The text without settings and, where its colours are not those of planes, without looks."""
    mended = mend(text)
    graph, _ = mermaid.parse(mended.text, Place(""))
    if graph is None or all(f.rule != "PLANE003" for f in planes.check_planes(_note(mended.text, graph))):
        return mended
    kept = place(without_looks(mended.text), graph, planes.assign(graph))
    bare = kept if graph.kind != "sequence" else without_looks(mended.text)
    return replace(mended, text=bare, gone=(*mended.gone, "colours"))


def _make(mended: Mended, given: Mapping[str, Plane]) -> tuple[str, Graph, Sequence[Proposal]] | Finding:
    """A lawful text with its graph and what was proposed in it, or what keeps it from being one."""
    graph, found = mermaid.parse(mended.text, Place("", 1))
    if graph is None or found:
        return found[0]
    proposals = propose(graph, given)
    text = place(mended.text, graph, {p.node.id: p.plane for p in proposals})
    graph, found = mermaid.parse(text, Place("", 1))
    left = [*found, *planes.check_planes(_note(text, graph))]
    if graph is None or left:
        return left[0]
    return text, graph, proposals


def _note(text: str, graph: Graph | None) -> DiagramNote:
    return DiagramNote("", "", Place("", 1), text, 1, graph)


def _at_its_line(finding: Finding, block: Block, path: str) -> Finding:
    """A finding on what became of a block, on the line of the page that brings it about."""
    own = [f for f in check_block(block, path, ()) if f.rule == finding.rule]
    same = [f for f in own if f.message == finding.message] or own
    line = same[0].place.line if same else block.start
    return replace(finding, place=Place(path, line))


def _title(block: Block, mended: Mended, above: Sequence[str], page: Page, seen: Counter[str]) -> str:
    """The title that a block has, else its caption, else those of its page and of the part of it."""
    own = block.options.get("title") or mended.title or block.options.get("caption", "")
    parts = dict.fromkeys(filter(None, [*above[:1], *above[-1:]]))
    title = plain(own) or ": ".join(parts) or page.path.stem.replace("-", " ").replace("_", " ").capitalize()
    seen[title] += 1
    return title if seen[title] == 1 else f"{title} (continued)"


def ids_in(texts: Iterable[tuple[str, str]]) -> set[str]:
    """The ids of the diagrams that pages (name and text) hold already."""
    return {block.id for name, text in texts for block in read_blocks(text, name) if not block.plain}
