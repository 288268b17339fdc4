r"""The directive `atlas-command`: one command, what it does, and what it prints.

Its options are read here and not by the parsers: those of MyST are YAML, which would end the pattern
`command #\d+` at its `#`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx

from atlas.records.notes import CommandNote
from atlas.rules.commands import OPTIONS
from atlas.rules.shell import placeholders
from atlas_sphinx.pages.nodes import atlas_command
from atlas_sphinx.pages.reading import paragraph_below, spoken_of, worded

from .directives import NotingDirective
from .domain import domain_of

_OPTION = re.compile(r":([\w-]+):(?:\s+(.*))?$")
_PRINTS = re.compile(r"\s*-{3,}\s*prints\s*-{3,}\s*$")
_COMMA = re.compile(r",(?![^()]*\))")
_FLAG = "run-first"


class Block(NamedTuple):
    """A directive as written: its options as (name, value), the command, and what it prints."""

    options: tuple[tuple[str, str], ...]
    text: str
    prints: str


def read_block(lines: Iterable[str]) -> Block:
    """Options up to the first line that is none, then the command, then the sample below `--- prints ---`."""
    rest = list(lines)
    options: list[tuple[str, str]] = []
    while rest and (found := _OPTION.match(rest[0])):
        options.append((found[1], (found[2] or "").strip()))
        rest = rest[1:]
    mark = next((n for n, line in enumerate(rest) if _PRINTS.match(line)), len(rest))
    text, prints = ("\n".join(part).strip("\n").rstrip() for part in (rest[:mark], rest[mark + 1 :]))
    return Block(tuple(options), text, prints)


def amiss(options: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is wrong with the names of options."""
    for name, count in Counter(name for name, _ in options).items():
        if name not in OPTIONS:
            yield f"unknown option :{name}:"
        elif count > 1:
            yield f"option :{name}: stands twice"
    if any(name == _FLAG and value for name, value in options):
        yield f"option :{_FLAG}: is a mark, and takes no value"


class CommandDirective(NotingDirective):
    """`atlas-command ID`: options, the command, and below a line `--- prints ---` a sample of its output."""

    option_spec: ClassVar[Any] = None

    def run(self) -> list[nodes.Node]:
        written = "\n".join(self.arguments).split("\n")
        block = read_block([*(line.strip() for line in written[1:]), *self.content])
        options = dict(block.options)
        loses = self._parse(options.get("loses", ""))
        note = self._note(written[0].strip(), block, options, worded(loses))
        node = atlas_command("", note=note)
        self.set_source_info(node)
        node += self._literal(note.text, "atlas-run", "bash")
        if note.prints:
            node += self._literal(note.prints, "atlas-prints", "text")
        if note.loses:
            node += loses
        return [node]

    def _note(self, id: str, block: Block, options: Mapping[str, str], loses: str) -> CommandNote:
        return CommandNote(
            id=id,
            docname=self.docname,
            place=self.place,
            text=block.text,
            effect=options.get("effect", ""),
            on=tuple(tool for part in _COMMA.split(options.get("on", "")) if (tool := part.strip())),
            expect=options.get("expect", ""),
            run_first=_FLAG in options,
            loses=loses,
            look=options.get("look", ""),
            prints=block.prints,
            placeholders=tuple(placeholders(block.text)),
            options=tuple(amiss(block.options)),
        )

    def _parse(self, text: str) -> nodes.paragraph:
        children, messages = self.parse_inline(text, lineno=self.lineno)
        paragraph = nodes.paragraph("", "", *children, *messages, classes=["atlas-loses"])
        self.set_source_info(paragraph)
        return paragraph

    def _literal(self, text: str, name: str, language: str) -> nodes.literal_block:
        block = nodes.literal_block(text, text, language=language, classes=[name])
        self.set_source_info(block)
        return block


def note_commands(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: the commands of a page, with what stands around them."""
    notes = []
    for node, diagram, gate in spoken_of(doctree):
        if isinstance(node, atlas_command):
            says = worded(paragraph_below(node))
            node["note"] = replace(node["note"], diagram=diagram, gate=gate, says=says)
            notes.append(node["note"])
    domain_of(app.env).note_commands(app.env.docname, notes)


def setup(app: Sphinx) -> None:
    app.add_directive("atlas-command", CommandDirective)
    app.connect("doctree-read", note_commands)
