"""What stands beside the pages: stylesheet, `atlas.json`, `CENTRAL_METRICS.json`, the index of the finder."""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from atlas import export

from . import finder
from .domain import domain_of


def write_whole(path: Path, text: str) -> None:
    """Write so that the file is there whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_exports(app: Sphinx, error: Exception | None) -> None:
    """At `build-finished`: the atlas as data, beside the HTML."""
    if error is None and app.builder.format == "html":
        domain, folder = domain_of(app.env), Path(app.outdir)
        record = export.atlas_json(domain.sealed)
        write_whole(folder / "atlas.json", export.dump(record))
        write_whole(folder / "CENTRAL_METRICS.json", export.dump(export.central_metrics(domain.sealed)))
        root, builder = app.config.root_doc, app.builder
        index = finder.render_index(record, lambda target: domain.address(target, root, builder))
        write_whole(folder / finder.NAME, index)


def offer_static(app: Sphinx, config: Config) -> None:
    """At `config-inited`: in the installed engine its stylesheet and scripts lie beside this file."""
    del app
    shipped = Path(__file__).parent / "static"
    if shipped.is_dir():
        config.html_static_path.insert(0, str(shipped))


def setup(app: Sphinx) -> None:
    app.add_css_file("atlas.css")
    app.connect("config-inited", offer_static)
    app.connect("build-finished", write_exports)
