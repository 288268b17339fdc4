"""Drawing diagrams: the door to merman's renderer, and the pool of workers.

The engine's own tables of text widths know no font, and text leaves its boxes. So each question of the layout
for the room that a text takes is answered with the fonts that the atlas ships (`measuring`).
"""

from __future__ import annotations

import atexit
import copy
import gc
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pebble import ProcessExpired, ProcessPool

from atlas import diagrams
from atlas.diagrams.graph import KINDS, read_edges, read_ends, read_graph, read_words
from atlas.diagrams.mermaid import RESOURCES, EngineError, ask, load_engine, read_model, without_settings
from atlas.diagrams.wording import shelter
from atlas.records.notes import Edge

from . import arranging, lifelines, ruler, svg
from .comparing import find_losses
from .engine_svg import MARGIN, read_scene
from .figures import Flow
from .job import Drawing, DrawJob
from .measuring import measurer
from .reading import hides_words
from .scene import Scene

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
# What is still too wide is drawn anew with its words broken at these widths, in px.
WRAPS: Final = (220, 176)
# On paper room is dear: what is this tight needs a quarter fewer sheets.
PAPER: Final = {"wrappingWidth": 176, "nodeSpacing": 10, "rankSpacing": 18, "padding": 8}


class DrawError(Exception):
    """Why there is no drawing, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def draw(job: DrawJob) -> Drawing:
    """Draw in this process, with no limit of time. Raises DrawError."""
    text = shelter(without_settings(job.text))
    try:
        model = _read(text)
        flows = {id: _flow(i, edge) for i, (id, edge) in enumerate(read_edges(model).items())}
        direction = model.get("direction") or "TB"
        scene = read_scene(ask(_renderer(paper=job.paper), "render_svg", text))
        if not _fits(scene, direction, model, flows, paper=job.paper):
            scene = _narrowed(text, model, flows, scene) or scene
        scene = lifelines.end_lives(scene, read_ends(model))
        drawn = svg.write_scene(scene, job, flows=flows, across=direction in ("LR", "RL"))
    except (EngineError, ValueError) as error:
        raise DrawError(str(error)) from error
    losses = find_losses(drawn, read_graph(model, "", ()), read_words(model))
    return Drawing(drawn, *svg.read_size(drawn), losses)


def _read(text: str) -> dict[str, Any]:
    model = read_model(text)
    if model["type"] not in KINDS:
        raise EngineError(f"{model['type']} is no lawful type of diagram")
    return model


def _flow(index: int, edge: Edge) -> Flow:
    return Flow(index, edge.tail, edge.head, tuple(edge.label.split("\n")) if edge.label else (), edge.dashed)


def _fits(
    scene: Scene, direction: str, model: Mapping[str, Any], flows: Mapping[str, Flow], *, paper: bool
) -> bool:
    """True of what is well as the engine drew it: no words on boxes, and for a page narrow and not tangled.

    A flow down the page and several lines between two boxes are tangled; paper has room in both directions.
    """
    wide = not paper and scene.view[2] > arranging.WIDTHS[0] + 2 * MARGIN
    if model["type"] == "sequence":
        return not wide
    pairs = {frozenset((flow.tail, flow.head)) for flow in flows.values()}
    aside = direction in ("LR", "RL") and len(pairs) == len(flows)
    return not (wide or hides_words(scene)) and (paper or aside)


def _narrowed(text: str, model: Mapping[str, Any], flows: Mapping[str, Flow], scene: Scene) -> Scene | None:
    """The scene as it fits a page, in narrower boxes where need be; None where it is to stay as it is."""
    if model["type"] == "sequence":
        return _with_narrow_lifelines(text, model["actorOrder"])
    graph = read_graph(model, "", ())
    places = {node.id: node.group for node in graph.nodes}
    places |= {group.id: group.group for group in graph.groups}
    ends = {id: (flow.tail, flow.head) for id, flow in flows.items()}
    words = {id: edge.label for id, edge in read_edges(model).items()}
    for wrap in (0, *WRAPS):
        drawn = read_scene(ask(_renderer(wrap=wrap), "render_svg", text)) if wrap else scene
        arranged = arranging.arrange(drawn, ends, places, graph.direction, words)
        if arranged or scene.view[2] <= arranging.WIDTHS[-1]:
            return arranged
    return None


def _with_narrow_lifelines(text: str, order: Sequence[str]) -> Scene:
    """The sequence with its lifelines as far from each other as a page has room for."""
    for pitch in lifelines.PITCHES:
        narrow = lifelines.narrow(text, order, pitch)
        scene = lifelines.deepen(read_scene(ask(_renderer(pitch=pitch), "render_svg", narrow)))
        if scene.view[2] <= arranging.WIDTHS[-1] + 2 * MARGIN:
            break
    return scene


@cache
def fingerprint() -> str:
    """A hash of all that a drawing depends on besides its job: engine, options, fonts, and these modules."""
    engine = " ".join(map(version_of, ("merman", "uharfbuzz")))
    digest = hashlib.sha256(f"{engine}\n{json.dumps([OPTIONS, PAPER])}".encode())
    wings = (Path(__file__).parent, Path(diagrams.__file__).parent)
    rooms = (room for wing in wings for room in sorted(wing.glob("*.py")))
    for path in (ruler.REGULAR, ruler.SEMIBOLD, *rooms):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def version_of(package: str) -> str:
    """`PACKAGE VERSION` of what is installed, else `no PACKAGE`."""
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
        # A drawing is some ten thousand objects without a cycle among them.
        context = get_context("spawn")
        return ProcessPool(
            max_workers=self.workers, initializer=gc.set_threshold, initargs=[100_000], context=context
        )

    def _close(self) -> None:
        self._pool.stop()
        self._pool.join()

    def _schedule(self, jobs: Sequence[DrawJob]) -> list[Future[Drawing]]:
        try:
            return self._submit(jobs)
        except RuntimeError:  # a worker died while there was nothing to draw, which closes the pool
            self._reopen()
            return self._submit(jobs)

    def _submit(self, jobs: Sequence[DrawJob]) -> list[Future[Drawing]]:
        return [self._pool.schedule(draw, args=[job], timeout=self.timeout) for job in jobs]

    def _collect(
        self, jobs: Sequence[DrawJob], futures: list[Future[Drawing]]
    ) -> Iterator[tuple[DrawJob, Drawing | DrawError]]:
        for i, job in enumerate(jobs):
            result = self._result(futures[i])
            if result is None:
                self._reopen()
                futures[i:] = self._submit(jobs[i:])
                result = self._result(futures[i])
            yield job, result or DrawError("the workers died")

    def _reopen(self) -> None:
        self._close()
        self._pool = self._open()

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


# The engine ------------------------------------------------------------------------------------


@cache
def _renderer(*, paper: bool = False, wrap: int = 0, pitch: float = 0.0) -> Any:
    """The engine: tight for paper, with boxes of `wrap` px, or with lifelines `pitch` px apart."""
    merman = load_engine()

    services = merman.MermanEngineServices().with_text_measurer(measurer(merman))
    return merman.MermanEngine(json.dumps(_options(paper=paper, wrap=wrap, pitch=pitch)), services)


def _options(*, paper: bool = False, wrap: int = 0, pitch: float = 0.0) -> dict[str, Any]:
    options: dict[str, Any] = copy.deepcopy(OPTIONS)
    if paper:
        options["site_config"]["flowchart"] |= PAPER
    if wrap:
        options["site_config"]["flowchart"]["wrappingWidth"] = wrap
        options["site_config"]["state"]["wrappingWidth"] = wrap
    if pitch:
        options["site_config"]["sequence"] |= {
            "width": pitch - lifelines.MARGIN,
            "height": lifelines.HEIGHT,
            "actorMargin": lifelines.MARGIN,
            "boxMargin": lifelines.BORDER,
            "diagramMarginX": lifelines.MARGIN,
        }
    return options


# An engine that outlives its library cannot be freed, and says so on standard error.
atexit.register(_renderer.cache_clear)
