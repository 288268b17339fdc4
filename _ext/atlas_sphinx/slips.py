"""What was meant as a directive or a role of the atlas, and is a block of code or words: DIAGRAM007."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from atlas.records.model import Finding

from .domain import domain_of
from .places import place_of

_NAMES = r"(?:atlas-(?:diagram|view|command|timeline|toctree)|quality-gate)"
_BLOCK = re.compile(_NAMES)
_COLONS = re.compile(rf":{{3,}}\{{({_NAMES})\}}")
_ROLES = (
    (re.compile(r"\{atlas:(fact|source|diagram|term)\}`"), "in reStructuredText", "write :atlas:{}:`…`"),
    (re.compile(r":atlas:(fact|source|diagram|term):"), "in Markdown", "write {{atlas:{}}}`…`"),
    (
        re.compile(r"\{atlas:(fact|source|diagram|term)\}\s"),
        "apart from its text",
        "leave out the blank behind {}",
    ),
)
"""Roles that are shown as they are written: how they stand there, and what mends it."""


def note_slips(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`, on every page: whoever writes these names means the atlas."""
    domain_of(app.env).note_findings(app.env.docname, _find(doctree, app.env))


def _find(doctree: nodes.document, env: BuildEnvironment) -> Iterator[Finding]:
    for node in doctree.findall(nodes.Element):
        if found := _slip(node):
            what, hint = found
            yield Finding("DIAGRAM007", f"{what} is no directive here", place_of(env, node), hint)


def _slip(node: nodes.Element) -> tuple[str, str] | None:
    """What was written, and how it is written; None of what is in order."""
    if isinstance(node, nodes.literal_block) and _BLOCK.fullmatch(name := str(node.get("language", ""))):
        return f"a block of code in {name}", f"write ```{{{name}}}, with braces"
    if isinstance(node, nodes.paragraph) and (colons := _COLONS.match(node.astext())):
        return (
            f":::{{{colons[1]}}}",
            'add "colon_fence" to myst_enable_extensions, or write it with backticks',
        )
    words = "".join(part for part in node.children if isinstance(part, nodes.Text))
    for pattern, where, mend in _ROLES if isinstance(node, nodes.paragraph) else ():
        if role := pattern.search(words):
            return f"{role[0].strip('`').strip()} {where}", mend.format(role[1])
    return None


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_slips)
