"""The placeholders that directives and roles leave in the doctree until the atlas is sealed."""

from __future__ import annotations

from docutils import nodes


class atlas_diagram(nodes.General, nodes.Element):
    """A diagram to be shown; attribute `diagram` is its id."""


class atlas_gate(nodes.General, nodes.Element):
    """A written gate; attributes `gate`, `diagram`; its children are the parsed answers."""


class atlas_ref(nodes.Inline, nodes.TextElement):
    """A reference by id; attributes `role` (fact, source, diagram, term), `target`; children: own words."""


class atlas_view(nodes.General, nodes.Element):
    """A generated part of a page; attributes `view`, `argument`."""


class atlas_drawing(nodes.General, nodes.Element):
    """A drawing; attributes `key` (in the drawings store), `hrefs` ((node, address), …), `alt`."""


class atlas_chart(nodes.General, nodes.Element):
    """A small picture of our own making; attribute `svg`."""


class atlas_disclosure(nodes.General, nodes.Element):
    """Content that opens by a click; attributes `summary`, `opened`. Other builders show it as it is."""


class atlas_table(nodes.General, nodes.TextElement):
    """A table for HTML; attribute `html` is its markup, its text is what search indexes."""


PLACEHOLDERS = (atlas_diagram, atlas_gate, atlas_ref, atlas_view)
SHOWN = (atlas_drawing, atlas_chart, atlas_disclosure)
