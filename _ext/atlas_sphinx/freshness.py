"""What makes a page be read again that Sphinx, which looks at times of files, does not see.

Another engine or other extensions; other bytes under an older time, as after a clock was set back or an older
commit was checked out; and a tree that was cut short.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import docutils
import sphinx
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from atlas.diagrams.mermaid import EngineMissingError, load_engine

from .domain import AtlasDomain, domain_of
from .written import hash_file

_ROOMS = Path(__file__).parents[1]
_WINGS = ("atlas/records", "atlas/diagrams", "atlas/rules", "atlas/views", "atlas_sphinx")


# The engine and what else reads pages


def note_readers(app: Sphinx, config: Config) -> None:
    """At `config-inited`: other readers are another configuration, so that Sphinx reads every page again."""
    digest = hashlib.sha256("\n".join(_versions(app)).encode())
    for path in sorted(path for wing in _WINGS for path in (_ROOMS / wing).rglob("*.py")):
        digest.update(path.read_bytes())
    config.atlas_readers = digest.hexdigest()


def _versions(app: Sphinx) -> Iterator[str]:
    yield f"docutils {docutils.__version__}, sphinx {sphinx.__version__}"
    yield from sorted(f"{name} {extension.version}" for name, extension in app.extensions.items())
    try:
        load_engine()
        yield f"merman {version('merman')}"
    except (EngineMissingError, PackageNotFoundError) as error:
        yield str(error)


# Bytes and trees


def note_bytes(app: Sphinx, doctree: nodes.document) -> None:
    """At `doctree-read`: what the page was read from."""
    del doctree
    domain_of(app.env).bytes_read[app.env.docname] = _bytes_of(app.env, app.env.docname)


def _bytes_of(env: BuildEnvironment, docname: str) -> str:
    """A hash of a page and of all files that it depends on."""
    digest = hashlib.sha256()
    for path in sorted({Path(env.doc2path(docname)), *map(Path, env.dependencies.get(docname, ()))}):
        digest.update(f"{path}\n{hash_file(env.srcdir / path)}\n".encode())
    return digest.hexdigest()


def note_trees(app: Sphinx, env: BuildEnvironment) -> None:
    """At `env-updated`: the trees that were written, which are not always written whole."""
    trees = domain_of(env).trees
    for docname in env.found_docs - trees.keys():
        trees[docname] = hash_file(_tree(app, docname))


def _tree(app: Sphinx, docname: str) -> Path:
    return Path(app.doctreedir) / f"{docname}.doctree"


def read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """At `env-get-outdated`: pages of other bytes and of damaged trees."""
    domain = domain_of(env)
    return [page for page in env.found_docs - added - changed - removed if _is_other(app, domain, page)]


def _is_other(app: Sphinx, domain: AtlasDomain, page: str) -> bool:
    same = domain.bytes_read.get(page) == _bytes_of(app.env, page)
    return not same or domain.trees.get(page) != hash_file(_tree(app, page))


def setup(app: Sphinx) -> None:
    app.add_config_value("atlas_readers", "", "env", types=(str,))
    app.connect("config-inited", note_readers)
    app.connect("doctree-read", note_bytes)
    app.connect("env-updated", note_trees, priority=900)
    app.connect("env-get-outdated", read_again)
