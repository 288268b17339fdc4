"""Every drawing of the site can be read as a page shows it first: the budget of `tools/legibility.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest

import legibility
from legibility import Budget, Row

pytestmark = pytest.mark.browser

GOOD = Row("a/b", 1000, 900, 1.2, 14.0, 12.2, 0, 0, 0, 0, 0, 0, 0, 1, 0.7, 11.2, True)


def test_all_drawings_keep_the_budget(visit, site):
    rows = []
    pages = visit(), visit(width=390)
    for diagram in site.atlas["diagrams"]:
        found = []
        for page in pages:
            page.goto(f"{site.url}/{diagram['docname']}.html")
            found.append(legibility.measure(page) or {})
        rows.append(legibility.join(diagram["id"], *found))
    assert legibility.over_budget(rows, Budget()) == []


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"box_px": 10.8}, "box_px 10.8"), ({"edge_px": 9.4}, "edge_px 9.4"), ({"phone_px": 7.2}, "phone_px 7.2"),
        ({"cut": 40.0}, "cut 40.0"), ({"windows": 2.6}, "windows 2.6"), ({"boxes": 1}, "boxes 1"),
        ({"labels": 2}, "labels 2"), ({"tracks": 1}, "tracks 1"), ({"heads": 1}, "heads 1"),
        ({"detours": 1}, "detours 1"), ({"titles": 1}, "titles 1"),
        ({"phone_first": False}, "the first box is not in sight on a phone"),
    ],
)  # fmt: skip
def test_what_is_beyond_the_budget_is_told(fault, told):
    assert f"a/b: {told}" in legibility.over_budget([replace(GOOD, **fault)], Budget())
    assert not legibility.over_budget([GOOD], Budget())


def test_crossings_and_large_words_are_counted_over_all():
    rows = [replace(GOOD, crossings=2), replace(GOOD, box_px=12.0)]
    assert legibility.over_budget(rows, Budget()) == [
        "3 crossings in 2 drawings",
        "only 1 of 2 drawings have words of 13 px",
    ]
    assert legibility.table(rows).count("\n") == 3
    assert "of 13 in 1" in legibility.summary(rows)


@pytest.mark.parametrize(
    ("spoil", "column"),
    [
        ("for (const t of all('text')) t.style.fontSize = '5px'", "box_px"),
        ("document.querySelector('.atlas-drawing').style.width = '4000px'", "cut"),
        ("const p = all('path.atlas-flow'); p[1].setAttribute('d', p[0].getAttribute('d'))", "tracks"),
        ("const g = all('g.atlas-label rect'); for (const r of g) r.setAttribute('width', 900)", "labels"),
        ("const p = all('path.atlas-flow')[0]; p.setAttribute('d', 'M0 0L900 1100L0 5')", "boxes"),
        ("const p = all('path.atlas-flow')[0]; p.setAttribute('d', 'M0 0L900 0L0 5')", "detours"),
    ],
)
def test_a_planted_fault_is_measured(visit, spoil, column):
    page = visit()
    before = legibility.measure(page)
    page.evaluate(
        f"() => {{ const all = (s) => [...document.querySelectorAll(`.atlas-drawing ${{s}}`)]; {spoil} }}"
    )
    after = legibility.measure(page)
    assert before is not None
    assert after is not None
    assert after[column] < before[column] if column == "box_px" else after[column] > before[column]
