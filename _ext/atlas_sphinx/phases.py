"""How long each part of a build took, said with `-v`: look, read, seal, draw, write."""

from __future__ import annotations

import os
import time

from sphinx.util import logging

logger = logging.getLogger(__name__)


class Phases:
    """Seconds on the clock, and of CPU with all processes that have ended, by part of a build.

    `start` is what the process took before this was made: Python, imports, extensions.
    """

    def __init__(self) -> None:
        self._told = {"start": (0.0, _cpu())}
        self._at = time.perf_counter(), _cpu()

    def end(self, name: str) -> None:
        """The part `name` ends here; what follows belongs to the next one."""
        now = time.perf_counter(), _cpu()
        wall, cpu = self._told.get(name, (0.0, 0.0))
        self._told[name] = wall + now[0] - self._at[0], cpu + now[1] - self._at[1]
        self._at = now

    def say(self) -> None:
        parts = (f"{name} {wall:.1f} s ({cpu:.1f} CPU)" for name, (wall, cpu) in self._told.items())
        logger.verbose("atlas phases: %s", ", ".join(parts))


def _cpu() -> float:
    return sum(os.times()[:4])
