"""Sealing, once a build: everything is checked, drawn and reported, and the pages that moved are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.logging import is_suppressed_warning

from atlas.drawing import losing
from atlas.records.ledgers import read_ledgers
from atlas.records.model import Finding, Place, Severity
from atlas.rules import table
from atlas.rules.atlas import Atlas
from atlas.rules.seal import seal
from atlas.rules.strictness import Debt

from . import config
from .domain import AtlasDomain, domain_of
from .kept import keep_answers, open_answers
from .others import without_elsewhere
from .pages.drawings import Drawings, job_of
from .pages.sections import sample_job
from .places import clickable
from .scope import is_judged
from .translated import translate
from .unmoved import keep_build, known_build
from .written import keep_digests, mend_info, read_digests

logger = logging.getLogger(__name__)

DRAWING_FORMATS = ("html", "pdf")
"""Formats of builders that show drawings; the others show tables instead."""


def seal_atlas(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The one place where everything is sealed, checked and reported; returns the pages that moved.

    Runs at `env-updated`, which also comes when nothing was re-read: what was reported while reading or in
    `env-check-consistency` would be red once and green on the next build.
    """
    domain = domain_of(env)
    domain.phases.end("read")
    domain.answers = open_answers(app)
    known = known_build(app, domain.answers.basis)
    if known:
        findings, debt, domain.listed = known
        domain.seal_late = partial(_seal, app, domain)
    else:
        _seal(app, domain)
        findings, debt = domain.sealed.findings, domain.sealed.debt
    passed = {"MERMAID007"} if app.config.atlas_without_engine == "pass" else set()
    report(app, (finding for finding in findings if finding.rule not in passed))
    tell_debt(debt)
    written = read_digests(app.builder)
    clear_output(app.builder, written.keys() - domain.pages.keys())
    moved = _moved_pages(app, domain, written) if domain.is_sealed else []
    domain.phases.end("seal")
    return moved


def _seal(app: Sphinx, domain: AtlasDomain) -> None:
    day, answers = config.today(app.config), domain.answers
    max_age, strictness = app.config.atlas_max_age, app.config.atlas_strictness
    data = app.config.atlas_data
    ledgers = answers("ledgers", "", lambda: read_ledgers(Path(app.srcdir), today=day, data=data))
    notes = without_elsewhere(domain.notes(), ledgers, app.env)
    sealed = seal(notes, ledgers, today=day, max_age=max_age, strictness=strictness, recall=answers)
    said = {id: words for page in domain.said.values() for id, words in page.items()}
    domain.hold(translate(sealed, said))
    domain.add_findings(domain.shown.check_views())
    domain.phases.end("seal")
    if app.builder.format in DRAWING_FORMATS:
        draw_all(app, domain)
    domain.phases.end("draw")


def _moved_pages(app: Sphinx, domain: AtlasDomain, written: Mapping[str, str]) -> list[str]:
    framed = app.builder.format == "html" and app.config.atlas_navigation
    pages = [page for page in domain.pages if framed or is_judged(app.env, page)]
    return domain.shown.moved_pages(written, pages, domain.links, app.builder, framed=framed)


def end_writing(app: Sphinx, error: Exception | None) -> None:
    """At `build-finished`: what this build shows is written, unless it was broken off or cut short."""
    domain = domain_of(app.env)
    if error is None and domain.is_sealed:
        if not domain.shown.digests:  # sealed late, to write again what has not moved
            _moved_pages(app, domain, {})
        short = keep_digests(app.builder, domain.shown.digests)
        for page in short:
            logger.error("%s was not written whole; the next build writes it again", page)
            app.statuscode = 1
        keep_answers(app, domain.answers)
        if app.builder.format == "html" and not short and not domain.undrawn:
            keep_build(app, domain.answers.basis)
    domain.phases.end("write")
    domain.phases.say()


def look(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
    """At `env-before-read-docs`, behind those who look for what has changed."""
    del app
    domain_of(env).reads = bool(docnames)
    domain_of(env).phases.end("look")


def draw_all(app: Sphinx, domain: AtlasDomain) -> None:
    """Draw what is missing; what cannot be drawn becomes a finding of its diagram."""
    atlas = domain.sealed
    folder = Path(app.doctreedir) / "drawings"
    drawings = Drawings(folder, timeout=app.config.atlas_draw_timeout)
    domain.shown.drawings = drawings
    paper = app.builder.format == "pdf"
    jobs = [job_of(d, paper=paper) for d in atlas.diagrams.values() if d.note.graph]
    jobs += [] if paper else [sample_job(sample) for sample in domain.shown.samples()]
    failed = drawings.complete(jobs)
    domain.undrawn = bool(failed)
    domain.add_findings(_undrawn(atlas, id, message) for id, message in failed.items())
    lost = ((atlas.diagrams[id], losses) for id, losses in drawings.losses.items() if id in atlas.diagrams)
    domain.add_findings(f for diagram, losses in lost for f in losing.check_drawing(diagram.note, losses))


def _undrawn(atlas: Atlas, id: str, message: str) -> Finding:
    place = atlas.diagrams[id].note.place if id in atlas.diagrams else Place("style guide")
    return Finding("MERMAID006", f"diagram {id}: {message}", place, "simplify the diagram", id)


def report(app: Sphinx, findings: Iterable[Finding]) -> None:
    """Every finding as a Sphinx warning of type `atlas`; an error fails the build also without -W.

    What `suppress_warnings` names is neither said nor counted.
    """
    for finding in findings:
        severity = table.severity(finding.rule)
        hint = f" ({finding.hint})" if finding.hint else ""
        logger.warning(
            "%s: %s%s", finding.rule, finding.message, hint, type="atlas", subtype=finding.rule,
            location=clickable(app.env, finding.place),
        )  # fmt: skip
        unheard = is_suppressed_warning("atlas", finding.rule, app.config.suppress_warnings)
        if severity is Severity.ERROR and not unheard:
            app.statuscode = 1


def tell_debt(debt: Debt) -> None:
    """What a stricter setting would find, as a remark: it fails no build."""
    if debt.total:
        waiting = ", ".join(f"{count} for {level}" for level, count in debt.waiting.items())
        logger.info("atlas_strictness is %s; %s findings wait: %s", debt.level, debt.total, waiting)


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


def clear_damage(app: Sphinx) -> None:
    """At `builder-inited`, ahead of Sphinx's look at its own files."""
    domain_of(app.env).phases  # noqa: B018 - its clock starts here
    mend_info(app.builder)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", clear_damage)
    app.connect("env-before-read-docs", look, priority=900)
    app.connect("env-updated", seal_atlas)
    app.connect("build-finished", end_writing, priority=900)  # behind those who change what was written
