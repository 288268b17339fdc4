"""The `atlas` domain: pages note records here, `seal` makes the read-only atlas of them once per build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import docname_join, logging
from sphinx.util.nodes import make_refnode

from atlas import rules, views
from atlas.blocks import Drawing, Section, slug
from atlas.ledgers import read_ledgers
from atlas.model import DiagramNote, Finding, GateNote, Notes, PageNote, Place, Severity
from atlas.seal import Atlas, seal
from atlas.standing import stand

from . import config
from .drawings import Drawings, job_of
from .mentions import records_on, targets_on
from .nodes import atlas_ref
from .pages import render_sections, sample_job
from .tree import Tree
from .written import keep_digests, read_digests

logger = logging.getLogger(__name__)

PARTS = ("diagrams", "gates", "pages", "findings", "views", "links")
"""What pages note in the domain, by docname."""
DRAWING_FORMATS = ("html", "pdf")
"""Formats of builders that show drawings; the others show tables instead."""


class AtlasRole(XRefRole):
    """`{atlas:fact}`, `{atlas:source}`, `{atlas:diagram}`, `{atlas:term}`: a placeholder until sealing."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = atlas_ref(self.rawtext, role=self.name.partition(":")[2], target=self.target.strip())
        if self.has_explicit_title:
            node += nodes.Text(self.title)
        self.set_source_info(node)
        return [node], []


class AtlasDomain(Domain):
    """Diagrams, gates and pages as they were noted, keyed by docname: purge is `pop`, merge a slice."""

    name = "atlas"
    label = "Production Atlas"
    data_version = 3
    object_types: ClassVar[dict[str, ObjType]] = {
        "diagram": ObjType("diagram", "diagram"),
        "source": ObjType("source", "source"),
        "term": ObjType("term", "term"),
    }
    roles: ClassVar[dict[str, Any]] = {role: AtlasRole() for role in ("fact", "source", "diagram", "term")}
    initial_data: ClassVar[dict[str, Any]] = {
        "diagrams": {},
        "gates": {},
        "pages": {},
        "findings": {},
        "views": {},
        "links": {},
    }
    atlas: Atlas | None = None
    drawings: Drawings | None = None
    _tree: Tree | None = None

    @property
    def diagrams(self) -> dict[str, tuple[DiagramNote, ...]]:
        return cast(dict[str, tuple[DiagramNote, ...]], self.data["diagrams"])

    @property
    def gates(self) -> dict[str, tuple[GateNote, ...]]:
        return cast(dict[str, tuple[GateNote, ...]], self.data["gates"])

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
    def sealed(self) -> Atlas:
        """The atlas of this build; asking before `env-updated` is a fault of this program."""
        if self.atlas is None:
            raise RuntimeError("the atlas is not sealed yet")
        return self.atlas

    @property
    def tree(self) -> Tree:
        """The toctrees of this build."""
        if self._tree is None:
            self._tree = Tree(self.env)
        return self._tree

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._sections: dict[tuple[str, str], tuple[Section, ...]] = {}
        self._spots: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        """Docname to the digest of what it shows in this build."""

    # Noting, while pages are read

    def note_diagram(self, note: DiagramNote) -> None:
        self.diagrams[note.docname] = (*self.diagrams.get(note.docname, ()), note)

    def note_gate(self, note: GateNote) -> None:
        self.gates[note.docname] = (*self.gates.get(note.docname, ()), note)

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
            pages=tuple(self.pages[d] for d in sorted(self.pages)),
            findings=tuple(n for d in sorted(self.read_findings) for n in self.read_findings[d]),
        )

    def hold(self, atlas: Atlas) -> None:
        """Keep the sealed atlas for the rest of this build."""
        self.atlas = atlas
        self._tree = None
        self._sections.clear()
        self._spots.clear()
        pages = sorted(self.views, reverse=True)
        self._whole = {view: d for d in pages for view, argument, _ in self.views[d] if not argument}

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Findings that only an adapter can see, put with those of the core."""
        more = tuple(findings)
        if more:
            self.hold(replace(self.sealed, findings=(*self.sealed.findings, *more)))

    def moved_pages(self, written: Mapping[str, str], *, framed: bool) -> list[str]:
        """The pages whose shown content differs from what was last written.

        `framed` pages stand in a sidebar and between others.
        """
        self.digests = {d: self._digest(d, framed=framed) for d in self.pages}
        return [d for d, digest in self.digests.items() if written.get(d) != digest]

    def _digest(self, docname: str, *, framed: bool) -> str:
        """A digest of everything that a page shows but does not itself hold. Line numbers stay out of it."""
        parts: list[object] = [*records_on(self.sealed, docname)]
        parts += [(target, self.spot(target)) for target in targets_on(self.sealed, docname)]
        for view, argument, _ in self.views.get(docname, ()):
            sections = self.sections(view, argument)
            parts.append(views.digest(sections))
            parts += [(target, self.spot(target)) for target in views.targets(sections)]
        parts += self._drawn(docname)
        parts += map(self.tree.name, self.links.get(docname, ()))
        parts += self.tree.frame(docname) if framed else ()
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _drawn(self, docname: str) -> list[str]:
        """The content keys of the drawings on a page, which move with the engine, fonts and palette too."""
        shown = [diagram.id for diagram in self.sealed.on_page(docname)]
        shown += [sample_job(sample).id for sample in self._samples(docname)]
        return [self.drawings.keys.get(id, "") for id in shown] if self.drawings else []

    # Showing

    def sections(self, view: str, argument: str) -> tuple[Section, ...]:
        """A view of the sealed atlas, rendered once per build; nothing where it is not known."""
        if (view, argument) not in self._sections:
            unlawful = list(views.check_view(self.sealed, view, argument, Place("")))
            rendered = () if unlawful else views.render_view(self.sealed, view, argument)
            self._sections[view, argument] = stand(self.sealed, view, argument, rendered)
        return self._sections[view, argument]

    def check_views(self) -> Iterator[Finding]:
        """DIAGRAM002 for every view that a page asks for and that there is not."""
        for shown in self.views.values():
            for view, argument, place in shown:
                yield from views.check_view(self.sealed, view, argument, place)

    def render(self, view: str, argument: str, to: Callable[[str], str], *, html: bool) -> list[nodes.Node]:
        return render_sections(self.sections(view, argument), to, self.drawings, html=html)

    def samples(self) -> Iterator[Drawing]:
        """The sample drawings on generated pages."""
        for docname in self.views:
            yield from self._samples(docname)

    def _samples(self, docname: str) -> Iterator[Drawing]:
        for view, argument, _ in self.views.get(docname, ()):
            blocks = (b for s in self.sections(view, argument) for b in s.blocks)
            yield from (b for b in blocks if isinstance(b, Drawing))

    def address(self, target: str, docname: str, builder: Builder) -> str:
        """Where an id, `page:DOCNAME` or web address is, seen from a page; empty if nowhere."""
        page, mark, fragment = self.spot(target).partition("#")
        if page not in self.env.found_docs:
            return self.spot(target)
        return builder.get_relative_uri(docname, page) + mark + fragment

    def spot(self, target: str) -> str:
        """`DOCNAME` or `DOCNAME#FRAGMENT` of an id or `page:DOCNAME`, a web address; empty if nowhere."""
        if target not in self._spots:
            self._spots[target] = self._spot(target)
        return self._spots[target]

    def _spot(self, target: str) -> str:
        if target.startswith(("https://", "http://")):
            return target
        page, _, fragment = target.removeprefix("page:").partition("#")
        if not target.startswith("page:"):
            page, fragment = self.sealed.docname_of(target) or self._listing(target), slug(target)
        if page not in self.env.found_docs:
            return self._outside(target)
        return f"{page}#{fragment}" if fragment else page

    def _listing(self, target: str) -> str:
        """The generated page that lists a source or a term."""
        ledgers = self.sealed.ledgers
        view = "sources" if target in ledgers.sources else "glossary" if target in ledgers.terms else ""
        return self._whole.get(view, "")

    def _outside(self, target: str) -> str:
        source = self.sealed.ledgers.sources.get(target)
        return source.url if source else ""

    # Being asked

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for docname in sorted(self.diagrams):
            for note in self.diagrams[docname]:
                yield note.id, note.title or note.id, "diagram", docname, slug(note.id), 1

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
        found = [n for notes in self.diagrams.values() for n in notes if n.id == target]
        return [
            ("atlas:diagram", make_refnode(builder, fromdocname, n.docname, slug(n.id), contnode, n.title))
            for n in found[:1]
        ]


def domain_of(env: BuildEnvironment) -> AtlasDomain:
    return cast(AtlasDomain, env.get_domain("atlas"))


def project_path(env: BuildEnvironment, docname: str) -> str:
    """The path of a page relative to the folder that holds the source folder."""
    return Path(env.doc2path(docname)).relative_to(Path(env.srcdir).parent).as_posix()


def seal_atlas(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The one place where everything is sealed, checked and reported; returns the pages that moved.

    Runs at `env-updated`, which also comes when nothing was re-read: what was reported while reading or in
    `env-check-consistency` would be red once and green on the next build.
    """
    domain = domain_of(env)
    day = config.today(app.config)
    ledgers = read_ledgers(Path(env.srcdir), today=day)
    domain.hold(seal(domain.notes(), ledgers, today=day, max_age=app.config.atlas_max_age))
    domain.add_findings(domain.check_views())
    if app.builder.format in DRAWING_FORMATS:
        draw_all(app, domain)
    report(app, domain.sealed.findings)
    written = read_digests(Path(app.outdir))
    clear_output(app.builder, written.keys() - domain.pages.keys())
    return domain.moved_pages(written, framed=app.builder.format == "html")


def end_writing(app: Sphinx, error: Exception | None) -> None:
    """At `build-finished`: what this build shows is written, unless it was broken off."""
    if error is None:
        keep_digests(Path(app.outdir), domain_of(app.env).digests)


def draw_all(app: Sphinx, domain: AtlasDomain) -> None:
    """Draw what is missing; what cannot be drawn becomes a finding of its diagram."""
    atlas = domain.sealed
    folder = Path(app.doctreedir) / "drawings"
    domain.drawings = Drawings(folder, timeout=app.config.atlas_draw_timeout)
    paper = app.builder.format == "pdf"
    jobs = [job_of(d, paper=paper) for d in atlas.diagrams.values() if d.note.graph]
    jobs += [] if paper else [sample_job(sample) for sample in domain.samples()]
    failed = domain.drawings.complete(jobs)
    domain.add_findings(_undrawn(atlas, id, message) for id, message in failed.items())


def _undrawn(atlas: Atlas, id: str, message: str) -> Finding:
    place = atlas.diagrams[id].note.place if id in atlas.diagrams else Place("style guide")
    return Finding("MERMAID006", f"diagram {id}: {message}", place, "simplify the diagram", id)


def report(app: Sphinx, findings: Iterable[Finding]) -> None:
    """Every finding as a Sphinx warning of type `atlas`; an error fails the build also without -W."""
    for finding in findings:
        severity = rules.severity(finding.rule)
        hint = f" ({finding.hint})" if finding.hint else ""
        logger.warning(
            "%s: %s%s", finding.rule, finding.message, hint, type="atlas", subtype=finding.rule,
            location=str(finding.place),
        )  # fmt: skip
        if severity is Severity.ERROR:
            app.statuscode = 1


def clear_output(builder: Builder, gone: Iterable[str]) -> None:
    """Take away what a builder wrote of pages that are gone: HTML and the copy of the source."""
    if isinstance(builder, StandaloneHTMLBuilder):
        kept = {builder.get_output_path(d) for d in builder.env.found_docs}
        ends = [*builder.config.source_suffix]
        ends += [end + builder.config.html_sourcelink_suffix for end in ends]
        for docname in gone:
            copies = (builder.outdir / "_sources" / f"{docname}{end}" for end in ends)
            for path in {builder.get_output_path(docname), *copies} - kept:
                path.unlink(missing_ok=True)


def note_links(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: the pages that a page links to by name, whose titles it may show."""
    docname = app.env.docname
    found = (_page_of(ref, docname) for ref in doctree.findall(pending_xref))
    if links := tuple(dict.fromkeys(filter(None, found))):
        domain_of(app.env).links[docname] = links


def _page_of(ref: pending_xref, docname: str) -> str:
    """The page that a reference names, whether it is there or not; empty where it names something else."""
    name = str(ref["reftarget"]).partition("#")[0]
    if ref.get("refdomain") == "doc":  # MyST's, for a file that it has found
        return name
    if ref.get("reftype") not in ("doc", "myst") or not name:
        return ""
    return docname_join(docname, name.removesuffix(".md"))


def reread_links(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """At `env-get-outdated`: MyST sees only while reading whether the page that a link names is there."""
    del app, changed
    moved = added | removed
    return [page for page, links in domain_of(env).links.items() if moved.intersection(links)]


def setup(app: Sphinx) -> None:
    app.add_domain(AtlasDomain)
    app.connect("env-get-outdated", reread_links)
    app.connect("doctree-read", note_links)
    app.connect("env-updated", seal_atlas)
    app.connect("build-finished", end_writing)
