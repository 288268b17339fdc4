"""WCAG 2.2 AA by axe-core on every template, in both palettes and at both sizes; what axe cannot see, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text(encoding="utf-8")
RUN = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
TEMPLATES = (
    "index.html", "incidents/index.html", "incidents/github-2018-10-21.html", "debugging/redis-misconf.html",
    "systems/index.html", "systems/slack/index.html", "systems/slack/architecture.html", "dashboard.html",
    "incident-response.html", "technologies.html", "sources.html", "glossary.html", "reference/rules.html",
    "reference/style-guide.html", "search.html",
)  # fmt: skip


def at_rest(page):
    """What is far from the window has been measured by then; a window that draws nothing is never idle."""
    page.evaluate("() => new Promise((done) => requestIdleCallback(done, {timeout: 2000}))")


def violations(page):
    at_rest(page)
    page.evaluate(AXE)
    found = page.evaluate(RUN)["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_template_breaks_a_rule(visit, site, width, scheme):
    page = visit("index.html", width=width, color_scheme=scheme, reduced_motion="reduce")
    for path in TEMPLATES:
        page.goto(f"{site.url}/{path}")
        assert violations(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_opens_breaks_a_rule(visit, scheme):
    page = visit(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.locator("g[data-node=RESP]").click()
    page.get_by_role("button", name="What if it is down?").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.locator("dialog #atlas-find").fill("OOMKilled")
    page.locator(".atlas-results a").first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_phone_scrolls_sideways_within_drawings_and_tables_alone(visit, path):
    page = visit(path, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_targets_on_a_phone_are_44_px(visit):
    for path in ("index.html", "incidents/github-2018-10-21.html"):
        page = visit(path, width=390)
        small = page.evaluate("""() => [...document.querySelectorAll(
            'article button, summary, .atlas-jumps a, textarea, .mobile-header button, .mobile-header label')]
          .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, b]) => b.width && (b.height < 43.5 || b.width < 43.5)).map(([html]) => html)""")
        assert small == []


ALONE = """() => [...document.querySelectorAll('.main a, .mobile-header a')].filter(a => {
  const box = a.getBoundingClientRect();
  return box.width && !a.closest('svg, .toc-drawer') && !a.matches('.headerlink, .atlas-fact a, .atlas-card-title a')
    && a.parentElement.textContent.trim() === a.textContent.trim() && box.height < 43.5;
}).map(a => a.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("path", TEMPLATES)
def test_links_that_stand_alone_on_a_phone_are_44_px_high(visit, path):
    assert visit(path, width=390).evaluate(ALONE) == []


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_table_scrolls_sideways_on_a_phone(visit, path):
    page = visit(path, width=390)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(100)
    at_rest(page)
    wide = (
        "[...document.querySelectorAll('.table-wrapper')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    assert page.evaluate(wide) == 0


def test_a_table_that_stands_as_cards_is_still_a_table(visit):
    page = visit("incident-response/alerts.html", width=390)
    cell = page.get_by_role("row").nth(1).get_by_role("cell").nth(1)
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Diagram"'
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(100)
    assert page.locator("table.atlas-wide").first.evaluate("e => getComputedStyle(e).display") == "table"


def test_the_switch_of_the_theme_turns_drawings_too(visit):
    page = visit(color_scheme="light")
    fill = "getComputedStyle(document.querySelector('g.atlas-node.atlas-edge')).fill"
    assert page.evaluate(fill) == "rgb(0, 102, 204)"
    page.evaluate("document.body.dataset.theme = 'dark'")
    assert page.evaluate(fill) == "rgb(29, 105, 184)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"


def contrast(a, b):
    def light(colour):
        parts = [int(v) / 255 for v in colour.removeprefix("rgb(").removesuffix(")").split(",")]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_in_drawings_have_contrast(visit, scheme):
    """Axe does not look into SVG."""
    page = visit(color_scheme=scheme)
    pairs = page.evaluate("""() => [...document.querySelectorAll('.atlas-canvas :is(.atlas-node, .atlas-title, .atlas-label)')]
      .map(g => [g.querySelector('text'), g.querySelector('rect, path')]).filter(([t, s]) => t && s)
      .map(([t, s]) => [getComputedStyle(t).fill, getComputedStyle(s).fill])""")
    assert len({tuple(pair) for pair in pairs}) >= 4
    for words, ground in pairs:
        assert contrast(words, ground) >= 4.5, (words, ground)


def test_planes_differ_without_colour(visit):
    page = visit()
    borders = page.evaluate("""() => ['edge', 'service', 'state', 'control'].map(plane => {
        const nodes = [...document.querySelectorAll(`.atlas-node.atlas-${plane}`)];
        const looks = nodes.map(n => [n.getAttribute('stroke-width'), n.getAttribute('stroke-dasharray')].join());
        return [...new Set(looks)];
    })""")
    assert all(len(looks) == 1 for looks in borders)
    assert len({looks[0] for looks in borders}) == 4


def test_paper_shows_the_whole_drawing_and_its_evidence(visit):
    page = visit()
    page.mouse.move(600, 500)
    page.evaluate("atlasDrawings[0].viewer.zoomBy(3)")
    page.emulate_media(media="print")
    page.wait_for_timeout(100)
    canvas, drawing = (page.locator(s).bounding_box() for s in (".atlas-canvas", ".atlas-drawing"))
    assert drawing["x"] >= canvas["x"] - 1
    assert drawing["width"] <= canvas["width"] + 1
    assert page.locator(".atlas-evidence").is_visible()
    assert page.locator(".atlas-tools").is_hidden()


@pytest.mark.parametrize("path", ["incidents/github-2018-10-21.html", "debugging/redis-misconf.html"])
def test_no_sheet_but_the_last_is_left_half_empty(visit, tmp_path, path):
    page = visit(path)
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    *sheets, _ = PdfReader(tmp_path / "page.pdf").pages
    assert len(sheets) > 3
    assert [n for n, sheet in enumerate(sheets, 1) if len(sheet.extract_text()) < 600] == []


def test_paper_dims_nothing(visit):
    page = visit("incidents/github-2018-10-21.html#incidents--github-2018-10-21?node=RESP&down=along")
    page.locator("g.atlas-lost").first.wait_for()
    page.emulate_media(media="print")
    faint = "[...document.querySelectorAll('.atlas-lost, .atlas-impaired')].filter(e => getComputedStyle(e).opacity < 1).length"
    page.wait_for_timeout(300)
    assert page.evaluate(faint) == 0
