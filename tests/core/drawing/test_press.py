"""Drawing with the real engine: every kind of diagram, the pool, and what a drawing depends on."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from atlas import diagrams
from atlas.diagrams import mermaid, planes
from atlas.drawing import outline, paper, press, ruler
from atlas.drawing.job import Drawing, DrawJob
from atlas.drawing.press import DrawError, Press, draw
from atlas.records.model import Place
from atlas.records.notes import Graph

ROOT = Path(__file__).parents[3]
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
        "import re, sys; sys.path[:0] = ['_ext', 'tests/core/drawing']\n"
        "import test_press as t\n"
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
        ("flowchart LR\n A" + ";" * 50_000, "source"),
        ('flowchart LR\n A["\ud800"]', "surrogates not allowed"),
        ("nonsense", "No Mermaid diagram type detected"),
        ("flowchart-elk LR\n A --> B", "flowchart-elk is no lawful type of diagram"),
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
    press._renderer.cache_clear()
    press.fingerprint.cache_clear()


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


def test_a_pool_that_closed_over_a_dead_worker_opens_again():
    with Press(1) as press, new_worker() as worker:
        list(press.draw_all([job_of(FLOW)]))
        worker().kill()
        while press._pool.active:
            time.sleep(0.05)
        assert [result for _, result in press.draw_all([job_of(FLOW)])] == [draw(job_of(FLOW))]


def test_a_pool_that_breaks_over_its_jobs_opens_again():
    class Broken(Press):
        def _schedule(self, jobs):
            futures: list[Future[Drawing]] = [Future() for _ in jobs]
            for future in futures:
                future.set_exception(BrokenProcessPool())
            return futures

    with Broken(1) as press:
        assert [result for _, result in press.draw_all([job_of(FLOW)] * 2)] == [draw(job_of(FLOW))] * 2


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
    seen = [press.fingerprint()]
    for change in (
        lambda: monkeypatch.setitem(press.OPTIONS, "svg", {}),
        lambda: monkeypatch.setattr(ruler, "REGULAR", ruler.SEMIBOLD),
        lambda: monkeypatch.setattr(press, "version", "{} nine".format),
    ):
        change()
        press.fingerprint.cache_clear()
        seen.append(press.fingerprint())
    assert len(set(seen)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in seen)


def test_a_fingerprint_needs_no_engine(monkeypatch):
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(press, "version", absent)
    assert re.fullmatch(r"[0-9a-f]{64}", press.fingerprint())


def test_a_fingerprint_covers_all_that_draws(monkeypatch, tmp_path):
    wing = Path(diagrams.__file__).parent
    shutil.copytree(wing, tmp_path / "diagrams", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(diagrams, "__file__", str(tmp_path / "diagrams/__init__.py"))
    assert press.fingerprint.__wrapped__() == press.fingerprint()
    with (tmp_path / "diagrams/graph.py").open("a") as file:
        file.write("\n")
    assert press.fingerprint.__wrapped__() != press.fingerprint()


def boxes_of(svg: str) -> dict[str, tuple[float, float]]:
    """Where the middles of nodes are."""
    found = re.findall(r'data-node="(\w+)" transform="translate\(([\d.-]+) ([\d.-]+)\)"', svg)
    return {name: (float(x), float(y)) for name, x, y in found}


def test_a_flow_aside_stays_so_where_it_fits():
    at = boxes_of(draw(job_of('flowchart LR\n A["one"] -->|"short"| B["two"]\n')).svg)
    assert at["A"][1] == at["B"][1]


@pytest.mark.parametrize(
    "text",
    [
        'flowchart LR\n A["a"] -->|"a very long label that never ends because somebo"| B["b"]\n',
        "flowchart LR\n"
        + "".join(f' N{i}["a box of some width, {i}"] --> N{i + 1}\n' for i in range(6))
        + ' N6["x"]\n',
    ],
    ids=["no room for words", "wider than a page"],
)
def test_a_flow_aside_is_turned_down_where_it_does_not_fit(text):
    at = boxes_of(draw(job_of(text)).svg)
    assert len({round(y) for _, y in at.values()}) == len(at)


@pytest.mark.parametrize("words", [26, 60])
def test_boxes_are_drawn_narrower_before_a_drawing_is_wider_than_a_page(words):
    label = " ".join(["word"] * words)
    chain = "".join(f' R{i}["{label}"]\n' for i in range(3))
    text = f"flowchart TB\n A -->|x| R0 & R1 & R2\n{chain} R0 & R1 & R2 --> Z\n"
    drawn = draw(job_of(text))
    assert drawn.width <= 1314
    assert drawn.svg.count("word") == 3 * words


def test_what_no_width_can_hold_is_drawn_as_the_engine_has_it():
    text = f'flowchart TB\n A["{"x" * 200}"] --> B["b"]\n'
    assert draw(job_of(text)).width > 1314


def test_a_wide_sequence_is_drawn_with_narrow_lifelines():
    people = "".join(f"  participant P{i} as Service number {i} of the chain\n" for i in range(9))
    said = "".join(
        f"  P{i}->>P{i + 1}: a message of more words than there is room for in one line\n" for i in range(8)
    )
    drawn = draw(job_of(f"sequenceDiagram\n{people}{said}"))
    assert drawn.width <= 1314
    wide = draw(job_of(f"sequenceDiagram\n{people.replace('number', 'n' * 60)}{said}"))
    assert wide.width > 1314


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize("direction", ["LR", "RL", "TB"])
def test_words_on_the_arrow_between_two_boxes_never_stand_on_them(direction, printed):
    for count in range(3, 16):
        words = " ".join(["a very long label that never ends because somebody wrote it down here"] * 2)[
            : 8 * count
        ]
        drawn = draw(DrawJob("a", f'flowchart {direction}\n A -->|"{words}"| B', "", "", paper=printed))
        assert drawn.losses == ()


def test_several_arrows_between_two_boxes_keep_apart():
    svg = draw(job_of("flowchart LR\n A --> B\n A -->|two| B\n A -->|three| B\n B --> A")).svg
    paths = [outline.flatten(data)[0] for data in re.findall(r'data-edge="\d"[^>]* d="([^"]*)"', svg)]
    ends = sorted(path[end][0] for path in paths for end in (0, -1))
    assert len(paths) == 4
    assert all(b - a < 1 or b - a > 8 for a, b in pairwise(ends))
    assert sum(b - a > 8 for a, b in pairwise(ends)) == 3


@pytest.mark.parametrize("shape", ["text", "comment", "brace-r", "braces"])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_no_line_runs_through_words_that_no_box_holds(shape, direction):
    text = f'flowchart {direction}\n C --> A\n A@{{ shape: {shape}, label: "some words" }} --> B'
    drawn = draw(job_of(text))
    node = next(part for part in paper.read_parts(drawn.svg) if part.node == "A")
    left, top, right, bottom = node.box
    assert right - left > ruler.width("some words", 16)
    for flow in paper.read_flows(drawn.svg):
        assert not any(left + 1 < x < right - 1 and abs(y - (top + bottom) / 2) < 12 for x, y in flow.course)
    assert drawn.losses == ()


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("create participant C\n B->>C: make\n destroy C\n C->>B: bye", 1),
        ("B->>C: make\n destroy C\n B-xC: kill", 1),
        ("C->>B: make\n destroy C\n C->>B: bye", 1),
    ],
)
def test_a_lifeline_ends_with_a_cross_at_the_message_that_ends_it(text, last):
    svg = draw(job_of(f"sequenceDiagram\n {text}\n A->>B: more")).svg
    crossed, line = re.findall(
        r'<g [^>]*marker-end="url\(#cases--one-destroyed\)"[^>]*>(<path [^>]*d="([^"]*)")', svg
    )[0]
    assert "atlas-life" in crossed
    x, _, _, bottom = outline.numbers(line)
    message = re.findall(rf'data-edge="{last}" d="([^"]*)"', svg)[0]
    start, y, end, _ = outline.numbers(message)
    assert bottom == y
    assert min(abs(start - x), abs(end - x)) <= 4


def test_what_a_participant_says_to_itself_last_is_drawn_as_the_engine_has_it():
    drawn = draw(job_of("sequenceDiagram\n A->>C: make\n destroy C\n C->>C: bye"))
    assert "destroyed" not in drawn.svg
    assert drawn.losses == ()


def test_the_menu_of_a_participant_is_not_drawn():
    svg = draw(job_of("sequenceDiagram\n link A: Board @ https://a.example\n A->>B: x")).svg
    assert "Board" not in svg
