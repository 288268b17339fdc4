"""A build in which nothing has moved: what it would find is known, and all that it would write is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from atlas.records.model import Finding
from atlas.records.recall import Recall
from atlas.records.whole_file import replace_file
from atlas.rules.strictness import Debt

from . import config
from .domain import Listed, domain_of
from .others import names_elsewhere
from .written import hash_file, read_digests

EXPORTS: Final = ("atlas.json", "CENTRAL_METRICS.json", "atlas-index.js")
"""What a build of HTML writes beside its pages."""
Known = tuple[tuple[Finding, ...], Debt, tuple[Listed, ...]]
"""What a build finds, what a stricter one would, and what it lists of the ledgers."""
Last = tuple[Known, dict[str, str]]
"""What the last build found, and the hashes of the files that it owed besides its pages."""


def known_build(app: Sphinx, basis: str) -> Known | None:
    """What this build would find and has nothing to write for; None where it has to be done.

    It has to where a page was read or is to be written, where the engine, the ledgers, the day, the settings
    or the bytes of a page are others than in the last build of this output, and where a file is missing or
    changed: a page, a drawing, data.
    """
    if app.builder.format != "html" or domain_of(app.env).reads or _is_outdated(app):
        return None
    nothing: Last = ((), Debt(), ()), {}
    known, files = _last(app, basis)("build", "", lambda: nothing)
    return known if files and files == dict(_owed(app)) else None


def keep_build(app: Sphinx, basis: str) -> None:
    """At the end of a build that drew and wrote all: what it found and what it owed."""
    last = Recall(_state(app, basis))
    domain = domain_of(app.env)
    known = domain.sealed.findings, domain.sealed.debt, tuple(domain.list_ledgers())
    last("build", "", lambda: (known, dict(_owed(app))))
    replace_file(_path(app), last.dump())


def _is_outdated(app: Sphinx) -> bool:
    """True where a page is to be written: by Sphinx, as its template is newer, or as its file is another."""
    written = read_digests(app.builder)
    whole = all(written.get(page) for page in app.env.found_docs)
    return not whole or any(True for _ in app.builder.get_outdated_docs())


def _last(app: Sphinx, basis: str) -> Recall:
    try:
        kept = _path(app).read_bytes()
    except OSError:
        kept = b""
    return Recall(_state(app, basis), kept)


def _path(app: Sphinx) -> Path:
    return Path(app.doctreedir) / f".atlas-last-{app.builder.name}"


def _state(app: Sphinx, basis: str) -> str:
    """A hash of all that pages and findings are made from."""
    info = app.builder.build_info if isinstance(app.builder, StandaloneHTMLBuilder) else None
    settings = (info.config_hash, info.tags_hash) if info else ()
    own = [(setting.name, app.config[setting.name]) for setting in config.SETTINGS]
    digest = hashlib.sha256(f"{basis} {app.outdir} {settings} {own}\n".encode())
    digest.update("\n".join(names_elsewhere(app.env)).encode())
    read = domain_of(app.env).bytes_read
    for page in sorted(app.env.found_docs):
        digest.update(f"{page} {read.get(page, '')}\n".encode())
    return digest.hexdigest()


def _owed(app: Sphinx) -> Iterator[tuple[str, str]]:
    """Drawings and data, with their hashes."""
    for path in sorted((Path(app.doctreedir) / "drawings").glob("*.*")):
        yield path.name, hash_file(path)
    for name in EXPORTS:
        yield name, hash_file(Path(app.outdir) / name)
