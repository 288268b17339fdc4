"""Drawing with the real engine: every kind of diagram, the pool, and what a drawing depends on."""

from __future__ import annotations

import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from atlas import drawing, mermaid, planes, ruler
from atlas.drawing import DrawError, Drawing, DrawJob, Press, draw
from atlas.model import Graph, Place

ROOT = Path(__file__).parents[2]
CASES = dict(
    re.findall(r"^## ([^\n]+)\n\n```\n(.*?)^```", (ROOT / "tests/cases/drawings.md").read_text(), re.M | re.S)
)
FLOW = 'flowchart LR\n  A["one"] -->|"moves"| B["two"]\n'
# The parsers are quadratic in a chain on one line: about a second of work under the limit of 50 kB.
SLOW = "flowchart LR\n A0" + "".join(f" --> A{i}" for i in range(1, 4000)) + "\n"


def graph_of(text: str) -> Graph:
    graph, _ = mermaid.parse(text, Place("page.md"))
    assert graph
    return graph


def job_of(text: str, id: str = "cases/one") -> DrawJob:
    graph = graph_of(text)
    placed = {**planes.group_planes(graph), **planes.assign(graph)}
    links = tuple(node.id for node in graph.nodes if node.link)
    return DrawJob(id, text, "A title", "What it says.", tuple(placed.items()), links)


@pytest.mark.parametrize("name", CASES)
def test_every_case_is_drawn_with_all_its_nodes_and_edges(name):
    graph = graph_of(CASES[name])
    drawn = draw(job_of(CASES[name]))
    root = fromstring(drawn.svg)
    nodes = {e.get("data-node") for e in root.iter() if e.get("data-node")}
    assert nodes == {node.id for node in graph.nodes if node.shape != "note"}
    flows = {
        (e.get("data-tail"), e.get("data-head"), e.get("data-edge"))
        for e in root.iter()
        if e.get("data-tail")
    }
    assert flows == {(edge.tail, edge.head, str(i)) for i, edge in enumerate(graph.edges)}
    assert {e.get("data-group") for e in root.iter() if e.get("data-group")} >= {g.id for g in graph.groups}
    assert (f"{drawn.width:g}", f"{drawn.height:g}") == (root.get("width"), root.get("height"))


@pytest.mark.parametrize("name", CASES)
def test_labels_arrive_whole(name):
    graph = graph_of(CASES[name])
    root = fromstring(draw(job_of(CASES[name])).svg)
    shown = {"".join(" ".join(text.itertext()).split()) for text in root.iter() if text.tag.endswith("}text")}
    for label in (*(n.label for n in graph.nodes if n.shape != "note"), *(e.label for e in graph.edges)):
        assert "".join(label.split()) in shown or not label or len(label) < 3 or "sm-circ" in CASES[name]


def test_a_drawing_of_25_nodes_is_small():
    assert len(draw(job_of(CASES["architecture of 25 nodes"])).svg.encode()) < 25_000


def test_the_authors_colours_are_overruled():
    svg = draw(job_of(CASES["classes and styles of the author"])).svg
    assert not re.search(r"#f0f|#ff0|#0ff|\"red|italic|9px|8px", svg)
    assert svg.count('class="atlas-node atlas-edge"') == 2


def test_settings_in_the_text_do_not_change_the_drawing():
    directive = '%%{init: {"theme": "dark", "fontFamily": "Comic Sans MS", "layout": "elk"}}%%\n'
    matter = "---\ntitle: Nothing\nconfig:\n  look: handDrawn\n---\n"
    assert draw(job_of(directive + FLOW)) == draw(job_of(matter + FLOW)) == draw(job_of(FLOW))


def test_same_bytes_over_processes_and_hash_seeds():
    script = (
        "import re, sys; sys.path[:0] = ['_ext', 'tests/core']\n"
        "import test_drawing as t\n"
        "for text in t.CASES.values(): sys.stdout.write(t.draw(t.job_of(text)).svg)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", script],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    here = "".join(draw(job_of(text)).svg for text in CASES.values())
    assert outputs == {here.encode()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flowchart LR\n A[", "Unterminated node label"),
        ("flowchart LR\n A" + " " * 50_000, "source"),
        ('flowchart LR\n A["\ud800"]', "surrogates not allowed"),
        ("nonsense", "No Mermaid diagram type detected"),
    ],
)
def test_what_cannot_be_drawn_says_why(text, message):
    with pytest.raises(DrawError, match=message) as caught:
        draw(DrawJob("a", text, "", ""))
    assert caught.value.message == str(caught.value)


def test_without_an_engine_nothing_is_drawn(monkeypatch):
    monkeypatch.setitem(sys.modules, "merman", None)
    mermaid.load_engine.cache_clear()
    mermaid._parser.cache_clear()
    with pytest.raises(DrawError, match="no drawing engine on this platform"):
        draw(DrawJob("a", FLOW, "", ""))


@pytest.fixture(autouse=True)
def engine():
    """Whatever a test did to the engine, the next one finds it whole."""
    yield
    mermaid.load_engine.cache_clear()
    mermaid._parser.cache_clear()
    drawing._renderer.cache_clear()
    drawing.fingerprint.cache_clear()


def test_questions_that_cannot_be_answered_fall_back():
    merman = mermaid.load_engine()

    class Request:
        operation, text, font_size = (
            merman.MermanTextMeasurementOperation.CREATE_TEXT_B_BOX_Y_OFFSET,
            "a",
            16.0,
        )

    assert drawing._measure(merman, Request()) is None


# The pool ----------------------------------------------------------------------------------------


def test_a_press_draws_in_the_order_of_the_jobs():
    jobs = [job_of(text, f"cases/{i}") for i, text in enumerate(CASES.values())]
    with Press(2) as press:
        drawn = list(press.draw_all([*jobs, DrawJob("bad", "flowchart LR\n A[", "", "")]))
    assert [job for job, _ in drawn[:-1]] == jobs
    assert [result for _, result in drawn[:-1]] == [draw(job) for job in jobs]
    assert str(drawn[-1][1]).endswith("Unterminated node label (missing `]`)")


def test_a_press_that_draws_nothing_starts_nothing():
    before = set(multiprocessing.active_children())
    with Press(2) as press:
        assert not list(press.draw_all([]))
        assert set(multiprocessing.active_children()) == before


def test_a_hung_worker_costs_one_drawing():
    with Press(1, timeout=0.3) as press:
        list(press.draw_all([job_of(FLOW)]))  # the worker is up
        results = [result for _, result in press.draw_all([DrawJob("slow", SLOW, "", ""), job_of(FLOW)])]
    assert isinstance(results[0], DrawError)
    assert str(results[0]) == "not drawn within 0.3 s"


def test_a_dying_worker_costs_one_drawing():
    with Press(1) as press, new_worker() as worker:
        list(press.draw_all([job_of(FLOW)]))
        drawn = press.draw_all([DrawJob("slow", SLOW, "", ""), job_of(FLOW)])
        time.sleep(0.3)
        worker().kill()
        results = [result for _, result in drawn]
    assert re.fullmatch(r"the worker died with exit code -?\d+", str(results[0]))
    assert isinstance(results[1], Drawing)


def test_a_worker_that_dies_between_two_jobs_costs_nothing():
    with Press(1) as press, new_worker() as worker:
        list(press.draw_all([job_of(FLOW)]))
        worker().kill()
        worker().join()
        assert [result for _, result in press.draw_all([job_of(FLOW)])] == [draw(job_of(FLOW))]


def test_workers_that_keep_dying_cost_their_drawings():
    class Doomed(Press):
        def _result(self, future):
            future.cancel()

    with Doomed(1) as press:
        assert [str(result) for _, result in press.draw_all([job_of(FLOW)])] == ["the workers died"]


@contextmanager
def new_worker():
    """The one worker process that is started inside."""
    before = set(multiprocessing.active_children())

    def worker():
        (new,) = set(multiprocessing.active_children()) - before
        return new

    yield worker


# The fingerprint ---------------------------------------------------------------------------------


def test_a_fingerprint_changes_with_options_fonts_and_engine(monkeypatch, tmp_path):
    seen = [drawing.fingerprint()]
    for change in (
        lambda: monkeypatch.setitem(drawing.OPTIONS, "svg", {}),
        lambda: monkeypatch.setattr(ruler, "REGULAR", ruler.SEMIBOLD),
        lambda: monkeypatch.setattr(drawing, "version", "{} nine".format),
    ):
        change()
        drawing.fingerprint.cache_clear()
        seen.append(drawing.fingerprint())
    assert len(set(seen)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in seen)


def test_a_fingerprint_needs_no_engine(monkeypatch):
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(drawing, "version", absent)
    assert re.fullmatch(r"[0-9a-f]{64}", drawing.fingerprint())


def test_a_fingerprint_covers_all_that_draws():
    room = Path(drawing.__file__).parent
    imports = {"drawing"}
    while (
        more := {
            name
            for known in imports
            for name in re.findall(r"^from \.(?:(\w+) )?import", (room / f"{known}.py").read_text(), re.M)
            if name and name != "model"
        }
        - imports
    ):
        imports |= more
    assert {f"{name}.py" for name in imports} <= set(drawing.ROOMS)


def test_most_diagrams_are_drawn_in_a_blink():
    def timed(job: DrawJob) -> float:
        start = time.perf_counter()
        draw(job)
        return time.perf_counter() - start

    jobs = [job_of(text) for text in CASES.values()]
    assert statistics.median(map(timed, jobs)) < 0.5
