"""What stands beside the pages: stylesheet, `atlas.json`, `CENTRAL_METRICS.json`, the index of the finder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from atlas import export

from . import finder
from .domain import domain_of
from .written import write_whole

STYLE = "atlas.css"


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
    """At `config-inited`: in the installed engine its stylesheet and scripts lie beside this file.

    Pages name scripts and styles with their checksums, so that other ones are a change of each page.
    """
    shipped = Path(__file__).parent / "static"
    if shipped.is_dir():
        config.html_static_path.insert(0, str(shipped))
    folders = [Path(app.confdir) / folder for folder in config.html_static_path]
    config.atlas_assets = _digest([STYLE, *finder.SCRIPTS], folders)


def _digest(names: Iterable[str], folders: Iterable[Path]) -> str:
    """A hash of files by name and content, each looked for in the folders."""
    digest = hashlib.sha256()
    for name in names:
        found = next((folder / name for folder in folders if (folder / name).is_file()), None)
        digest.update(f"{name}\n".encode() + (found.read_bytes() if found else b""))
    return digest.hexdigest()


def setup(app: Sphinx) -> None:
    app.add_config_value("atlas_assets", "", "html", types=(str,))
    app.add_css_file(STYLE)
    app.connect("config-inited", offer_static)
    app.connect("build-finished", write_exports)
