"""The builder `atlas-json`: reads the pages and writes the atlas as data, without a page or a drawing.

It is what the command line refreshes its data with. Findings that only drawing can show (MERMAID006) are not
in its files.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from atlas.files import export, reports
from atlas.records.whole_file import replace_file

from .domain import domain_of


class DataBuilder(Builder):
    """Writes `atlas.json` and `CENTRAL_METRICS.json`, and no page."""

    name = "atlas-json"
    format = "data"
    epilog = "The data is in %(outdir)s."
    allow_parallel = True

    def get_outdated_docs(self) -> list[str]:
        return []

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        del docname, typ
        return ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Nothing: a page is only read."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing: a page is only read."""


def write_data(app: Sphinx, error: Exception | None) -> None:
    """At `build-finished`, which comes also where no page has changed."""
    if error is None and app.builder.name == DataBuilder.name:
        atlas = domain_of(app.env).sealed
        replace_file(Path(app.outdir) / "CENTRAL_METRICS.json", reports.dump(export.central_metrics(atlas)))
        replace_file(Path(app.outdir) / "atlas.json", reports.dump(export.atlas_json(atlas)))


def setup(app: Sphinx) -> None:
    app.add_builder(DataBuilder)
    app.connect("build-finished", write_data)
