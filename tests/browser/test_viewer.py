"""Zoom, pan, full screen and the view in the address, by every hand that a reader has."""

from __future__ import annotations

import re

import pytest

from legibility import come_near

pytestmark = pytest.mark.browser

INCIDENT = "incidents/github-2018-10-21.html"

NO_FULLSCREEN = "Object.defineProperty(document, 'fullscreenEnabled', {get: () => false})"


def scale(page):
    page.wait_for_timeout(60)
    return page.evaluate(
        "new DOMMatrix(getComputedStyle(document.querySelector('.atlas-drawing')).transform).a"
    )


def shift(page):
    page.wait_for_timeout(60)
    box = page.locator(".atlas-drawing").bounding_box()
    return box["x"], box["y"]


def middle(page):
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    page.locator(".atlas-viewer").wait_for()
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    box = page.locator(".atlas-canvas").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"], 500) / 2


def wheel(page, delta, *, ctrl):
    if ctrl:
        page.keyboard.down("Control")
    page.mouse.wheel(0, delta)
    if ctrl:
        page.keyboard.up("Control")
    page.wait_for_timeout(150)


def test_the_picture_needs_no_script(visit):
    page = visit(java_script_enabled=False)
    box = page.locator(".atlas-canvas").bounding_box()
    drawing = page.locator(".atlas-drawing").bounding_box()
    assert box["height"] >= 400
    assert 0 < drawing["width"] <= box["width"]


def test_without_script_a_phone_scrolls_a_readable_picture_in_its_frame(visit, site):
    for diagram in site.atlas["diagrams"][::10]:
        page = visit(f"{diagram['docname']}.html", width=390, java_script_enabled=False)
        box = page.locator(".atlas-drawing").bounding_box()
        width = float(page.locator(".atlas-drawing").get_attribute("width"))
        assert 16 * box["width"] / width >= 7.1, diagram["id"]
        assert page.locator(".atlas-canvas").bounding_box()["width"] <= 390


def test_a_viewer_is_at_least_400_px_high_with_corners_of_8(visit, site):
    for diagram in site.atlas["diagrams"][::10]:
        page = visit(diagram["docname"] + ".html")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.locator(".atlas-canvas").bounding_box()["height"] >= 400
        assert page.locator(".atlas-viewer").first.evaluate("e => getComputedStyle(e).borderRadius") == "8px"


def test_the_wheel_zooms_with_ctrl_alone(visit):
    page = visit()
    page.mouse.move(*middle(page))
    wheel(page, 240, ctrl=False)
    assert scale(page) == 1
    assert page.evaluate("scrollY") > 0
    page.mouse.move(*middle(page))
    before = page.evaluate("scrollY")
    wheel(page, -240, ctrl=True)
    assert scale(page) > 1
    assert page.evaluate("scrollY") == before


def test_the_point_under_the_wheel_stays(visit):
    page = visit()
    x, y = middle(page)
    page.mouse.move(x, y)
    box = page.locator("g[data-node=ORCW]").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    wheel(page, -200, ctrl=True)
    after = page.locator("g[data-node=ORCW]").bounding_box()
    assert after["width"] > box["width"] * 1.2
    assert abs(after["x"] - box["x"]) < box["width"] * 0.1


@pytest.mark.parametrize(("key", "way"), [("+", 1), ("=", 1), ("-", -1)])
def test_keys_zoom_between_50_and_400_percent_and_0_goes_back(visit, key, way):
    page = visit()
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    page.keyboard.press(key)
    assert (scale(page) - 1) * way > 0
    for _ in range(12):
        page.keyboard.press(key)
    assert scale(page) == pytest.approx(4 if way > 0 else 0.5)
    assert page.locator(".atlas-tools output").inner_text() == ("400 %" if way > 0 else "50 %")
    page.keyboard.press("0")
    assert scale(page) == 1


def test_buttons_zoom(visit):
    page = visit()
    page.get_by_role("button", name="Zoom in").click()
    assert scale(page) == pytest.approx(1.25)
    page.get_by_role("button", name="Zoom out").click()
    assert scale(page) == pytest.approx(1)


def test_a_drag_pans_and_chooses_nothing(visit):
    page = visit()
    middle(page)
    box = page.locator("g[data-node=ORCW]").bounding_box()
    before = shift(page)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60, steps=5)
    page.mouse.up()
    after = shift(page)
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((60, 40), abs=2)
    assert page.locator(".atlas-inspector").is_hidden()


def test_a_drawing_cannot_be_lost(visit):
    page = visit()
    x, y = middle(page)
    for _ in range(8):
        page.mouse.move(x - 300, y)
        page.mouse.down()
        page.mouse.move(x + 300, y, steps=3)
        page.mouse.up()
    canvas = page.locator(".atlas-canvas").bounding_box()
    assert shift(page)[0] < canvas["x"] + canvas["width"] * 0.6


def test_a_pinch_zooms(visit):
    page = visit(width=390)
    x, y = middle(page)
    session = page.context.new_cdp_session(page)

    def touch(kind, gap):
        points = [{"x": x - gap, "y": y, "id": 0}, {"x": x + gap, "y": y, "id": 1}] if gap else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for gap in (40, 60, 80, 100):
        touch("touchMove", gap)
    touch("touchEnd", 0)
    assert scale(page) > 1.3


def test_a_double_click_fits(visit):
    page = visit()
    page.mouse.dblclick(*middle(page))
    page.wait_for_timeout(100)
    canvas, drawing = (page.locator(s).bounding_box() for s in (".atlas-canvas", ".atlas-drawing"))
    assert drawing["x"] >= canvas["x"]
    assert drawing["x"] + drawing["width"] <= canvas["x"] + canvas["width"]
    assert drawing["height"] <= canvas["height"]


def test_words_can_be_read_at_the_start(visit, site):
    for width in (1280, 390):
        page = visit(width=width)
        for diagram in site.atlas["diagrams"][::10]:
            page.goto(f"{site.url}/{diagram['docname']}.html")
            come_near(page)
            size = page.locator(".atlas-drawing").first.evaluate(
                "e => 16 * e.getBoundingClientRect().width / e.viewBox.baseVal.width"
            )
            assert size >= 10.95, diagram["id"]


SIGHT = """() => {
  const canvas = document.querySelector('.atlas-canvas').getBoundingClientRect();
  const sides = [...document.querySelectorAll('.atlas-canvas [data-node]')].map(node => node.getBoundingClientRect()).map(box => ({
    whole: box.left >= canvas.left && box.right <= canvas.right && box.top >= canvas.top && box.bottom <= canvas.bottom,
    seen: box.left < canvas.right - 1 && box.right > canvas.left + 1 && box.top < canvas.bottom - 1 && box.bottom > canvas.top + 1 }));
  return {all: sides.length, whole: sides.filter(s => s.whole).length, cut: sides.filter(s => s.seen && !s.whole).length};
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_fit_shows_every_box_of_every_drawing(visit, site, width):
    page = visit(width=width)
    for diagram in site.atlas["diagrams"]:
        page.goto(f"{site.url}/{diagram['docname']}.html")
        come_near(page)
        page.get_by_role("button", name="Fit").first.click()
        scale(page)
        sight = page.evaluate(SIGHT)
        assert sight["whole"] == sight["all"] > 0, diagram["id"]


@pytest.mark.parametrize(("width", "lawful"), [(390, 0.7), (768, 0), (1280, 0)])
def test_a_drawing_starts_with_few_boxes_cut_and_what_is_not_whole_has_an_overview(
    visit, site, width, lawful
):
    # Words of 11 px leave a phone room for a box or two: what lies beyond is a drag away.
    cut = []
    page = visit(width=width)
    for diagram in site.atlas["diagrams"]:
        page.goto(f"{site.url}/{diagram['docname']}.html")
        come_near(page)
        scale(page)
        sight = page.evaluate(SIGHT)
        assert sight["whole"] >= 2, diagram["id"]
        shown = page.locator(".atlas-overview").first.is_visible()
        assert shown == (sight["whole"] < sight["all"]), diagram["id"]
        assert page.locator(".atlas-canvas").first.bounding_box()["height"] <= (591 if width == 390 else 2160)
        cut += [diagram["id"]] if sight["cut"] else []
    assert len(cut) <= lawful * len(site.atlas["diagrams"]), cut


def test_a_tall_drawing_is_whole_on_a_wide_window(visit):
    page = visit("costs/uber-ci-builds.html")
    assert page.locator(".atlas-canvas").bounding_box()["height"] > 900
    assert page.evaluate(SIGHT)["cut"] == 0


def test_the_overview_shows_what_broke(visit):
    page = visit("debugging/linux-conntrack.html", width=390)
    come_near(page)
    boxes = (
        "selector => [...document.querySelectorAll(selector)].map(e => e.getBoundingClientRect().toJSON())"
    )
    broken = page.evaluate(boxes, "svg.atlas-drawing rect.atlas-broken")
    marks = page.evaluate(boxes, ".atlas-overview .atlas-mark")
    drawing, strip = (page.evaluate(boxes, f"svg.{name}")[0] for name in ("atlas-drawing", "atlas-overview"))
    assert len(marks) == len(broken) > 0
    for mark, halo in zip(marks, broken, strict=True):
        assert mark["width"] > 8
        share = (halo["y"] + halo["height"] / 2 - drawing["y"]) / drawing["height"]
        inner = strip["height"] - 17
        assert mark["y"] + mark["height"] / 2 == pytest.approx(strip["y"] + 9 + share * inner, abs=2)


def test_a_tap_on_the_overview_goes_there(visit):
    page = visit("systems/slack/architecture.html", width=390)
    come_near(page)
    page.locator(".atlas-overview").click()
    scale(page)
    assert page.evaluate("atlasDrawings[0].viewer.view") == pytest.approx(
        {"zoom": 1, "x": 0.5, "y": 0.5}, abs=0.05
    )


def swipe(page, across, down):
    x, y = middle(page)
    session = page.context.new_cdp_session(page)
    for step in range(9):
        points = [{"x": x + across * step / 8, "y": y + down * step / 8, "id": 0}]
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points}
        )
        page.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)


def test_a_swipe_scrolls_the_page_until_the_drawing_has_been_moved(visit):
    page = visit(width=390)
    middle(page)
    for way in (-200, -200, 200):
        before = page.evaluate("scrollY")
        swipe(page, 0, way)
        assert abs(page.evaluate("scrollY") - before) > 50
        assert not page.evaluate("atlasDrawings[0].viewer.moved")
        assert page.evaluate("location.hash") == ""
    swipe(page, -120, 0)
    assert page.evaluate("atlasDrawings[0].viewer.moved")
    middle(page)
    before = page.evaluate("scrollY")
    swipe(page, 0, -150)
    assert page.evaluate("scrollY") == before


def test_a_second_press_of_fit_goes_back_to_the_start(visit):
    page = visit(width=390)
    come_near(page)
    button = page.locator(".atlas-tools button", has_text=re.compile("Fit|Start"))
    start = shift(page)
    button.tap()
    assert scale(page) < 0.8
    assert button.inner_text() == "Start"
    before = page.evaluate("scrollY")
    swipe(page, 0, -150)
    assert page.evaluate("scrollY") > before + 50
    assert button.inner_text() == "Start"
    button.tap()
    come_near(page)
    assert shift(page) == start
    assert button.inner_text() == "Fit"
    page.wait_for_function("() => location.hash === ''")


def test_a_drawing_that_starts_whole_has_nothing_more_to_fit(visit):
    page = visit()
    page.get_by_role("button", name="Fit").click()
    assert not page.evaluate("atlasDrawings[0].viewer.moved")
    assert page.get_by_role("button", name="Fit").count() == 1


def test_a_fitted_drawing_stays_so_when_the_window_turns(visit):
    page = visit(width=390)
    come_near(page)
    page.get_by_role("button", name="Fit").tap()
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(200)
    sight = page.evaluate(SIGHT)
    assert sight["whole"] == sight["all"]
    assert page.get_by_role("button", name="Start").count() == 1


def test_f_fills_the_screen_and_leaves_it(visit):
    page = visit()
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement?.className === 'atlas-viewer'")
    page.keyboard.press("f")
    page.wait_for_function("() => !document.fullscreenElement")


def test_a_window_without_fullscreen_gets_a_dialog_that_escape_leaves(visit):
    page = visit(init=NO_FULLSCREEN)
    page.get_by_role("button", name="Full screen").click()
    box = page.locator("dialog.atlas-full .atlas-viewer").bounding_box()
    assert (box["width"], box["height"]) == (1280, 900)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.atlas-full", state="detached")
    assert page.locator(".atlas-figure > .atlas-viewer").count() == 1


def test_a_pasted_address_opens_the_same_spot(visit):
    page = visit()
    page.mouse.move(*middle(page))
    wheel(page, -300, ctrl=True)
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 90, y - 30, steps=4)
    page.mouse.up()
    page.wait_for_function("() => location.hash.includes('zoom=')")
    page.wait_for_timeout(300)
    address = page.evaluate("location.hash")
    assert re.fullmatch(r"#incidents--github-2018-10-21\?zoom=\d+&at=[\d.]+,[\d.]+", address)
    again = visit(INCIDENT + address)
    assert scale(again) == pytest.approx(scale(page), abs=0.02)
    offset = (
        "() => { const c = document.querySelector('.atlas-canvas').getBoundingClientRect(),"
        " d = document.querySelector('.atlas-drawing').getBoundingClientRect(); return [d.x - c.x, d.y - c.y]; }"
    )
    assert again.evaluate(offset) == pytest.approx(page.evaluate(offset), abs=4)


def test_an_address_names_a_node_from_the_disk_too(visit):
    page = visit(INCIDENT + "#incidents--github-2018-10-21?node=REST&zoom=150", disk=True)
    assert scale(page) == pytest.approx(1.5)
    assert "Rebuilt MySQL" in page.locator(".atlas-inspector h3").inner_text()
    canvas, node = (page.locator(s).bounding_box() for s in (".atlas-canvas", "g[data-node=REST]"))
    assert canvas["x"] < node["x"] < canvas["x"] + canvas["width"]
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.wait_for_function("() => location.hash === ''")


@pytest.mark.parametrize("fragment", ["?node=OR%", "?zoom=%", "?node=%E0%A4%A&at=x,y", "?zoom=150&at=9,9"])
def test_an_address_that_is_damaged_still_shows_the_drawing_and_leaves_the_keys(visit, fragment):
    page = visit(f"{INCIDENT}#incidents--github-2018-10-21{fragment}")
    scale(page)
    canvas, drawing = (page.locator(s).bounding_box() for s in (".atlas-canvas", ".atlas-drawing"))
    assert drawing["x"] < canvas["x"] + canvas["width"]
    assert drawing["x"] + drawing["width"] > canvas["x"]
    page.keyboard.press("/")
    page.locator("dialog.atlas-finder").wait_for()
    assert [fault for fault in page.faults if "404" not in fault] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_with_a_node_brings_it_into_sight_wherever_it_points(visit, width):
    page = visit(f"{INCIDENT}#incidents--github-2018-10-21?node=REST&zoom=400&at=0,0", width=width)
    assert scale(page) == pytest.approx(4)
    middle = "e => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"
    x, y = page.locator("g[data-node=REST]").evaluate(middle)
    assert (
        page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.closest('[data-node]')?.dataset.node", [x, y]
        )
        == "REST"
    )


def test_going_back_from_a_view_leaves_it(visit):
    page = visit()
    page.evaluate("location.hash = 'incidents--github-2018-10-21?node=REST&zoom=150'")
    page.locator(".atlas-inspector h3").wait_for()
    page.go_back()
    page.locator(".atlas-inspector").wait_for(state="hidden")
    assert scale(page) == 1


def test_escape_leaves_a_full_window_from_a_node(visit):
    page = visit(init=NO_FULLSCREEN)
    page.get_by_role("button", name="Full screen").click()
    page.evaluate("[...atlasDrawings[0].viewer.graph.nodes.values()][0].stop.focus()")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator(".atlas-inspector").is_hidden()
    assert page.locator("dialog.atlas-full").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.atlas-full", state="detached")


def test_single_keys_can_be_turned_off(visit):
    page = visit(init="localStorage.setItem('atlas-keys', 'off')")
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    page.keyboard.press("+")
    page.keyboard.press("/")
    assert scale(page) == 1
    assert page.locator("dialog").count() == 0


def test_keys_leave_the_drawing_behind_the_finder_alone(visit):
    page = visit()
    page.locator(".atlas-canvas").scroll_into_view_if_needed()
    page.keyboard.press("/")
    page.locator("dialog #atlas-find").fill("OOMKilled")
    page.locator(".atlas-results a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.atlas-results a')")
    for key in "++f":
        page.keyboard.press(key)
    assert scale(page) == 1
    assert not page.evaluate("document.fullscreenElement")
    page.keyboard.press("Escape")
    page.keyboard.press("+")
    assert scale(page) == pytest.approx(1.25)


@pytest.mark.parametrize("width", [390, 800])
@pytest.mark.parametrize("id", ["mechanisms/gossip", "systems/cloudflare/request-flow"])
def test_a_sequence_starts_with_who_speaks_first(visit, site, id, width):
    page = visit(f"{id}.html", width=width)
    come_near(page)
    first = site.diagram(id)["edges"][0]["tail"]
    box = page.locator(f".atlas-drawing [data-node={first}]").bounding_box()
    canvas = page.locator(".atlas-canvas").bounding_box()
    assert canvas["x"] <= box["x"]
    assert box["x"] + box["width"] <= canvas["x"] + canvas["width"]


def test_a_flag_in_a_title_keeps_its_hyphens(visit):
    assert "--read-only" in visit("debugging/mysql-read-only.html").locator("h1").inner_text()
