"""What is written in a label is what Chromium shows, lets a reader mark and copy, and stands in the table for those who hear it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

# For each box and arrow what it shows, and what is copied of it; a line of it is a word of its own.
READ = """() => {
  const drawing = document.querySelector('svg.atlas-drawing');
  const shown = g => [...g.querySelectorAll('text')].flatMap(text => text.querySelector('tspan')
    ? [...text.querySelectorAll('tspan')] : [text]).map(line => line.textContent).join('');
  const seen = g => [...g.querySelectorAll('text')].every(text => text.getBBox().width > 1);
  const copied = g => { getSelection().selectAllChildren(g); return getSelection().toString(); };
  const read = g => ({ shown: shown(g), copied: copied(g), seen: seen(g) });
  return {
    box: Object.fromEntries([...drawing.querySelectorAll('.atlas-node')].map(g => [g.dataset.node, read(g)])),
    edge: Object.fromEntries([...drawing.querySelectorAll('.atlas-label')].map(g => [g.dataset.edge, read(g)])),
  };
}"""


def squeezed(text):
    """Without blanks: where a line is broken, one is gone."""
    return "".join(text.split())


@pytest.fixture
def nasty(chromium, nasty_site):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto((nasty_site / "incidents/nasty.html").as_uri())
    page.evaluate("document.fonts.ready")
    yield page
    page.close()


@pytest.mark.parametrize(("kind", "id"), [("box", "N{}"), ("edge", "{}")])
def test_every_label_is_shown_and_copied_as_written(nasty, nasty_labels, kind, id):
    read = nasty.evaluate(READ)[kind]
    for i, label in enumerate(nasty_labels):
        found = read[id.format(i)]
        assert found["seen"], label
        assert squeezed(found["shown"]) == squeezed(label["shown"])
        assert squeezed(found["copied"]) == squeezed(label["shown"])


def test_every_label_is_read_out(nasty, nasty_labels):
    table = nasty.locator("details", has_text="Nodes and connections")
    table.locator("summary").click()
    cells = [squeezed(cell) for cell in table.locator("td").all_inner_texts()]
    for label in nasty_labels:
        assert cells.count(squeezed(label["shown"])) >= 3, "as a box, on an arrow, and at its end"
