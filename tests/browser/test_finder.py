"""The finder answers what people paste at night, fast, offline, and says why."""

from __future__ import annotations

import gzip
import tomllib
from pathlib import Path

import pytest

from atlas import finder

pytestmark = pytest.mark.browser

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/finder.toml").read_text(encoding="utf-8"))["case"]
SEARCH = "text => atlasLoadIndex().then(index => atlasSearch(index, text))"
MANY = """async texts => {
  const index = await atlasLoadIndex(), entries = [];
  let n = 0;
  const vary = text => text.replace(/[a-z]{6,}/gi, word => n++ % 7 ? word : word + n % 997);
  while (entries.length < 2000) for (const e of index.entries) entries.push({...e, title: vary(e.title),
    labels: vary(e.labels), errors: e.errors.map(vary), symptoms: e.symptoms.map(vary)});
  const many = {...index, entries: entries.slice(0, 2000), technologies: []};
  atlasSearch(many, 'warm up');
  const once = text => { const start = performance.now(); atlasSearch(many, text); return performance.now() - start; };
  return texts.map(text => Math.min(once(text), once(text), once(text)));
}"""


def place_of(want, found):
    """The place of the page that is wanted; where none is, any answer is out of place."""
    if not want:
        return len(found)
    return next((n for n, result in enumerate(found) if result["id"] == want), len(found))


def test_the_right_page_is_among_the_first(visit):
    page = visit("index.html", disk=True)
    missed = {}
    for case in CASES:
        place = place_of(case["want"], page.evaluate(SEARCH, case["text"]))
        if place:
            missed[case["text"][:80]] = place
    assert len(missed) <= 0.15 * len(CASES), missed
    assert sum(place > 2 for place in missed.values()) <= 0.05 * len(CASES), missed


def test_the_browser_answers_as_the_terminal_does(visit, site):
    page = visit("index.html", disk=True)
    terminal = finder.Finder(finder.prepare(finder.index(site.atlas)))
    for case in CASES:
        shown, hits = page.evaluate(SEARCH, case["text"])[:5], terminal.search(case["text"], 5)
        assert [(hit.id, hit.kind, hit.matched) for hit in hits] == [
            (found["id"], found["kind"], found["matched"]) for found in shown
        ], case["text"]
        assert [hit.score for hit in hits] == pytest.approx([found["score"] for found in shown])


def test_every_guide_of_the_atlas_has_cases(site):
    guides = {d["id"] for d in site.atlas["diagrams"] if d["category"] == "debugging"}
    assert guides <= {case["want"] for case in CASES}


def test_an_error_string_comes_before_an_alert_before_a_symptom_before_words(visit):
    page = visit("index.html")
    entry = {
        "where": "",
        "href": "#",
        "gate": "#",
        "guide": False,
        "errors": [],
        "alerts": [],
        "symptoms": [],
        "names": [],
        "labels": "",
    }
    entries = [
        {**entry, "title": "words", "labels": "disk quota exceeded on shard"},
        {**entry, "title": "symptom", "symptoms": ["disk quota exceeded"]},
        {**entry, "title": "alert", "alerts": ["DiskQuotaExceeded"]},
        {**entry, "title": "error", "errors": ["disk quota exceeded on …"]},
        *[{**entry, "title": "other"}] * 9,
    ]
    find = "async entries => { await atlasLoadIndex(); return atlasSearch({entries, technologies: []}, 'DiskQuotaExceeded: disk quota exceeded on 10.0.0.1').map(f => f.title) }"
    assert page.evaluate(find, entries) == ["error", "alert", "symptom", "words"]


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-02T03:12:44.120Z nf_conntrack: table full, dropping packet",
        "nf_conntrack: table full, dropping packet 7f3a9c2e-1b2c-4d5e-8f90-123456789abc",
        "[/var/log/kern.log:99] nf_conntrack: table full, dropping packet 0xdeadbeef",
    ],
)
def test_what_differs_between_lines_is_stripped(visit, line):
    page = visit("index.html")
    found = page.evaluate(SEARCH, line)[0]
    assert (found["kind"], found["matched"]) == ("error string", "nf_conntrack: table full, dropping packet")


def test_a_file_name_in_a_stack_trace_is_no_error_string(visit):
    page = visit("index.html")
    found = page.evaluate(SEARCH, "at src/server.c:120 in fetchUser (TypeError: x is undefined)")
    assert {result["kind"] for result in found} <= {"words"}


@pytest.mark.parametrize("text", ["disk full", "redis connection failure", "full"])
def test_every_result_gives_a_reason_and_weak_ones_stay_in_sight(visit, text):
    page = visit("index.html")
    page.locator("#atlas-find").fill(text)
    page.locator(".atlas-results a").first.wait_for()
    reasons = page.locator(".atlas-why code").all_inner_texts()
    assert len(reasons) > 1
    assert all(reasons)


def test_a_pasted_log_of_megabytes_does_not_freeze_the_page(visit):
    page = visit("index.html")
    log = "\n".join(f"2026-01-01T00:00:00Z worker-{n} heartbeat {n} ok from host{n}" for n in range(4000))
    log += "\nnf_conntrack: table full, dropping packet\n" + log
    took, first = page.evaluate(
        """async text => { const index = await atlasLoadIndex(); atlasSearch(index, 'warm up');
          const start = performance.now(), [first] = atlasSearch(index, text);
          return [performance.now() - start, first.id]; }""",
        log,
    )
    assert first == "debugging/linux-conntrack"
    assert took < 1000


@pytest.mark.parametrize(
    ("cause", "want"),
    [
        ("FATAL: etcdserver: mvcc: database space exceeded", "debugging/etcd-nospace"),
        ("nf_conntrack: table full, dropping packet", "debugging/linux-conntrack"),
        ("java.lang.OutOfMemoryError: Java heap space", "debugging/jvm-outofmemory"),
    ],
)
def test_the_last_line_of_a_long_log_answers_in_the_browser_as_in_the_terminal(visit, site, cause, want):
    page = visit("index.html")
    names = [f"{one}{other}" for one in "abcdefghijklmn" for other in "opqrstuvwx"]
    log = "\n".join([*(f"WARN slow request of {name}: took {'longer ' * 15}" for name in names), cause])
    terminal = finder.Finder(finder.prepare(finder.index(site.atlas))).search(log)
    assert (terminal[0].id, terminal[0].kind) == (want, "error string")
    assert [found["id"] for found in page.evaluate(SEARCH, log)[:10]] == [hit.id for hit in terminal]


def test_two_thousand_pages_answer_within_100_ms(visit):
    """The best of three: what else the machine does is not asked."""
    page = visit("index.html")
    trace = "\n".join(case["text"] for case in CASES)[:12_000]
    times = page.evaluate(MANY, [trace, *(case["text"] for case in CASES)])
    assert sorted(times)[int(len(times) * 0.95)] < 100


def test_the_index_is_small_and_loaded_on_first_use(visit, site):
    index = gzip.compress((site.folder / "atlas-index.js").read_bytes())
    assert len(index) / len(site.atlas["diagrams"]) * 900 < 1_000_000
    page = visit()
    assert (
        page.evaluate(
            "performance.getEntriesByType('resource').filter(r => /atlas-index|minisearch/.test(r.name))"
        )
        == []
    )


def test_a_pasted_line_on_the_home_page_leads_to_the_gate(visit):
    page = visit("index.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "atlas-find"
    page.keyboard.insert_text(
        "1:M 02 May 03:45 # MISCONF Errors writing to the AOF file: No space left on device\n"
    )
    first = page.locator(".atlas-results a").first
    assert "MISCONF Errors writing to the AOF file" in first.locator(".atlas-why").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/debugging/redis-misconf.html#debugging-redis-misconf-3am")
    assert page.locator(":target").inner_text().startswith("3 AM gate")


def test_slash_opens_the_finder_anywhere_and_arrows_walk_it(visit):
    page = visit(disk=True)
    page.keyboard.press("/")
    page.locator("dialog.atlas-finder #atlas-find").fill("OOMKilled")
    page.locator(".atlas-results a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.atlas-results li:first-child a')")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "atlas-find"
    page.keyboard.press("Escape")
    assert page.locator("dialog.atlas-finder").is_hidden()


def test_escape_leaves_the_finder_from_a_result(visit):
    page = visit()
    page.keyboard.press("/")
    page.locator("dialog.atlas-finder #atlas-find").fill("OOMKilled")
    page.locator(".atlas-results a").first.focus()
    page.keyboard.press("Escape")
    assert page.locator("dialog.atlas-finder").is_hidden()


def test_nothing_found_is_said(visit):
    page = visit("index.html")
    page.locator("#atlas-find").fill("zzzzqqqq xxxxyyyy")
    page.get_by_text("Nothing like it in the atlas").wait_for()


def test_a_phone_has_the_finder_in_its_header(visit):
    page = visit(width=390)
    page.locator(".mobile-header .atlas-open-finder").tap()
    assert page.locator("dialog.atlas-finder").is_visible()
