"""The panel of a node says what the ledger says; what fails with a node is dimmed and told."""

from __future__ import annotations

import pytest

from legibility import come_near

pytestmark = pytest.mark.browser

ID = "incidents/github-2018-10-21"
DARK = "g.atlas-lost, g.atlas-impaired"


def choose(page, node):
    page.evaluate("id => atlasDrawings[0].inspector.open(atlasDrawings[0].viewer.graph.nodes.get(id))", node)


def lines(text):
    return " ".join(text.split())


def test_a_click_opens_the_panel_and_escape_closes_it(visit):
    page = visit()
    page.locator("g[data-node=RESP]").click()
    assert "First responders" in page.locator(".atlas-inspector h3").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".atlas-inspector").is_hidden()
    assert page.evaluate("document.activeElement.dataset.node") == "RESP"


def test_a_tap_opens_the_panel_as_a_sheet(visit):
    page = visit(width=390)
    come_near(page)
    page.locator(f"g[data-node={page.evaluate('[...atlasDrawings[0].viewer.graph.nodes.keys()][0]')}]").tap()
    box = page.locator(".atlas-inspector").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)


def test_the_panel_of_every_node_says_what_the_ledger_says(visit, site):
    page = visit()
    sources = {s["id"]: s for s in site.atlas["sources"]}
    nodes = [n for n in site.diagram(ID)["nodes"] if n["label"]]
    assert any(n["facts"] for n in nodes)
    for node in nodes:
        choose(page, node["id"])
        assert node["plane"] in page.locator(".atlas-inspector div > p").first.inner_text().lower()
        cards = page.locator(".atlas-evidence-card")
        assert [c.get_attribute("data-fact") for c in cards.all()] == list(dict.fromkeys(node["facts"]))
        for id, card in zip(dict.fromkeys(node["facts"]), cards.all(), strict=True):
            fact, said = site.atlas["facts"][id], lines(card.inner_text())
            source = sources[fact["source"]]
            wanted = [
                fact["value"],
                fact["says"],
                fact["as_of"],
                fact["statistic"],
                source["title"],
                source["publisher"],
            ]
            for words in filter(None, [*wanted, source["tier"], source["read"]]):
                assert lines(words) in said, id
            links = [a.get_attribute("href") for a in card.locator("a").all()]
            assert fact["url"] in links
            assert source["archive"] in ["", None, *links]
        if not node["facts"]:
            assert "No published figure" in page.locator(".atlas-inspector").inner_text()


def test_the_panel_says_where_else_a_technology_is(visit, site):
    id, named = next(
        (d["id"], t) for d in site.atlas["diagrams"] for t in d["technologies"]
        if sum(t in other["technologies"] for other in site.atlas["diagrams"]) > 1
        and sum(len(other["technologies"]) for other in [d]) > 0
    )  # fmt: skip
    technology = next(t for t in site.atlas["technologies"] if t["id"] == named)
    diagram = site.diagram(id)
    node = next(
        (n for n in diagram["nodes"] if any(name in n["label"] for name in technology["names"])), None
    )
    if node is None:
        pytest.skip("an edge names it")
    page = visit(f"{diagram['docname']}.html")
    choose(page, node["id"])
    page.get_by_role("heading", name=f"{technology['names'][0]} elsewhere").wait_for()
    others = [d for d in site.atlas["diagrams"] if named in d["technologies"] and d["id"] != id]
    shown = page.locator(".atlas-inspector h4:has-text('elsewhere') + ul a").all_inner_texts()
    assert shown
    assert set(shown) <= {d["page_title"] for d in others}


def test_shift_and_click_follow_the_own_link_of_a_node(visit):
    page = visit()
    page.evaluate("atlasDrawings[0].viewer.fit()")
    link = page.locator(".atlas-canvas a.atlas-link").first
    target = link.evaluate("a => new URL(a.href.baseVal, location.href).href")
    link.locator("rect, path").first.click(modifiers=["Shift"])
    page.wait_for_url(target)


def test_the_panel_has_the_own_link_of_a_node(visit):
    page = visit()
    href = page.locator(".atlas-canvas a.atlas-link").first.get_attribute("href")
    choose(page, page.locator(".atlas-canvas a.atlas-link g").first.get_attribute("data-node"))
    link = page.get_by_role("link", name="Open its page").evaluate("a => a.href")
    assert link.endswith(href.lstrip("./"))


def test_tab_walks_the_nodes_in_flow_order_and_enter_opens_them(visit, site):
    page = visit()
    diagram = site.diagram(ID)
    page.locator(".atlas-tools button").last.focus()
    walked = []
    for _ in diagram["nodes"]:
        page.keyboard.press("Tab")
        walked.append(
            page.evaluate(
                "document.activeElement.closest('a, g').querySelector('[data-node]')?.dataset.node ?? document.activeElement.dataset.node"
            )
        )
    assert set(walked) == {n["id"] for n in diagram["nodes"]}
    place = {id: n for n, id in enumerate(walked)}
    forward = [e for e in diagram["edges"] if place[e["tail"]] < place[e["head"]]]
    assert len(forward) >= 0.8 * len(diagram["edges"])
    assert (
        page.evaluate(
            "getComputedStyle(document.activeElement.matches('g') ? document.activeElement.querySelector('rect, path') : document.activeElement.querySelector('rect, path')).strokeWidth"
        )
        == "5px"
    )
    page.keyboard.press("Enter")
    assert page.locator(".atlas-inspector").is_visible()


def test_arrow_keys_walk_the_flow(visit):
    page = visit()
    order = page.evaluate("[...atlasDrawings[0].viewer.graph.nodes.keys()]")
    page.evaluate("[...atlasDrawings[0].viewer.graph.nodes.values()][0].stop.focus()")
    focused = "document.activeElement.dataset.node ?? document.activeElement.querySelector('[data-node]').dataset.node"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == order[1]
    page.keyboard.press("End")
    assert page.evaluate(focused) == order[-1]
    page.keyboard.press("Home")
    assert page.evaluate(focused) == order[0]


@pytest.mark.parametrize("against", [False, True])
def test_what_fails_with_a_node_is_dimmed_and_told(visit, site, against):
    page = visit()
    diagram = site.diagram(ID)
    arrows = [(e["head"], e["tail"]) if against else (e["tail"], e["head"]) for e in diagram["edges"]]
    down = next(n["id"] for n in diagram["nodes"] if sum(a == n["id"] for a, _ in arrows) > 1)
    reached, ahead = {down}, [down]
    while ahead:
        step = ahead.pop()
        fresh = {head for tail, head in arrows if tail == step} - reached
        reached |= fresh
        ahead += fresh
    choose(page, down)
    page.get_by_role("button", name="What if it is down?").click()
    reading = "Dim what waits for it" if against else "Dim what it feeds"
    page.get_by_role("button", name=reading).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == reading
    dark = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(g => g.dataset.node).filter(Boolean)", DARK
    )
    assert set(dark) == reached - {down}
    heading = "What waits for it" if against else "What it feeds"
    section = page.locator(f".atlas-loss div:has(h4:text-is('{heading}'))")
    told = section.locator("li").all_inner_texts()
    assert len(told) == len(dark) > 0
    labels = {lines(n["label"].replace("\n", ", ")) for n in diagram["nodes"] if n["id"] in reached}
    assert len(labels) == len(reached)
    assert f"Left as it is: {len(diagram['nodes']) - len(reached)}" in section.inner_text()
    assert page.locator(".atlas-inspector [role=status], .atlas-inspector [aria-live]").count() == 1
    assert heading.lower() in page.locator(".atlas-inspector [role=status]").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(DARK).count() == 0


def test_what_something_else_still_feeds_is_impaired_not_lost(visit):
    page = visit()
    loss = "flows => { const l = atlasGraph.lose(flows, 'a', false); return [[...l.lost], [...l.impaired]]; }"
    flows = [{"tail": t, "head": h} for t, h in ("ab", "bc", "xc", "cd", "be", "eb")]
    assert [sorted(part) for part in page.evaluate(loss, flows)] == [["b", "e"], ["c", "d"]]


def test_a_pasted_address_opens_what_is_down(visit):
    page = visit(f"{ID}.html#incidents--github-2018-10-21?node=RESP&down=along")
    page.get_by_role("button", name="Dim what it feeds", pressed=True).wait_for()
    assert page.locator("g.atlas-lost").count() > 0


def test_what_calls_a_store_is_told_beside_what_it_feeds(visit):
    page = visit("systems/slack/architecture.html")
    node = page.locator("tr[data-node]", has_text="Vitess over MySQL").first.get_attribute("data-node")
    choose(page, node)
    page.get_by_role("button", name="What if it is down?").click()
    said = lines(page.locator(".atlas-loss").inner_text())
    assert "nothing that is left: 6" in said
    assert "lead elsewhere too: 5" in said
    assert "No arrow of this drawing leads from it." in said
    assert page.locator("g.atlas-lost").count() > 0


@pytest.mark.parametrize("asked", ["", "&down=along"])
def test_nothing_fails_with_a_step_of_a_decision(visit, site, asked):
    id = "debugging/redis-misconf"
    node = site.diagram(id)["nodes"][0]["id"]
    page = visit(f"{id}.html#{id.replace('/', '--')}?node={node}{asked}")
    page.locator(".atlas-inspector h3").wait_for()
    assert page.get_by_role("button", name="What if it is down?").count() == 0
    assert page.locator(DARK).count() == 0
