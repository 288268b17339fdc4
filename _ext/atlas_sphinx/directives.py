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
from sphinx.util.docutils import SphinxDirective
from sphinx.util.matching import patfilter

from atlas import mermaid
from atlas.blocks import slug
from atlas.figures import offer
from atlas.graph import plain
from atlas.model import CheckNote, DiagramNote, FactUse, Finding, GateNote, PageNote, Place

from .domain import AtlasDomain, domain_of, project_path
from .nodes import atlas_diagram, atlas_gate, atlas_ref, atlas_view

OPTIONS = (
    "title",
    "system",
    "category",
    "kind",
    "sources",
    "version",
    "caption",
    "alt",
    "symptoms",
    "alerts",
)
_REQUIRED = ("title", "alt")
_ID = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*")
_VERSION = re.compile(r"\d+(\.\d+)+")
_OPTION = re.compile(r"^\s*:([\w-]+):", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NO_BLOCKS = (nodes.Inline, nodes.FixedTextElement, nodes.Invisible, nodes.label)
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
        return Place(project_path(self.env, self.docname), self.lineno)

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
        node = atlas_diagram(diagram=note.id)
        self.set_source_info(node)
        target = nodes.target("", "", ids=[slug(note.id)])
        return [target, node]

    def _read(self) -> tuple[DiagramNote, tuple[Finding, ...]]:
        text = "\n".join(self.content)
        first_line = self._first_line()
        graph, findings = mermaid.parse(text, Place(self.place.path, first_line))
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
        )
        return note, tuple(Finding(f.rule, f.message, f.place, f.hint, note.id) for f in findings)

    def _first_line(self) -> int:
        """The line of the page where the content begins: MyST counts from the directive, docutils from 0."""
        relative = type(self.state).__module__.startswith("myst_parser")
        return self.content_offset + 1 + (self.lineno if relative else 0)

    def _check_options(self, note: DiagramNote) -> Iterator[Finding]:
        yield from self.check_names(OPTIONS, diagram=note.id)
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
            commands=tuple(n.astext() for part in said for n in part.findall(nodes.literal_block)),
        )


def _definitions(children: Iterable[nodes.Node]) -> Iterator[nodes.definition_list_item]:
    for child in children:
        if isinstance(child, nodes.definition_list):
            yield from (i for i in child.children if isinstance(i, nodes.definition_list_item))


def _plain(node: nodes.Element) -> str:
    """The words of a definition, references as their targets: a changed reference changes the text."""
    parts = node.findall(lambda n: isinstance(n, (nodes.Text, atlas_ref)))
    words = [p["target"] if isinstance(p, atlas_ref) else p.astext() for p in parts]
    return " ".join(" ".join(words).split())


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
    path = project_path(env, docname)
    title = next(doctree.findall(nodes.title), None)
    note = PageNote(
        docname=docname,
        title=title.astext() if title else docname,
        prose=_words(doctree, gates=False),
        answers=_words(doctree, gates=True),
        place=Place(path),
        uses=tuple(_uses(doctree, docname, path)),
    )
    domain_of(env).note_page(note)


def _uses(doctree: nodes.document, docname: str, path: str) -> Iterator[FactUse]:
    for ref in doctree.findall(atlas_ref):
        yield FactUse(ref["target"], docname, Place(path, _line(ref)), ref["role"])


def _words(doctree: nodes.document, *, gates: bool) -> str:
    """What the page says inside or outside of its gates: a `line<TAB>text` for each block of text."""
    return "\n".join(
        f"{_line(block)}\t{' '.join(_said(block).split())}"
        for block in doctree.findall(_is_block)
        if _inside(block, (atlas_gate,)) is gates and not _inside(block, (nodes.system_message,))
    )


def _is_block(node: nodes.Node) -> bool:
    """True of paragraphs, headings, terms, captions, pictures and HTML; false of code and notes."""
    if isinstance(node, nodes.raw):
        return not isinstance(node.parent, nodes.TextElement)
    text = isinstance(node, nodes.TextElement) and not isinstance(node, _NO_BLOCKS)
    return text or isinstance(node, nodes.image)


def _said(node: nodes.Node) -> str:
    """The words of a block, “…” for what it does not say itself: code, references, addresses."""
    if isinstance(node, nodes.image):
        return str(node.get("alt", ""))
    if isinstance(node, nodes.raw):
        return plain(_COMMENT.sub("", node.astext()))
    if _is_given(node):
        return "…"
    return node.astext() if isinstance(node, nodes.Text) else "".join(map(_said, node.children))


def _is_given(node: nodes.Node) -> bool:
    if isinstance(node, nodes.reference):
        return bool(node.get("refuri") == node.astext())
    if isinstance(node, pending_xref):
        return not node.get("refexplicit")
    return isinstance(node, _GIVEN) or (isinstance(node, atlas_ref) and not node.children)


def _inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, kinds):
            return True
        parent = parent.parent
    return False


def _line(node: nodes.Node | None) -> int:
    while node is not None:
        if node.line:
            return node.line
        node = node.parent
    return 0


def setup(app: Sphinx) -> None:
    app.add_directive("atlas-diagram", DiagramDirective)
    app.add_directive("quality-gate", GateDirective)
    app.add_directive("atlas-view", ViewDirective)
    app.add_directive("atlas-toctree", ToctreeDirective)
    app.connect("doctree-read", note_page)
