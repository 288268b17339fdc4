"""Drawing diagrams: the door to merman's renderer, the answers to its text measurer, and the pool of workers.

The engine's own tables of text widths know no font, and text leaves its boxes. So each question of the layout
for the room that a text takes is answered with the fonts that the atlas ships (`atlas.ruler`).
"""

from __future__ import annotations

import atexit
import copy
import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final, Self

from pebble import ProcessExpired, ProcessPool

from . import ruler, svg
from .graph import read_edges
from .mermaid import RESOURCES, EngineError, ask, load_engine, read_model, without_settings
from .model import Plane

OPTIONS: Final = {
    "version": 2,
    "site_config": {
        "theme": "default",
        "look": "classic",
        "layout": "dagre",
        "fontFamily": "Inter, sans-serif",
        "themeVariables": {"fontFamily": "Inter, sans-serif"},
        # An author's line has up to 34 characters: it fits into 300 px, and not into 240.
        "flowchart": {"wrappingWidth": 300, "minNodeWidth": 0, "nodeSpacing": 30, "curve": "basis"},
        "state": {"wrappingWidth": 300, "minNodeWidth": 64},
        "sequence": {"mirrorActors": False},
    },
    "svg": {"pipeline": "resvg-safe", "diagram_id": "d"},
    "resources": RESOURCES,
}
# On paper room is dear: what is this tight needs a quarter fewer sheets.
PAPER: Final = {"wrappingWidth": 176, "nodeSpacing": 10, "rankSpacing": 18, "padding": 8}
ROOMS: Final = (
    "drawing.py",
    "graph.py",
    "mermaid.py",
    "outline.py",
    "placing.py",
    "routing.py",
    "ruler.py",
    "scene.py",
    "svg.py",
)


@dataclass(frozen=True, slots=True)
class DrawJob:
    """What is to be drawn: Mermaid with its values filled in.

    `planes` says where nodes and groups belong, by id; `links` are the ids of nodes that are to be links.
    `paper` draws tightly, for print.
    """

    id: str
    text: str
    title: str
    description: str
    planes: tuple[tuple[str, Plane], ...] = ()
    links: tuple[str, ...] = ()
    paper: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished SVG, and its size in px."""

    svg: str
    width: float
    height: float


class DrawError(Exception):
    """Why there is no drawing, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def draw(job: DrawJob) -> Drawing:
    """Draw in this process, with no limit of time. Raises DrawError."""
    text = without_settings(job.text)
    try:
        model = read_model(text)
        # Where other diagrams break a line at `\n`, the engine prints it on messages.
        shown = text.replace("\\n", "<br/>") if model["type"] == "sequence" else text
        flows = {
            id: svg.Flow(i, edge.tail, edge.head) for i, (id, edge) in enumerate(read_edges(model).items())
        }
        raw = ask(_renderer(paper=job.paper), "render_svg", shown)
        across = model.get("direction") in ("LR", "RL")
        drawn = svg.rewrite(raw, job, flows=flows, across=across)
    except (EngineError, ValueError) as error:
        raise DrawError(str(error)) from error
    return Drawing(drawn, *svg.read_size(drawn))


@cache
def fingerprint() -> str:
    """A hash of all that a drawing depends on besides its job: engine, options, fonts, and these modules."""
    engine = " ".join(map(_version, ("merman", "uharfbuzz")))
    digest = hashlib.sha256(f"{engine}\n{json.dumps([OPTIONS, PAPER])}".encode())
    folder = Path(__file__).parent
    for path in (ruler.REGULAR, ruler.SEMIBOLD, *(folder / room for room in ROOMS)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"


class Press:
    """A pool of worker processes that draws, each drawing within `timeout` seconds or not at all.

    A hung or dying worker costs its drawing and is replaced. Workers start with the first job.
    """

    def __init__(self, workers: int, *, timeout: float = 20) -> None:
        self.workers, self.timeout = workers, timeout
        self._pool = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def draw_all(self, jobs: Sequence[DrawJob]) -> Iterator[tuple[DrawJob, Drawing | DrawError]]:
        """Each job with its drawing or what went wrong, in the order of the jobs. Drawing starts at once."""
        return self._collect(jobs, self._schedule(jobs))

    def _open(self) -> ProcessPool:
        return ProcessPool(max_workers=self.workers, context=get_context("spawn"))

    def _close(self) -> None:
        self._pool.stop()
        self._pool.join()

    def _schedule(self, jobs: Sequence[DrawJob]) -> list[Future[Drawing]]:
        return [self._pool.schedule(draw, args=[job], timeout=self.timeout) for job in jobs]

    def _collect(
        self, jobs: Sequence[DrawJob], futures: list[Future[Drawing]]
    ) -> Iterator[tuple[DrawJob, Drawing | DrawError]]:
        for i, job in enumerate(jobs):
            result = self._result(futures[i])
            if result is None:
                futures[i:] = self._start_anew(jobs[i:])
                result = self._result(futures[i])
            yield job, result or DrawError("the workers died")

    def _start_anew(self, jobs: Sequence[DrawJob]) -> list[Future[Drawing]]:
        self._close()
        self._pool = self._open()
        return self._schedule(jobs)

    def _result(self, future: Future[Drawing]) -> Drawing | DrawError | None:
        """What became of a job; None where a worker died between jobs, which breaks the whole pool."""
        try:
            return future.result()
        except DrawError as error:
            return error
        except TimeoutError:
            return DrawError(f"not drawn within {self.timeout:g} s")
        except ProcessExpired as error:
            return DrawError(f"the worker died with exit code {error.exitcode}")
        except BrokenProcessPool:
            return None


# Measuring -------------------------------------------------------------------------------------


@cache
def _renderer(*, paper: bool = False) -> Any:
    merman = load_engine()

    class Measurer(merman.MermanTextMeasurer):  # type: ignore[misc, name-defined]
        def measure(self, request: Any) -> Any:
            return _measure(merman, request)

    services = merman.MermanEngineServices().with_text_measurer(Measurer())
    return merman.MermanEngine(json.dumps(_options(paper=paper)), services)


def _options(*, paper: bool) -> dict[str, Any]:
    options: dict[str, Any] = copy.deepcopy(OPTIONS)
    if paper:
        options["site_config"]["flowchart"] |= PAPER
    return options


# An engine that outlives its library cannot be freed, and says so on standard error.
atexit.register(_renderer.cache_clear)


def _measure(merman: ModuleType, request: Any) -> Any:
    """How much room a text takes, in px; None where the engine is to fall back on its own tables."""
    operation, text, size = request.operation.name, request.text, request.font_size
    if operation in ("WRAPPED", "MEASURE"):
        lines = ruler.wrap(text, size, request.max_width) if request.max_width else text.split("\n")
        width = max(ruler.width(line, size) for line in lines)
        return _answer(merman, "METRICS", width, request.line_height * len(lines), len(lines))
    if operation == "MERMAID_CALCULATE_TEXT_DIMENSIONS":
        return _answer(
            merman, "METRICS", float(round(ruler.width(text, size))), float(round(ruler.HEIGHT * size))
        )
    if operation.endswith(("_WIDTH", "_LENGTH")):
        return _answer(merman, "LENGTH", ruler.width(text, size))
    return _answer(merman, "LENGTH", ruler.HEIGHT * size) if operation.endswith("_HEIGHT") else None


def _answer(merman: ModuleType, kind: str, value: float, height: float = 0.0, lines: int = 1) -> Any:
    return merman.MermanTextMeasureResult(
        result_kind=merman.MermanTextMeasurementResultKind[kind],
        width=value,
        height=height,
        length=value,
        line_count=lines,
        bbox_left=None,
        bbox_right=None,
        raw_width=None,
    )
