"""Showing what to run and when things happened: command blocks, Run first, timelines, as docutils nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from atlas.records.ledgers import fact_url
from atlas.records.notes import CommandNote
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.shell import PLACEHOLDER
from atlas.views.running import EFFECTS, command_id, expected, kind_of, run_first, runs_on, time_of
from atlas_sphinx.pages.nodes import (
    atlas_command,
    atlas_disclosure,
    atlas_ref,
    atlas_run,
    atlas_timeline,
)
from atlas_sphinx.pages.reading import paragraph_below
from atlas_sphinx.pages.tables import Cell, Word, paragraph, table

Address = Callable[[str], str]
_BLANK = re.compile(PLACEHOLDER.pattern.replace("<", "&lt;").replace(">", "&gt;"))


class Runner:
    """Makes the command blocks of one page. `to` gives addresses as seen from it."""

    def __init__(self, document: nodes.document, atlas: Atlas, to: Address, *, html: bool) -> None:
        self._document, self._atlas, self._to, self._html = document, atlas, to, html
        self._shown: set[str] = set()

    def command(self, node: atlas_command) -> nodes.Element:
        """A command where it stands; the first of its id can be linked to."""
        note: CommandNote = node["note"]
        id = command_id(note)
        ids = [id] if note.id and id not in self._shown else []
        self._shown.update(ids)
        loses = next((n for n in node.children if isinstance(n, nodes.paragraph)), None)
        return self._block(note, loses.children if loses else [], ids=ids)

    def first(self, diagram: Diagram) -> list[nodes.Node]:
        """What to run first, to stand above the drawing; nothing where nobody marked a command."""
        commands, guide = run_first(diagram, self._atlas)
        if not commands:
            return []
        head: list[str | Word] = [Word("Run first", classes=("atlas-run-first-title",))]
        if guide:
            head += [", from ", Word(guide.name, self._to(guide.id))]
        box = nodes.container(
            "", paragraph(head, classes=["atlas-run-first-head"]), classes=["atlas-run-first"]
        )
        for note in commands:
            box += self._block(note, [])
            box += self._borrowed(note, guide) if guide else self._own(note)
        return [box]

    def _own(self, note: CommandNote) -> list[nodes.Node]:
        """The paragraph below a command of this page, as it is written there."""
        found = (n for n in self._document.findall(atlas_command) if n["note"].id == note.id)
        below = next((p for n in found if (p := paragraph_below(n))), None)
        if below is None:
            return []
        copy = below.deepcopy()
        for part in copy.findall(nodes.Element):
            part["ids"], part["names"] = [], []
        return [copy]

    def _borrowed(self, note: CommandNote, guide: Diagram) -> list[nodes.Node]:
        place = self._to(f"page:{note.docname}#{command_id(note)}")
        return [paragraph([*_coded(guide.said(note.says)), " ", Word("What comes next.", place)])]

    def _block(
        self, note: CommandNote, loses: Iterable[nodes.Node], *, ids: Sequence[str] = ()
    ) -> nodes.Element:
        effect = note.effect if note.effect in EFFECTS else "reads"
        box = nodes.container("", classes=["atlas-command", f"atlas-effect-{effect}"], ids=list(ids))
        mark = Word(EFFECTS.get(note.effect, "Effect unknown"), classes=("atlas-effect",))
        on = Word(f"on {runs_on(note)}", classes=("atlas-command-on",))
        box += paragraph([mark, on] if note.on else [mark], classes=["atlas-command-head"])
        if note.loses:  # ahead of the command: it is read before it is run
            box += self._loses(note, list(loses))
        box += self._run(note)
        if said := expected(note):
            box += paragraph(_coded(said), classes=["atlas-command-expect"])
        if note.prints:
            box += self._prints(note)
        return box

    def _run(self, note: CommandNote) -> nodes.Element:
        if self._html:
            return atlas_run("", note.text)
        return nodes.literal_block(note.text, note.text, language="bash", classes=["atlas-run"])

    def _loses(self, note: CommandNote, words: list[nodes.Node]) -> nodes.paragraph:
        line = nodes.paragraph("", "", nodes.strong("", "Loses: "), classes=["atlas-command-loses"])
        line += words or [nodes.Text(note.loses)]
        if note.look:
            look = command_id(CommandNote(note.look, note.docname, note.place, "", note.diagram))
            line += [nodes.Text(". Look first: "), Word(note.look, f"#{look}").node()]
        return line

    def _prints(self, note: CommandNote) -> list[nodes.Node]:
        sample = nodes.literal_block(note.prints, note.prints, language="text", classes=["atlas-prints"])
        if self._html:
            return [atlas_disclosure("", sample, summary="What it prints", opened=False, ids=[])]
        return [paragraph("It prints:"), sample]

    def timeline(self, node: atlas_timeline) -> nodes.Node:
        """A timeline as a table: the time with its source, the kind in words, the event."""
        day = ""
        rows: list[Sequence[Cell]] = []
        events = [n for n in node.children if isinstance(n, nodes.paragraph)]
        for row, event in zip(node["rows"], events, strict=True):
            text, day = time_of(row, self._atlas, day)
            kind = Word(kind_of(row), classes=(f"atlas-kind-{row.kind}",))
            rows.append([self._time(row.reference, text), kind, [*self._words(event)]])
        head = ("When", "What", "Event")
        return table(head, rows, html=self._html, classes=["atlas-timeline"])

    def _time(self, reference: str, text: str) -> Word:
        ledgers = self._atlas.ledgers
        fact, source = ledgers.fact(reference), ledgers.sources.get(reference.partition(":")[0])
        if fact and source:
            return Word(text, fact_url(source, fact), title=f"{fact.says}; {source.publisher}")
        return Word(text, self._to(source.id), title=source.title) if source else Word(text)

    def _words(self, node: nodes.Element) -> Iterator[str | Word]:
        for part in node.children:
            if isinstance(part, atlas_ref):
                yield self._reference(part)
            elif isinstance(part, nodes.literal):
                yield Word(part.astext(), code=True)
            else:
                yield part.astext()

    def _reference(self, ref: atlas_ref) -> Word:
        target, words = ref["target"], ref.astext()
        ledgers = self._atlas.ledgers
        if ref["role"] == "fact" and (fact := ledgers.fact(target)):
            source = ledgers.sources[fact.source]
            return Word(words or fact.value, fact_url(source, fact), title=fact.says)
        return Word(words or self._atlas.title_of(target), self._to(target))


def visit_run(self: HTML5Translator, node: atlas_run) -> None:
    """The command in a block of its own, so that it can be copied alone, with its blanks to fill in."""
    text = escape(node.astext(), quote=False)
    blank = r'<span class="atlas-blank" data-name="\1">&lt;\1&gt;</span>'
    shown = _BLANK.sub(blank, text)
    lines = "" if "\n" in text else " atlas-one-line"
    self.body.append(f'<pre class="atlas-run{lines}">{shown}</pre>\n')
    raise nodes.SkipNode


def _coded(text: str) -> list[str | Word]:
    """A text with what stands in backticks as code."""
    parts = text.split("`")
    return [Word(part, code=True) if n % 2 else part for n, part in enumerate(parts) if part]
