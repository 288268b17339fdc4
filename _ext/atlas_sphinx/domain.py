"""The `atlas` domain: pages note records here, `seal` makes the read-only atlas of them once per build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
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

from atlas import rules, views
from atlas.blocks import Drawing, Section, slug
from atlas.ledgers import read_ledgers
from atlas.model import DiagramNote, Finding, GateNote, Notes, PageNote, Place, Severity, Source
from atlas.seal import Atlas, Diagram, seal

from . import config
from .drawings import Drawings, job_of
from .nodes import atlas_ref
from .pages import render_sections, sample_job

logger = logging.getLogger(__name__)

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
    data_version = 1
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
        "shown": {},
    }
    atlas: Atlas | None = None
    drawings: Drawings | None = None
    navigation: Any = None

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
    def shown(self) -> dict[str, str]:
        """Docname to the digest of what it showed when it was last written."""
        return cast(dict[str, str], self.data["shown"])

    @property
    def sealed(self) -> Atlas:
        """The atlas of this build; asking before `env-updated` is a fault of this program."""
        if self.atlas is None:
            raise RuntimeError("the atlas is not sealed yet")
        return self.atlas

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._sections: dict[tuple[str, str], tuple[Section, ...]] = {}

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
        for name in ("diagrams", "gates", "pages", "findings", "views"):
            self.data[name].update({d: otherdata[name][d] for d in docnames if d in otherdata[name]})

    def _parts(self) -> list[dict[str, Any]]:
        return [self.data[name] for name in ("diagrams", "gates", "pages", "findings", "views")]

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
        self.navigation = None
        self._sections.clear()

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Findings that only an adapter can see, put with those of the core."""
        more = tuple(findings)
        if more:
            self.hold(replace(self.sealed, findings=(*self.sealed.findings, *more)))

    def moved_pages(self) -> list[str]:
        """The pages whose shown content differs from what was last written; remembers the new digests."""
        digests = {d: self._digest(d) for d in self.pages}
        moved = [d for d, digest in digests.items() if self.shown.get(d) != digest]
        self.data["shown"] = digests
        return moved

    def _digest(self, docname: str) -> str:
        shown = [self.sections(v, a) for v, a, _ in self.views.get(docname, ())]
        return page_digest(self.sealed, docname, shown)

    # Showing

    def sections(self, view: str, argument: str) -> tuple[Section, ...]:
        """A view of the sealed atlas, rendered once per build; nothing where it is not known."""
        if (view, argument) not in self._sections:
            unlawful = list(views.check_view(self.sealed, view, argument, Place("")))
            rendered = () if unlawful else views.render_view(self.sealed, view, argument)
            self._sections[view, argument] = rendered
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
        for shown in self.views.values():
            for view, argument, _ in shown:
                blocks = (b for s in self.sections(view, argument) for b in s.blocks)
                yield from (b for b in blocks if isinstance(b, Drawing))

    def address(self, target: str, docname: str, builder: Builder) -> str:
        """Where an id, `page:DOCNAME` or web address is, seen from a page; empty if nowhere."""
        if target.startswith(("https://", "http://")):
            return target
        page = self.sealed.docname_of(target)
        fragment = slug(target)
        if target.startswith("page:"):
            page, _, fragment = target.removeprefix("page:").partition("#")
        elif not page:
            page = self._listing(target)
        if page not in self.env.found_docs:
            return self._outside(target)
        uri = builder.get_relative_uri(docname, page)
        return f"{uri}#{fragment}" if fragment else uri

    def _listing(self, target: str) -> str:
        """The generated page that lists a source or a term."""
        ledgers = self.sealed.ledgers
        view = "sources" if target in ledgers.sources else "glossary" if target in ledgers.terms else ""
        pages = sorted(self.views.items())
        return next((d for d, shown in pages if any(v == view and not a for v, a, _ in shown)), "")

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
    return domain.moved_pages()


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


def page_digest(atlas: Atlas, docname: str, shown: Iterable[tuple[Section, ...]]) -> str:
    """A digest of everything that a page shows but does not itself hold. Line numbers stay out of it."""
    parts: list[object] = []
    for diagram in atlas.on_page(docname):
        links = [n.link for n in diagram.note.graph.nodes if n.link] if diagram.note.graph else []
        parts += [diagram.hash, diagram.status, diagram.category, _review_key(diagram)]
        parts += [(atlas.today - day).days // 365 for day in diagram.dates[:1]]
        parts += [(g.gate, g.checks) for g in diagram.gates]
        parts += [(link, atlas.docname_of(link)) for link in links]
        parts += [_source_key(s) for s in diagram.sources]
        parts += [(f.rule, f.message, f.hint) for f in diagram.findings]
    page = atlas.pages.get(docname)
    for use in page.uses if page else ():
        fact = atlas.ledgers.fact(use.target)
        parts += [use.target, atlas.title_of(use.target), atlas.docname_of(use.target)]
        parts += [fact.value, fact.says, fact.text, str(fact.as_of)] if fact else []
    parts += [views.digest(sections) for sections in shown]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _review_key(diagram: Diagram) -> tuple[str, ...]:
    review = diagram.review
    return (review.who, str(review.when), review.checked) if review else ()


def _source_key(source: Source) -> tuple[str, ...]:
    return tuple(
        str(getattr(source, n)) for n in ("title", "url", "tier", "extent", "read", "published", "archive")
    )


def setup(app: Sphinx) -> None:
    app.add_domain(AtlasDomain)
    app.connect("env-updated", seal_atlas)
