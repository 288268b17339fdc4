"""The directives `atlas-diagram`, `quality-gate`, `atlas-view`: they note records and leave placeholders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.directives.other import TocTree
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.matching import patfilter

from atlas.diagrams import mermaid
from atlas.diagrams.evidence import check_form, read_evidence
from atlas.diagrams.wording import told_by_html, words_of_html
from atlas.records.model import Finding, Place
from atlas.records.notes import CheckNote, CodeNote, DiagramNote, FactUse, GateNote, PageNote
from atlas.rules.figures import REFERENCE, SHOWN, offer
from atlas.rules.shell import PLACEHOLDER
from atlas.views.blocks import slug
from atlas_sphinx.pages.nodes import (
    atlas_command,
    atlas_diagram,
    atlas_gate,
    atlas_ref,
    atlas_timeline,
    atlas_view,
)
from atlas_sphinx.pages.reading import around

from .domain import AtlasDomain, domain_of
from .places import path_of, place_of, project_path
from .scope import is_judged
from .translated import messages

OPTIONS = "title system category kind sources version caption alt symptoms alerts".split()
_COMMON = ("name", "class", "align")
"""Options that directives of docutils have in common."""
_REQUIRED = ("title", "alt")
_ID = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*")
_VERSION = re.compile(r"\d+(\.\d+)+")
_OPTION = re.compile(r"^\s*:([\w-]+):", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SILENT = (nodes.system_message, atlas_timeline)
_NO_BLOCKS = (nodes.Inline, nodes.FixedTextElement, nodes.Invisible, nodes.label)
_TOLD = ("alt", "title", "reftitle", "explanation")
_GIVEN = (nodes.literal, nodes.math, nodes.footnote_reference, nodes.citation_reference)


class AnyOption(dict[str, Any]):
    """Takes every option: an unknown one becomes a finding of ours, which stays red on the next build."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Any:
        return directives.unchanged


class NotingDirective(SphinxDirective):
    """What the directives share: where they stand, and the door to the domain."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = AnyOption({"class": directives.unchanged})

    @property
    def domain(self) -> AtlasDomain:
        return domain_of(self.env)

    @property
    def docname(self) -> str:
        return self.env.docname

    @property
    def place(self) -> Place:
        """Where the directive is written, which is another file where a page includes it."""
        source, line = self.get_source_info()
        return Place(path_of(self.env, source), line)

    @property
    def argument(self) -> str:
        return " ".join(self.arguments[0].split()) if self.arguments else ""

    def option(self, name: str) -> str:
        return " ".join((self.options.get(name) or "").split())

    def check_names(self, known: Iterable[str], *, diagram: str = "") -> Iterator[Finding]:
        for name in self.options:
            if name not in known:
                hint = offer(name, known, "the options are " + ", ".join(known))
                yield Finding("DIAGRAM002", f"unknown option :{name}:", self.place, hint, diagram)
        for name in _doubled(_OPTION.findall(self.block_text.partition("\n\n")[0])):
            yield Finding("DIAGRAM002", f"option :{name}: stands twice", self.place, "keep one", diagram)


class DiagramDirective(NotingDirective):
    """`atlas-diagram ID`: options, an empty line, Mermaid text."""

    def run(self) -> list[nodes.Node]:
        note, findings = self._read()
        self.domain.note_findings(self.docname, [*self._check_options(note), *findings])
        self.domain.note_diagram(note)
        words = [*messages(note)]
        node = atlas_diagram(diagram=note.id, title=REFERENCE.sub("…", note.title), messages=words)
        self.set_source_info(node)
        self._name(node, f"{slug(note.id)}-drawing")
        return [*self._target(slug(note.id)), node]

    def _name(self, node: nodes.Element, id: str) -> None:
        """What `:name:`, `:class:` and `:align:` say of it; `id` is for what counts figures."""
        for name in ("class", "align"):
            words = self.option(name).split()
            node["classes"] += [nodes.make_id(f"align-{w}" if name == "align" else w) for w in words]
        if self.option("name"):
            self.add_name(node)
        else:
            node["ids"].append(id)

    def _target(self, id: str) -> list[nodes.Node]:
        """What links to a diagram lead to: the heading above it where that has the same id."""
        if id in self.state.document.ids:
            return []
        target = nodes.target("", "", ids=[id])
        self.state.document.ids[id] = target
        return [target]

    def _read(self) -> tuple[DiagramNote, tuple[Finding, ...]]:
        text = "\n".join(self.content)
        first_line = self._first_line()
        begins = Place(self.place.path, first_line)
        graph, findings = self.domain.parses("parse", (text, begins), lambda: mermaid.parse(text, begins))
        findings += tuple(check_form(text, begins))
        note = DiagramNote(
            id=self.argument,
            docname=self.docname,
            place=self.place,
            text=text,
            first_line=first_line,
            graph=graph,
            title=self.option("title"),
            system=self.option("system"),
            category=self.option("category"),
            kind=self.option("kind"),
            sources=_listed(self.option("sources"), ","),
            version=self.option("version"),
            caption=self.option("caption"),
            alt=self.option("alt"),
            symptoms=_listed(self.option("symptoms"), ";"),
            alerts=_listed(self.option("alerts"), ";,"),
            evidence=read_evidence(text),
        )
        return note, tuple(Finding(f.rule, f.message, f.place, f.hint, note.id) for f in findings)

    def _first_line(self) -> int:
        """The line of the file where the content begins: MyST counts from the directive, docutils from 0."""
        if type(self.state).__module__.startswith("myst_parser"):
            return self.content_offset + 1 + self.lineno
        return int(self.content.offset(0) if self.content else self.content_offset) + 1

    def _check_options(self, note: DiagramNote) -> Iterator[Finding]:
        yield from self.check_names((*OPTIONS, *_COMMON), diagram=note.id)
        if not _ID.fullmatch(note.id):
            hint = "lower-case words, digits, dashes and slashes, as in incidents/github-2018-10-21"
            yield self._bad(note, f"bad diagram id {note.id!r}", hint)
        for name in _REQUIRED:
            if not self.option(name):
                message = f"diagram {note.id} has no :{name}:"
                yield Finding("DIAGRAM003", message, note.place, f"add :{name}: below the directive", note.id)
        if note.version and not _VERSION.fullmatch(note.version):
            yield self._bad(note, f"bad version {note.version!r}", "write it as 1.0")
        for source in _doubled(note.sources):
            yield self._bad(note, f"source {source} is listed twice", "keep one")
        for source in note.sources:
            if not _SOURCE.fullmatch(source):
                yield self._bad(note, f"bad source id {source!r}", "write publisher/key, parted by commas")
        yield from self._check_kind(note)

    def _check_kind(self, note: DiagramNote) -> Iterator[Finding]:
        system_page = (note.category or note.id.partition("/")[0]) == "systems"
        if system_page and not note.kind:
            message = f"diagram {note.id} has no :kind:"
            yield Finding("DIAGRAM003", message, note.place, "a page of a system names its kind", note.id)

    def _bad(self, note: DiagramNote, message: str, hint: str) -> Finding:
        return Finding("DIAGRAM002", message, note.place, hint, note.id)


def _listed(text: str, separators: str) -> tuple[str, ...]:
    return tuple(part for p in re.split(f"[{separators}]", text) if (part := p.strip()))


def _doubled(names: Sequence[str]) -> Iterator[str]:
    return (name for name, number in Counter(names).items() if number > 1)


class GateDirective(NotingDirective):
    """`quality-gate GATE`: a definition list of checks. It speaks of the diagram before it, or of `:for:`."""

    def run(self) -> list[nodes.Node]:
        children = self.parse_content_to_nodes()
        diagram = self.option("for") or self.domain.last_diagram(self.docname)
        checks = tuple(self._check(item) for item in _definitions(children))
        note = GateNote(self.argument, diagram, self.docname, self.place, checks)
        self.domain.note_findings(self.docname, self.check_names(("for",), diagram=diagram))
        self.domain.note_gate(note)
        node = atlas_gate("", *children, gate=note.gate, diagram=diagram)
        self.set_source_info(node)
        return [node]

    def _check(self, item: nodes.definition_list_item) -> CheckNote:
        term = next(item.findall(nodes.term))
        said = [child for child in item.children if isinstance(child, nodes.definition)]
        return CheckNote(
            term=term.astext().strip(),
            text=" ".join(map(_plain, said)),
            line=term.line or item.line or self.lineno,
            literals=tuple(n.astext() for part in said for n in part.findall(nodes.literal)),
            commands=tuple(n.astext() for part in said for n in part.findall(_is_run_or_plain)),
        )


def _is_run_or_plain(node: nodes.Node) -> bool:
    """True of a command and of a plain block; false of what a command prints."""
    return isinstance(node, nodes.literal_block) and "atlas-prints" not in node["classes"]


def _definitions(children: Iterable[nodes.Node]) -> Iterator[nodes.definition_list_item]:
    for child in children:
        if isinstance(child, nodes.definition_list):
            yield from (i for i in child.children if isinstance(i, nodes.definition_list_item))


def _plain(node: nodes.Element) -> str:
    """The words of a definition, references as their targets: a changed reference changes the text.

    Of a command the command alone: what it prints and loses is a record of its own.
    """
    parts = node.findall(lambda n: isinstance(n, (nodes.Text, atlas_ref)))
    told = (p for p in parts if not around(p, atlas_command) or _is_run_or_plain(p.parent))
    words = [p["target"] if isinstance(p, atlas_ref) else _seen(p) for p in told]
    return " ".join(" ".join(words).split())


def _seen(text: nodes.Node) -> str:
    """What a reader sees of a text: nothing of a comment, of HTML its words."""
    if around(text, nodes.comment):
        return ""
    if isinstance(text.parent, nodes.raw):
        return words_of_html(_COMMENT.sub("", _html(text.parent)))
    return str(text.astext())


class ViewDirective(NotingDirective):
    """`atlas-view NAME`: a generated part of a page. `:of:` names a category or system."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        self.domain.note_findings(self.docname, self.check_names(("of",)))
        self.domain.note_view(self.docname, self.argument, self.option("of"), self.place)
        return [atlas_view(view=self.argument, argument=self.option("of"))]


class ToctreeDirective(TocTree):
    """`atlas-toctree`: a hidden toctree of the pages that its patterns match, which may be none yet."""

    def run(self) -> list[nodes.Node]:
        self.options |= {"glob": True, "hidden": True}
        folder = self.env.docname.rpartition("/")[0]
        patterns = [f"{folder}/{line}".lstrip("/") for line in self.content]
        others = self.env.found_docs - {self.env.docname}
        if any(patfilter(others, pattern) for pattern in patterns):
            return super().run()
        self.env.glob_toctrees.add(self.env.docname)  # read this page again when one is added
        return []


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: what the page says besides its diagrams."""
    env = app.env
    docname = env.docname
    title = next(doctree.findall(nodes.title), None)
    said = [*_words(doctree, env, inside=False)]
    note = PageNote(
        docname=docname,
        title=title.astext() if title else docname,
        prose=_told(said, gates=False),
        answers=_told(said, gates=True),
        place=Place(project_path(env, docname)),
        uses=tuple(_uses(doctree, env)),
        explained=tuple(dict.fromkeys(_explained(doctree))),
        code=tuple(_code(doctree, env)),
        judged=is_judged(env, docname),
    )
    domain_of(env).note_page(note)


def _uses(doctree: nodes.document, env: BuildEnvironment) -> Iterator[FactUse]:
    docname = env.docname
    for ref in doctree.findall(atlas_ref):
        yield FactUse(ref["target"], docname, place_of(env, ref), ref["role"])
    for timeline in doctree.findall(atlas_timeline):
        for row in timeline["rows"]:
            yield FactUse(row.reference, docname, row.place, "time")


def _explained(doctree: nodes.document) -> Iterator[str]:
    """The placeholders that stand in backticks among words."""
    for literal in doctree.findall(nodes.literal):
        found = PLACEHOLDER.fullmatch(literal.astext())
        if found and re.search(r"\w", _said(literal.parent)):
            yield found[1]


def _code(doctree: nodes.document, env: BuildEnvironment) -> Iterator[CodeNote]:
    """The blocks of code on a page that are neither a command nor its output."""
    for block in doctree.findall(nodes.literal_block):
        if not around(block, atlas_command, nodes.system_message):
            yield CodeNote(block.get("language", ""), block.astext(), place_of(env, block))


def _words(node: nodes.Element, env: BuildEnvironment, *, inside: bool) -> Iterator[tuple[bool, str]]:
    """Each block of text below a node as `file:line<TAB>text`, and whether it stands inside of a gate."""
    own = project_path(env, env.docname)
    for child in node.children:
        if not isinstance(child, nodes.Element) or isinstance(child, _SILENT):
            continue
        for title in filter(None, (child.get("rawcaption"), *child.get("rawentries", ()))):  # of a toctree
            yield inside, f"{_spot(place_of(env, child), own)}\t{' '.join(title.split())}"
        if _is_block(child):
            yield inside, f"{_spot(place_of(env, child), own)}\t{' '.join(_said(child).split())}"
        yield from _words(child, env, inside=inside or isinstance(child, atlas_gate))


def _told(said: Iterable[tuple[bool, str]], *, gates: bool) -> str:
    return "\n".join(text for inside, text in said if inside is gates)


def _spot(place: Place, own: str) -> str:
    return f"{place.path}:{place.line}" if place.path != own else str(place.line)


def _is_block(node: nodes.Node) -> bool:
    """True of paragraphs, headings, terms, captions, pictures and HTML; false of code and notes."""
    if isinstance(node, nodes.raw):
        return not isinstance(node.parent, nodes.TextElement)
    text = isinstance(node, nodes.TextElement) and not isinstance(node, _NO_BLOCKS)
    return text or isinstance(node, nodes.image)


def _said(node: nodes.Node) -> str:
    """The words of a block with its tooltips, `SHOWN` for a figure that is shown by reference, “…” for what
    else it does not say itself: code, references, addresses.
    """
    if isinstance(node, nodes.Text):
        return node.replace(SHOWN, " ")
    tips = "".join(
        f" ({node[name]}) " for name in _TOLD if isinstance(node, nodes.Element) and node.get(name)
    )
    return _words_of(node) + tips.replace(SHOWN, " ")


def _words_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.raw):
        html = _COMMENT.sub("", _html(node))
        words = words_of_html(html) or " " * ("<br" in html.lower())
        return words + "".join(f" ({tip}) " for tip in told_by_html(html))
    if isinstance(node, atlas_ref) and node["role"] == "fact" and not node.children:
        return SHOWN
    return "…" if _is_given(node) else "".join(map(_said, node.children))


def _html(node: nodes.raw) -> str:
    """What is raw for a browser, and nothing of what is for LaTeX."""
    return str(node.astext()) if "html" in node.get("format", "").split() else ""


def _is_given(node: nodes.Node) -> bool:
    if isinstance(node, nodes.reference):
        return bool(node.get("refuri") == node.astext())
    if isinstance(node, pending_xref):
        return not node.get("refexplicit")
    return isinstance(node, _GIVEN) or (isinstance(node, atlas_ref) and not node.children)


def setup(app: Sphinx) -> None:
    app.add_directive("atlas-diagram", DiagramDirective)
    app.add_directive("quality-gate", GateDirective)
    app.add_directive("atlas-view", ViewDirective)
    app.add_directive("atlas-toctree", ToctreeDirective)
    app.connect("doctree-read", note_page)
