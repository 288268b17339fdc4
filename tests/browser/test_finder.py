"""The finder answers what people paste at night, fast, offline, and says why."""

from __future__ import annotations

import gzip
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest

from atlas.files import finder

pytestmark = pytest.mark.browser

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/finder.toml").read_text(encoding="utf-8"))["case"]
FRESH = tomllib.loads((Path(__file__).parents[1] / "cases/finder-fresh.toml").read_text(encoding="utf-8"))[
    "case"
]
TEXTS = [*(case["text"] for case in CASES), *(case["line"] for case in FRESH)]
SEARCH = "text => atlasLoadIndex().then(index => atlasSearch(index, text))"
MANY = """async texts => {
  const index = await atlasLoadIndex(), entries = [], keys = index.entries.length;
  let n = 0;
  const vary = text => text.replace(/[a-z]{6,}/gi, word => n++ % 7 ? word : word + 'q'.repeat(n % 9));
  while (entries.length < 2000) for (const e of index.entries) entries.push({...e, title: vary(e.title),
    keys: e.keys.map(([kind, text, tells, own, ...parts]) => [kind, text, tells, own, ...parts.map(vary)])});
  const terms = Object.fromEntries(Object.entries(index.terms).map(([word, [tells, ...places]]) =>
    [word, [tells, ...Array.from({length: Math.floor(2000 / keys)}, (_, k) => places.map(p => p + 4 * keys * k)).flat()]]));
  const many = {...index, entries: entries.slice(0, 2000), terms, technologies: []};
  atlasSearch(many, 'warm up');
  const once = text => { const start = performance.now(); atlasSearch(many, text); return performance.now() - start; };
  return texts.map(text => Math.min(once(text), once(text), once(text)));
}"""


COPIES = (
    lambda text: "".join(text.split()),
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: "\r\n> ".join(text[at : at + 48] for at in range(0, len(text), 48)),
    lambda text: text[: len(text) * 3 // 5],
    lambda text: text[len(text) * 2 // 5 :],
    lambda text: "\u200b".join(text).replace(" ", "\u00a0"),
)


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
    terminal = finder.Finder(finder.index(site.atlas))
    for text in [*TEXTS, *(vary(text) for text in TEXTS for vary in COPIES)]:
        shown, hits = page.evaluate(SEARCH, text), terminal.search(text, 99)
        assert [(hit.id, hit.answer, hit.kind, hit.matched) for hit in hits] == [
            (found["id"], found["answer"], found["kind"], found["matched"]) for found in shown
        ], text
        assert [hit.score for hit in hits] == pytest.approx([found["score"] for found in shown])


def test_every_guide_of_the_atlas_has_cases(site):
    guides = {d["id"] for d in site.atlas["diagrams"] if d["category"] == "debugging"}
    assert guides <= {case["want"] for case in CASES}


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
    assert page.evaluate(SEARCH, "at src/server.c:120 in fetchUser (TypeError: x is undefined)") == []


@pytest.mark.parametrize(
    ("text", "answer", "says"),
    [
        ("nf_conntrack: table full, dropping packet", "it", "This is it"),
        ("memory leak", "perhaps", "No page has this whole."),
        ("ERROR:  deadlock detected", "nothing", "Nothing here"),
    ],
)
def test_three_kinds_of_answer_look_apart(visit, text, answer, says):
    page = visit("index.html")
    page.locator("#atlas-find").fill(text)
    page.locator(f".atlas-find[data-answer={answer}]").wait_for()
    assert says in page.locator(".atlas-find-hint").first.inner_text()
    assert bool(page.locator(".atlas-results a").count()) == (answer == "it")
    assert page.locator(".atlas-perhaps li").count() <= 3
    reasons = page.locator(".atlas-why code").all_inner_texts()
    assert all(reasons)
    assert bool(reasons) == (answer != "nothing")


def test_enter_leads_to_what_is_sure_only(visit):
    page = visit("index.html")
    page.locator("#atlas-find").fill("memory leak")
    page.locator(".atlas-perhaps a").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.atlas-perhaps a')")
    assert page.url.endswith("index.html")


def test_the_search_of_all_words_keeps_the_words(visit):
    page = visit("index.html")
    page.locator("#atlas-find").fill("zzqx blorp")
    page.get_by_role("link", name="Search all words").click()
    page.wait_for_url("**/search.html?q=zzqx%20blorp")
    assert page.locator("h1").inner_text().startswith("Search all words")
    box = page.get_by_role("searchbox")
    assert box.input_value() == "zzqx blorp"
    box.fill("tombstone")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=tombstone")
    page.locator("#search-results a").first.wait_for()


def test_the_search_of_all_words_has_a_box_without_words(visit):
    page = visit("search.html")
    assert page.locator("h1").count() == 1
    assert page.get_by_role("searchbox").input_value() == ""


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
    terminal = finder.Finder(finder.index(site.atlas)).search(log, 99)
    assert (terminal[0].id, terminal[0].answer) == (want, "it")
    assert [found["id"] for found in page.evaluate(SEARCH, log)] == [hit.id for hit in terminal]


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
        page.evaluate("performance.getEntriesByType('resource').filter(r => /atlas-index/.test(r.name))")
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
    assert page.locator(":target").inner_text().startswith("Recovery")


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
    page.get_by_text("Nothing here").wait_for()


def test_a_phone_has_the_finder_in_its_header(visit):
    page = visit(width=390)
    page.locator(".mobile-header .atlas-open-finder").tap()
    assert page.locator("dialog.atlas-finder").is_visible()


MISCONF = "MISCONF Errors writing to the AOF file: No space left on device"
TOP = "e => e.getBoundingClientRect().top"


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_finder_one_lands_at_what_to_do_with_what_matched_marked(visit, width):
    page = visit("index.html", width=width)
    page.locator("#atlas-find").fill(MISCONF)
    page.locator(".atlas-results a").first.click()
    page.wait_for_url("**/debugging/redis-misconf.html#debugging-redis-misconf-3am")
    came = page.locator("#debugging-redis-misconf-3am .atlas-came")
    came.wait_for()
    assert "MISCONF Errors writing to the AOF file" in came.inner_text()
    page.wait_for_timeout(300)
    assert 0 <= page.locator("#debugging-redis-misconf-3am h2").evaluate(TOP) < 150
    came.get_by_role("link", name="What this page says of it").click()
    mark = page.locator(".atlas-found").first
    assert mark.inner_text().lower().startswith("misconf errors writing to the aof file")
    page.wait_for_timeout(800)
    assert 0 <= mark.evaluate(TOP) < 844


def test_a_step_that_holds_what_matched_is_landed_on(visit):
    words = "found=Prove+that+it+is+over&by=symptom"
    page = visit(f"debugging/redis-misconf.html?{words}#debugging-redis-misconf-3am")
    page.wait_for_timeout(300)
    assert 0 <= page.locator("#debugging-redis-misconf-over").evaluate(TOP) < 150
    assert "found=" not in page.url


def test_an_address_with_other_hyphens_still_leads_on(visit):
    page = visit("debugging/redis-misconf.html#debugging--redis-misconf-3am")
    page.wait_for_timeout(300)
    assert 0 <= page.locator("#debugging-redis-misconf-3am h2").evaluate(TOP) < 150


def test_nothing_is_marked_where_nobody_was_sent(visit):
    page = visit("debugging/redis-misconf.html#debugging-redis-misconf-3am")
    assert page.locator(".atlas-found, .atlas-came").count() == 0


def test_the_diagram_of_the_home_page_wakes_when_it_comes_near(visit):
    page = visit("index.html", width=390)
    assert page.locator(".atlas-live .atlas-viewer").count() == 0
    page.locator(".atlas-live").scroll_into_view_if_needed()
    page.locator(".atlas-live .atlas-viewer").wait_for()


def test_on_a_wide_window_it_shows_the_evidence_of_what_broke(visit):
    page = visit("index.html")
    page.locator(".atlas-live").scroll_into_view_if_needed()
    assert page.locator(".atlas-live .atlas-inspector h3").inner_text().strip()
    page.wait_for_timeout(400)
    assert page.evaluate("location.hash") == ""
