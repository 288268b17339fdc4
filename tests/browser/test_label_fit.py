"""No word leaves its box, measured in Chromium with the fonts that pages ship.

Set ATLAS_DRAWINGS to a folder to measure the drawings (`*.svg`) of a built site as well.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from atlas.diagrams import mermaid, planes
from atlas.drawing.job import DrawJob
from atlas.drawing.press import draw
from atlas.records.model import Place

ROOT = Path(__file__).parents[2]
CASES = dict(
    re.findall(r"^## ([^\n]+)\n\n```\n(.*?)^```", (ROOT / "tests/cases/drawings.md").read_text(), re.M | re.S)
)
BUILT = sorted(Path(os.environ["ATLAS_DRAWINGS"]).rglob("*.svg")) if "ATLAS_DRAWINGS" in os.environ else []
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-extensions", "--disable-sync", "--no-first-run",
]  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")]

# For each text its box and the box it has to stay in, in px of the screen; then what lies on what. Above and
# below its letters a line has air, of which some may lie on a border.
MEASURE = """svg => {
  document.body.innerHTML = svg;
  const root = document.body.firstElementChild, faults = [];
  const all = (e, selector) => [...e.querySelectorAll(selector)];
  const box = e => e.getBoundingClientRect();
  const shapes = g => all(g, 'rect, path, circle');
  const extent = es => es.map(box).reduce((a, b) => ({
    left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom)}));
  const within = (a, b, x, y) =>
    a.left >= b.left - x && a.right <= b.right + x && a.top >= b.top - y && a.bottom <= b.bottom + y;
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  for (const g of all(root, '.atlas-node, .atlas-note, .atlas-label, .atlas-title, g.atlas-fragment')) {
    const text = g.querySelector('text');
    if (!text || !shapes(g).length) continue;
    const outer = extent(shapes(g)), person = box(text).top > (outer.top + outer.bottom) / 2 + 10;
    if (!person && !within(box(text), outer, 0.5, 3)) faults.push(`${text.textContent} leaves its box`);
  }
  for (const e of all(root, 'text, rect, circle'))
    if (!within(box(e), box(root), 1, 1)) faults.push(`${e.outerHTML.slice(0, 80)} leaves the drawing`);
  for (const title of all(root, '.atlas-title text'))
    for (const node of all(root, '.atlas-node'))
      if (shapes(node).length && meet(box(title), extent(shapes(node))))
        faults.push(`title ${title.textContent} lies on node ${node.dataset.node}`);
  return faults;
}"""


@pytest.fixture(scope="module")
def measure():
    """Measures an SVG in a blank page that has no styles but the fonts; returns what is wrong."""
    from playwright.sync_api import sync_playwright

    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url(data:font/woff2;base64,{data}) }}"
        for weight, data in ((400, font("Regular")), (600, font("SemiBold")))
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 6000, "height": 6000})
        page.set_content(f"<!doctype html><style>{faces} body {{ margin: 0 }}</style>")
        load = "async weight => (await document.fonts.load(`${weight} 16px Inter`)).length"
        assert [page.evaluate(load, weight) for weight in (400, 600)] == [1, 1]
        yield lambda svg: page.evaluate(MEASURE, svg)
        browser.close()


def font(weight: str) -> str:
    data = (ROOT / f"_static/vendor/inter-4.1/Inter-{weight}.woff2").read_bytes()
    return base64.b64encode(data).decode()


def drawn(text: str) -> str:
    graph, _ = mermaid.parse(text, Place("page.md"))
    assert graph
    placed = {**planes.group_planes(graph), **planes.assign(graph)}
    return draw(DrawJob("cases/one", text, "A title", "What it says.", tuple(placed.items()))).svg


def numbered() -> Iterator[str]:
    """Labels of every length, so that each way of breaking lines comes up."""
    said = "the primary of us-east-1 serves 12 k reads/s; 負荷分散 🌐 p99=40 ms, HTTP/2 (TLS) — then fails!"
    words = said.split()
    for start in range(len(words)):
        turned = words[start:] + words[:start]
        for length in range(1, len(words) + 1, 3):
            yield " ".join(turned[:length])


@pytest.mark.parametrize("name", CASES)
def test_words_stay_in_their_boxes(measure, name):
    assert not measure(drawn(CASES[name]))


@pytest.mark.parametrize("shape", ['["{}"]', '[("{}")]', '(["{}"])', '{{{{"{}"}}}}', '["{}<br/>and more"]'])
def test_words_of_every_length_stay_in_their_boxes(measure, shape):
    nodes = [f"  N{i}{shape.format(label)}" for i, label in enumerate(numbered())]
    assert not measure(drawn("flowchart LR\n" + "\n".join(nodes)))


def test_states_of_every_length_stay_in_their_boxes(measure):
    states = [f'  state "{label}" as S{i}' for i, label in enumerate(numbered())]
    assert not measure(drawn("stateDiagram-v2\n" + "\n".join(states)))


def test_messages_and_notes_of_every_length_stay_in_their_boxes(measure):
    spoken = [label.replace(";", ",") for label in numbered()]
    messages = [f"  A->>B: {label}\n  Note over A: {label}" for label in spoken[::3]]
    assert not measure(drawn("sequenceDiagram\n" + "\n".join(messages)))


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_nasty_labels_stay_in_their_boxes(measure, nasty_labels, direction):
    rows = [f'  N{i}["{x["written"]}"] -->|"{x["written"]}"| M{i}' for i, x in enumerate(nasty_labels)]
    assert not measure(drawn(f"flowchart {direction}\n" + "\n".join(rows)))


def test_a_word_that_leaves_its_box_is_seen(measure):
    svg = drawn("flowchart LR\n A[narrow]")
    assert measure(svg.replace(">narrow<", ">not as narrow as it was measured<"))


@pytest.mark.parametrize("path", BUILT, ids=lambda path: path.stem)
def test_words_of_the_built_site_stay_in_their_boxes(measure, path):
    assert not measure(path.read_text(encoding="utf-8"))
