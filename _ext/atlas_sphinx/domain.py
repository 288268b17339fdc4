"""The `atlas` domain: pages note records here, `seal` makes the read-only atlas of them once per build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from atlas.records.model import Finding, Place
from atlas.records.notes import CommandNote, DiagramNote, GateNote, Notes, PageNote, TimelineNote
from atlas.records.recall import Recall
from atlas.rules.atlas import Atlas
from atlas.views.blocks import slug
from atlas_sphinx.pages.drawings import Drawings
from atlas_sphinx.pages.nodes import atlas_ref
from atlas_sphinx.pages.tree import Tree

from .phases import Phases
from .shown import Shown

logger = logging.getLogger(__name__)

PARTS = (
    "diagrams",
    "gates",
    "commands",
    "timelines",
    "pages",
    "findings",
    "views",
    "links",
    "bytes",
    "trees",
    "showing",
    "said",
)
"""What pages note in the domain, by docname."""


class AtlasRole(XRefRole):
    """`{atlas:fact}`, `{atlas:source}`, `{atlas:diagram}`, `{atlas:term}`: a placeholder until sealing.

    Behind `external` it is a reference of Sphinx's own, for its inventories to resolve.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if self.rawtext.lstrip(":{").startswith("external"):
            return super().run()
        node = atlas_ref(self.rawtext, role=self.name.partition(":")[2], target=self.target.strip())
        if self.has_explicit_title:
            node += nodes.Text(self.title)
        self.set_source_info(node)
        return [node], []


Listed = tuple[str, str, str, str, str, int]
"""A row of the inventory: name, words, type, page, anchor, how the search of all words takes it."""


class AtlasDomain(Domain):
    """What pages noted, keyed by docname: purge is `pop`, merge a slice."""

    name = "atlas"
    label = "Production Atlas"
    data_version = 6
    object_types: ClassVar[dict[str, ObjType]] = {
        "diagram": ObjType("diagram", "diagram"),
        "fact": ObjType("fact", "fact"),
        "source": ObjType("source", "source"),
        "term": ObjType("term", "term"),
    }
    roles: ClassVar[dict[str, Any]] = {role: AtlasRole() for role in ("fact", "source", "diagram", "term")}
    initial_data: ClassVar[dict[str, Any]] = {
        "diagrams": {},
        "gates": {},
        "commands": {},
        "timelines": {},
        "pages": {},
        "findings": {},
        "views": {},
        "links": {},
        "bytes": {},
        "trees": {},
        "showing": {},
        "said": {},
    }
    answers = Recall()
    """What was answered while sealing, in this build and the last."""
    parses = Recall()
    """What was parsed, in this process and the last build."""
    reads = True
    """Whether this build has read a page."""
    undrawn = False
    """Whether a drawing of this build could not be made, which the next one tries again."""
    seal_late: Callable[[], None] | None = None
    """What seals the atlas where somebody asks for it although nothing has moved."""
    listed: tuple[Listed, ...] = ()
    """What the last build listed of the ledgers, for one in which nothing has moved."""
    _shown: Shown | None = None

    @property
    def diagrams(self) -> dict[str, tuple[DiagramNote, ...]]:
        return cast(dict[str, tuple[DiagramNote, ...]], self.data["diagrams"])

    @property
    def gates(self) -> dict[str, tuple[GateNote, ...]]:
        return cast(dict[str, tuple[GateNote, ...]], self.data["gates"])

    @property
    def commands(self) -> dict[str, tuple[CommandNote, ...]]:
        return cast(dict[str, tuple[CommandNote, ...]], self.data["commands"])

    @property
    def timelines(self) -> dict[str, tuple[TimelineNote, ...]]:
        return cast(dict[str, tuple[TimelineNote, ...]], self.data["timelines"])

    @property
    def pages(self) -> dict[str, PageNote]:
        return cast(dict[str, PageNote], self.data["pages"])

    @property
    def read_findings(self) -> dict[str, tuple[Finding, ...]]:
        return cast(dict[str, tuple[Finding, ...]], self.data["findings"])

    @property
    def views(self) -> dict[str, tuple[tuple[str, str, Place], ...]]:
        """Docname to the (view, argument, place) triples that it shows."""
        return cast(dict[str, tuple[tuple[str, str, Place], ...]], self.data["views"])

    @property
    def links(self) -> dict[str, tuple[str, ...]]:
        """Docname to the pages that it links to by their names and not by an id."""
        return cast(dict[str, tuple[str, ...]], self.data["links"])

    @property
    def bytes_read(self) -> dict[str, str]:
        """Docname to a hash of what it was read from."""
        return cast(dict[str, str], self.data["bytes"])

    @property
    def trees(self) -> dict[str, str]:
        """Docname to a hash of the tree that was written of it."""
        return cast(dict[str, str], self.data["trees"])

    @cached_property
    def phases(self) -> Phases:
        """The clock of this build, which starts when it is first asked for."""
        return Phases()

    @property
    def showing(self) -> dict[str, bool]:
        """The pages that show something of the atlas, each as True."""
        return cast(dict[str, bool], self.data["showing"])

    @property
    def said(self) -> dict[str, dict[str, dict[str, str]]]:
        """Docname to the translated words of its diagrams: id to message to translation."""
        return cast(dict[str, dict[str, dict[str, str]]], self.data["said"])

    @property
    def shown(self) -> Shown:
        """What the pages of this build show; asking before `env-updated` is a fault of this program."""
        if self._shown is None and self.seal_late:
            seal, self.seal_late = self.seal_late, None
            seal()
        if self._shown is None:
            raise RuntimeError("the atlas is not sealed yet")
        return self._shown

    @property
    def tree(self) -> Tree:
        """The toctrees of this build, which are known without the atlas."""
        return self._shown.tree if self._shown else self._bare_tree

    @cached_property
    def _bare_tree(self) -> Tree:
        return Tree(self.env)

    @property
    def is_sealed(self) -> bool:
        """False where nothing has moved, and nobody asked."""
        return self._shown is not None

    @property
    def sealed(self) -> Atlas:
        """The atlas of this build."""
        return self.shown.atlas

    # Noting, while pages are read

    def note_diagram(self, note: DiagramNote) -> None:
        self.diagrams[note.docname] = (*self.diagrams.get(note.docname, ()), note)

    def note_gate(self, note: GateNote) -> None:
        self.gates[note.docname] = (*self.gates.get(note.docname, ()), note)

    def note_commands(self, docname: str, notes: Iterable[CommandNote]) -> None:
        """All commands of a page, once it has been read: what stands around them is known only then."""
        if found := tuple(notes):
            self.commands[docname] = found

    def note_timelines(self, docname: str, notes: Iterable[TimelineNote]) -> None:
        if found := tuple(notes):
            self.timelines[docname] = found

    def note_page(self, note: PageNote) -> None:
        self.pages[note.docname] = note

    def note_view(self, docname: str, view: str, argument: str, place: Place) -> None:
        self.views[docname] = (*self.views.get(docname, ()), (view, argument, place))

    def note_findings(self, docname: str, findings: Iterable[Finding]) -> None:
        self.read_findings[docname] = (*self.read_findings.get(docname, ()), *findings)

    def last_diagram(self, docname: str) -> str:
        """The id of the diagram that was noted last on a page, empty where there is none."""
        return self.diagrams[docname][-1].id if docname in self.diagrams else ""

    def clear_doc(self, docname: str) -> None:
        for part in self._parts():
            part.pop(docname, None)

    def forget(self) -> None:
        """Drop what all pages noted."""
        for part in self._parts():
            part.clear()

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        for name in PARTS:
            self.data[name].update({d: otherdata[name][d] for d in docnames if d in otherdata[name]})

    def _parts(self) -> list[dict[str, Any]]:
        return [self.data[name] for name in PARTS]

    # Sealing, once everything has been read

    def notes(self) -> Notes:
        """All notes, in docname order."""
        return Notes(
            diagrams=tuple(n for d in sorted(self.diagrams) for n in self.diagrams[d]),
            gates=tuple(n for d in sorted(self.gates) for n in self.gates[d]),
            commands=tuple(n for d in sorted(self.commands) for n in self.commands[d]),
            timelines=tuple(n for d in sorted(self.timelines) for n in self.timelines[d]),
            pages=tuple(self.pages[d] for d in sorted(self.pages)),
            findings=tuple(n for d in sorted(self.read_findings) for n in self.read_findings[d]),
        )

    def hold(self, atlas: Atlas, drawings: Drawings | None = None) -> None:
        """Keep the sealed atlas for the rest of this build."""
        self._shown = Shown(atlas, self.env, self.views, drawings)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Findings that only an adapter can see, put with those of the core."""
        more = tuple(findings)
        if more:
            self.hold(self.sealed.with_findings(more), self.shown.drawings)

    # Being asked

    def get_objects(self) -> Iterator[Listed]:
        for docname in sorted(self.diagrams):
            for note in self.diagrams[docname]:
                yield note.id, note.title or note.id, "diagram", docname, slug(note.id), 1
        yield from self.list_ledgers() if self.is_sealed else self.listed

    def list_ledgers(self) -> Iterator[Listed]:
        """Sources, facts and terms where a page lists them; the search of all words leaves them out."""
        ledgers = self.sealed.ledgers
        listed = [("term", id, term.long, id) for id, term in ledgers.terms.items()]
        for source in ledgers.sources.values():
            listed.append(("source", source.id, source.title, source.id))
            listed += [("fact", fact.id, fact.value, source.id) for fact in source.facts]
        for kind, id, name, target in listed:
            docname, _, anchor = self.shown.addresses.spot(target).partition("#")
            if docname in self.env.found_docs:
                yield id, name, kind, docname, anchor, -1

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        del env, node
        notes = [n for notes in self.diagrams.values() for n in notes if n.id == target]
        found = [n for n in notes if n.docname != target]  # its page answers to the same name already
        return [
            ("atlas:diagram", make_refnode(builder, fromdocname, n.docname, slug(n.id), contnode, n.title))
            for n in found[:1]
        ]


def domain_of(env: BuildEnvironment) -> AtlasDomain:
    return cast(AtlasDomain, env.get_domain("atlas"))


def setup(app: Sphinx) -> None:
    app.add_domain(AtlasDomain)
