"""What a process and its children cost: CPU and wall seconds and the most memory; medians of several runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .sites import ROOT


class BuildError(Exception):
    """A build that ended in a crash; the message is what it said last."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a process and its children, seconds on the clock, MB of the largest process."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True)
class Measured:
    """Several runs of one thing."""

    runs: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def spread(self) -> float:
        """Between the least and the most CPU seconds, as a share of the median."""
        seconds = [run.cpu for run in self.runs]
        return (max(seconds) - min(seconds)) / self.cpu

    @property
    def peak(self) -> float:
        return max(run.peak for run in self.runs)


def run(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Run to the end. Findings (a code other than 0) do not end it, a traceback does."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        running = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        told = said.read().decode(errors="replace")
    if running.returncode < 0 or "Traceback (most recent call last)" in told:
        raise BuildError(told[-2000:])
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024)


def sphinx(folder: Path, builder: str = "html", *more: str, python: str = sys.executable) -> Cost:
    """One `sphinx-build` of a site, with two workers."""
    command = [python, "-m", "sphinx", "-q", "-b", builder, "-j", "2", *more, "-c", "."]
    command += ["-d", f"trees-{builder}", "source", builder]
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    return run(command, folder, {"PYTHONPATH": str(ROOT / "_ext"), "PATH": path})
