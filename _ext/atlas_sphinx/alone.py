"""One build at a time in a folder of trees: a second one waits, so that neither takes what the other has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

logger = logging.getLogger(__name__)


class Alone:
    """Holds the folder of trees from `config-inited`, before Sphinx reads it, to the end of the build."""

    held: ClassVar[set[Path]] = set()
    """What this process holds; a build that was begun and not ended must not wait for itself."""

    def __init__(self) -> None:
        self._handle = -1

    def take(self, app: Sphinx, config: Config) -> None:
        """At `config-inited`. The lock goes with the process, however that ends."""
        del config
        try:
            import fcntl
        except ImportError:  # not on Windows, where everything else here runs
            return
        folder = Path(app.doctreedir)
        if folder in self.held:
            return
        folder.mkdir(parents=True, exist_ok=True)
        self.held.add(folder)
        self._handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.info("another build is at work in %s; waiting for its end", folder)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        except OSError as error:  # a file system without locks
            logger.info("%s cannot be locked: %s", folder, error)

    def leave(self, app: Sphinx, error: Exception | None) -> None:
        """At `build-finished`."""
        del error
        if self._handle >= 0:
            self.held.discard(Path(app.doctreedir))
            os.close(self._handle)
            self._handle = -1


def setup(app: Sphinx) -> None:
    alone = Alone()
    app.connect("config-inited", alone.take, priority=100)
    app.connect("build-finished", alone.leave, priority=990)
