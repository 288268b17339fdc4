"""The placeholders that directives and roles leave in the doctree until the atlas is sealed."""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import translatable


class atlas_diagram(nodes.General, nodes.Element, translatable):
    """A diagram to be shown; attribute `diagram` is its id, `title` what counts and names it as a figure.

    `messages` are its words as written, `said` maps them to their translations.
    """

    def preserve_original_messages(self) -> None:
        """Nothing: the translations stand beside the words."""

    def extract_original_messages(self) -> list[str]:
        return list(self["messages"])

    def apply_translated_message(self, original_message: str, translated_message: str) -> None:
        self["said"] = {**self.get("said", {}), original_message: translated_message}
        if original_message == self["title"]:
            self["title"] = translated_message


class atlas_gate(nodes.General, nodes.Element):
    """A written gate; attributes `gate`, `diagram`; its children are the parsed answers."""


class atlas_ref(nodes.Inline, nodes.TextElement):
    """A reference by id; attributes `role` (fact, source, diagram, term), `target`; children: own words."""


class atlas_command(nodes.General, nodes.Element):
    """One command; attribute `note` is what was read of it.

    Its children are literal blocks of classes `atlas-run` (the command) and `atlas-prints`, and a paragraph
    of class `atlas-loses`; builders that know nothing of commands show these.
    """


class atlas_timeline(nodes.General, nodes.Element):
    """A timeline; attributes `rows` (of TimelineRow), `place`; its children are paragraphs, an event each."""


class atlas_view(nodes.General, nodes.Element):
    """A generated part of a page; attributes `view`, `argument`."""


class atlas_drawing(nodes.General, nodes.Element):
    """A drawing; attributes `key` (in the drawings store), `hrefs` ((node, address), …), `alt`."""


class atlas_chart(nodes.General, nodes.Element):
    """A small picture of our own making; attribute `svg`."""


class atlas_disclosure(nodes.General, nodes.Element):
    """Content that opens by a click; attributes `summary`, `opened`. Other builders show it as it is."""


class atlas_run(nodes.General, nodes.TextElement):
    """A command alone, for HTML; its text is what search indexes and what is copied."""


class atlas_table(nodes.General, nodes.TextElement):
    """A table for HTML; attribute `html` is its markup, its text is what search indexes."""


PLACEHOLDERS = (atlas_diagram, atlas_gate, atlas_command, atlas_timeline, atlas_ref, atlas_view)
SHOWN = (atlas_drawing, atlas_chart, atlas_disclosure)
