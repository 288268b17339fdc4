"""Nothing from elsewhere: every page under its policy, over HTTP and from the disk, with no fault and no request."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_every_page_carries_the_policy_and_stays_small(site):
    for path in site.pages():
        page = (site.folder / path).read_text(encoding="utf-8")
        assert 'http-equiv="Content-Security-Policy" content="default-src \'self\';' in page, path
        assert "unsafe" not in page.partition("</head>")[0], path
        assert len(page.encode()) < 150_000, path


@pytest.mark.parametrize("disk", [False, True], ids=["http", "disk"])
def test_no_sample_breaks_its_policy_or_asks_elsewhere(visit, site, disk):
    page = visit("index.html", disk=disk)
    home = site.folder.as_uri() if disk else site.url
    for path in {*site.samples(), *(p for p in site.pages() if "/" not in p)}:
        page.goto(f"{home}/{path}")
        page.keyboard.press("/")
    faults = [fault for fault in page.faults if "favicon" not in fault and "404" not in fault]
    assert faults == []
    assert page.asked == []


def test_the_atlas_works_without_a_network(visit):
    page = visit("index.html", disk=True, offline=True)
    page.locator("#atlas-find").fill(
        "ERROR 1290 (HY000): The MySQL server is running with the --read-only option"
    )
    page.locator(".atlas-results a").first.click()
    page.locator(".atlas-viewer").first.wait_for()
    page.locator(".atlas-canvas g.atlas-node").first.click()
    assert page.locator(".atlas-inspector h3").inner_text()
    assert page.faults == []


def test_a_script_that_someone_slips_in_does_not_run(visit):
    page = visit()
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.slipped = 1'; document.body.append(s); }"
    )
    assert page.evaluate("window.slipped") is None
    assert any("Content Security Policy" in fault for fault in page.faults)
