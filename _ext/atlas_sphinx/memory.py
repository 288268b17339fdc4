"""What a build does with its memory: when the collector runs, and what reading workers need not carry.

Trees of pages are full of cycles, and Python looks for dead ones after every 700 new objects, through all
that is alive. A worker is a copy of the process that has merged all pages so far, and Sphinx sends everything
back that it holds.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable
from typing import Final

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from .domain import domain_of

THRESHOLDS: Final = (100_000, 20, 50)
"""Of `gc.set_threshold`: a page is read and written with some fifty thousand objects."""


class Memory:
    """Held by the handlers of one build."""

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._reader = 0

    def begin(self, app: Sphinx, config: Config) -> None:
        """At `config-inited`, ahead of the notes of the last build, which are many objects, too."""
        del app, config
        gc.set_threshold(*THRESHOLDS)

    def part(self, app: Sphinx, env: BuildEnvironment, docnames: Iterable[str]) -> None:
        """At `env-before-read-docs`: what is alive now stays alive, and which process is no worker."""
        del app, env, docnames
        gc.freeze()
        self._reader = os.getpid()

    def forget(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """At `source-read`: a worker that has just begun drops what other pages noted in the domain."""
        del docname, content
        if self._reader not in (0, os.getpid()):
            self._reader = os.getpid()
            domain_of(app.env).forget()

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """At `build-finished`: as it was, for those who build within a program of their own."""
        del app, error
        gc.unfreeze()
        gc.set_threshold(*self._before)


def setup(app: Sphinx) -> None:
    memory = Memory()
    app.connect("config-inited", memory.begin)
    app.connect("env-before-read-docs", memory.part, priority=900)
    app.connect("source-read", memory.forget, priority=100)  # ahead of those who note something
    app.connect("build-finished", memory.end)
