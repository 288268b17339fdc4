"""What stands beside the pages: styles, scripts, `atlas.json`, `CENTRAL_METRICS.json`, the finder's index.

A page that shows nothing of the atlas loads none of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders._epub_base import EpubBuilder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from atlas.files import export, reports
from atlas.records.whole_file import replace_file
from atlas_sphinx.domain import domain_of
from atlas_sphinx.scope import has_parts
from atlas_sphinx.unmoved import EXPORTS

from . import finder

STYLES = ("atlas.css", "atlas/host.css")
SCRIPTS = (
    "vendor/panzoom-4.6.2/panzoom.min.js",
    "atlas/graph.js",
    "atlas/index.js",
    *finder.ANSWERING,
    "atlas/opening.js",
    "atlas/overview.js",
    "atlas/viewer.js",
    "atlas/inspector.js",
    *finder.ASKING,
    "atlas/commands.js",
    "atlas/reader.js",
    "atlas/arriving.js",
)
_SHIPPED = Path(__file__).parents[1] / "static"


def write_exports(app: Sphinx, error: Exception | None) -> None:
    """At `build-finished`: the atlas as data, beside the HTML; it stands there where nothing has moved.

    A book would take it for a part of itself.
    """
    domain, folder = domain_of(app.env), Path(app.outdir)
    if error is None and app.builder.format == "html" and domain.is_sealed and not _is_book(app):
        record, house = export.atlas_json(domain.sealed), domain.sealed.ledgers.house
        index = finder.render_index(record, lambda target: _from_root(app, target), domain.answers, house)
        metrics = reports.dump(export.central_metrics(domain.sealed))
        for name, text in zip(EXPORTS, (reports.dump(record), metrics, index), strict=True):
            replace_file(folder / name, text)


def _is_book(app: Sphinx) -> bool:
    return isinstance(app.builder, EpubBuilder)


def _from_root(app: Sphinx, target: str) -> str:
    """The address of a target as seen from the folder of the site."""
    root, builder = app.config.root_doc, app.builder
    address = domain_of(app.env).shown.addresses.seen(target, root, builder)
    if isinstance(builder, SingleFileHTMLBuilder) and address.startswith("#"):
        return f"{root}{builder.out_suffix}{address}"
    return address


def digest_static(app: Sphinx, config: Config) -> None:
    """At `config-inited`: pages name scripts and styles with their checksums; others change each page."""
    folders = [_SHIPPED, *(Path(app.confdir) / folder for folder in config.html_static_path)]
    config.atlas_assets = _digest([*STYLES, *SCRIPTS], folders)


def _digest(names: Iterable[str], folders: Iterable[Path]) -> str:
    """A hash of files by name and content, each looked for in the folders."""
    digest = hashlib.sha256()
    for name in names:
        found = next((folder / name for folder in folders if (folder / name).is_file()), None)
        digest.update(f"{name}\n".encode() + (found.read_bytes() if found else b""))
    return digest.hexdigest()


def offer_static(app: Sphinx, env: BuildEnvironment) -> None:
    """At `env-updated`: in the installed engine stylesheets and scripts lie beside the adapters."""
    wanted = app.config.atlas_finder or domain_of(env).showing
    if isinstance(app.builder, EpubBuilder):
        app.builder.media_types = {**app.builder.media_types, ".woff2": "font/woff2"}
        app.config.epub_exclude_files = [*app.config.epub_exclude_files, *_beside_book(app)]
    if wanted and _SHIPPED.is_dir() and str(_SHIPPED) not in app.config.html_static_path:
        app.config.html_static_path.insert(0, str(_SHIPPED))


def _beside_book(app: Sphinx) -> Iterable[str]:
    """What lies in the folder of a book and is no part of it, by its path from there."""
    folder = Path(app.outdir)
    trees = Path(app.doctreedir)
    for path in (*folder.glob(".atlas-*"), *trees.rglob("*"), trees / "environment.pickle"):
        if path.is_relative_to(folder):
            yield path.relative_to(folder).as_posix()
    for shipped in (_SHIPPED, *(Path(app.confdir) / static for static in app.config.html_static_path)):
        files = (*(shipped / "atlas").rglob("*"), *(shipped / "vendor").rglob("*"))
        needed = (".css", ".woff2")
        yield from (f"_static/{p.relative_to(shipped).as_posix()}" for p in files if p.suffix not in needed)


def load(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """At `html-page-context`: what a page of the atlas is shown with, and where asked for the finder."""
    del templatename, context, doctree
    everywhere, builder = app.config.atlas_finder, app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or not (everywhere or has_parts(app, pagename)):
        return
    for style in STYLES[:1] if app.config.html_theme == "furo" else STYLES:
        builder.add_css_file(style)
    answers = everywhere or finder.stands_on(app, pagename)
    for script in SCRIPTS if not isinstance(builder, EpubBuilder) else ():
        if answers or script not in (*finder.ANSWERING, *finder.ASKING):
            builder.add_js_file(script, priority=500, defer="defer")


def setup(app: Sphinx) -> None:
    app.add_config_value("atlas_assets", "", "html", types=(str,))
    app.connect("config-inited", digest_static)
    app.connect("env-updated", offer_static)
    app.connect("html-page-context", load)
    app.connect("build-finished", write_exports)
