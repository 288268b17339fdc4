"""What sealing keeps from build to build, beside the trees: answers, and what all of them rest on."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from sphinx.application import Sphinx

from atlas.drawing import press
from atlas.records.recall import Recall
from atlas.records.whole_file import replace_file

from . import config

NAME: Final = ".atlas-answers"
_CORE: Final = Path(__file__).parents[1] / "atlas"
_READERS: Final = ("tree-sitter", "tree-sitter-bash")


def open_answers(app: Sphinx) -> Recall:
    """The answers of the last build; none where anything else that they rest on has moved."""
    try:
        kept = (Path(app.doctreedir) / NAME).read_bytes()
    except OSError:
        kept = b""
    return Recall(basis_of(app), kept)


def keep_answers(app: Sphinx, answers: Recall) -> None:
    if answers.worth_keeping:
        replace_file(Path(app.doctreedir) / NAME, answers.dump())


def basis_of(app: Sphinx) -> str:
    """A hash of all that a build rests on besides its pages and how they are shown.

    The engine with the libraries that it asks, the day, the ledgers and the pages of `spec`.
    """
    digest = hashlib.sha256(f"{engine()}\n{app.config.atlas_readers}\n{app.srcdir}\n".encode())
    digest.update(f"{config.today(app.config)} {app.config.atlas_max_age}\n".encode())
    for path in _ledgers(Path(app.srcdir), app.config.atlas_data):
        digest.update(f"{path}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _ledgers(source: Path, data: str) -> Iterator[Path]:
    for folder, pattern in ((data, "*.toml"), ("spec", "*.md")):
        yield from sorted(path for path in (source / folder).rglob(pattern) if path.is_file())


@cache
def engine() -> str:
    """A hash of the core, of its fonts, and of what it asks: Python, merman, HarfBuzz, tree-sitter."""
    readers = map(press.version_of, _READERS)
    digest = hashlib.sha256("\n".join([sys.version, press.fingerprint(), *readers]).encode())
    for path in sorted([*_CORE.rglob("*.py"), *_CORE.rglob("house.toml")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
