"""What a first visit costs on a slow phone, beside plain Furo with the same text in the same run.

    python tools/first_visit.py build/html [PAGE.html …]

Each page is opened in new windows of 390 px, the processor slowed four times, at 1.6 Mbit/s and 150 ms,
without compression; the median of the runs counts. It prints LCP and TBT (ms), CLS, bytes and requests, and
exits with 1 where a page moves by 0.05 or more, blocks for 150 ms more than plain Furo, or paints later than
1.3 times that. Other work on the machine counts as blocking, in both.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from legibility import find_chromium, serve

ROOT = Path(__file__).parents[1]
PAGES = (
    "index.html",
    "debugging/redis-misconf.html",
    "incidents/github-2018-10-21.html",
    "systems/slack/architecture.html",
    "incident-response/errors.html",
    "sources.html",
)
PLAIN = "debugging/redis-misconf"
CONF = """
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
html_theme = "furo"
project = "Plain"
"""
RUNS, SLOWER, LATENCY, BYTES_A_SECOND = 3, 4, 150, 1.6e6 / 8
MOST_CLS, MOST_TBT, MOST_LCP = 0.05, 150.0, 1.3
WATCH = """
window.seen = { lcp: 0, cls: 0, tbt: 0 };
const watch = (type, take) => {
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
};
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("longtask", (entry) => { seen.tbt += Math.max(0, entry.duration - 50); });
"""


class Visit(NamedTuple):
    """One first visit: times in ms, bytes over the wire."""

    lcp: float
    cls: float
    tbt: float
    size: float
    requests: float


def visit(browser: Any, url: str) -> Visit:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    link = context.new_cdp_session(page)
    link.send("Network.enable")
    speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    link.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY, **speed})
    link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes: list[float] = []
    link.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)
    seen = page.evaluate("seen")
    context.close()
    return Visit(seen["lcp"], seen["cls"], seen["tbt"], sum(sizes), len(sizes))


def visit_often(browser: Any, url: str) -> Visit:
    runs = [visit(browser, url) for _ in range(RUNS)]
    return Visit(*map(median, zip(*runs, strict=True)))


def build_plain(folder: Path) -> Path:
    """Plain Furo with the words of one page: directives as blocks of code, roles as code."""
    text = (ROOT / "source" / f"{PLAIN}.md").read_text(encoding="utf-8")
    text = re.sub(r"^(\s*)```\{.*$", r"\1```text", text, flags=re.MULTILINE)
    text = re.sub(r"^::::.*$", "", text, flags=re.MULTILINE)
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "index.md").write_text(re.sub(r"\{atlas:\w+\}", "", text), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(folder / "html")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "html"


def judge(page: Visit, plain: Visit) -> list[str]:
    """What of a visit is beyond its bounds."""
    amiss = [f"moves by {page.cls:.3f}"] if page.cls >= MOST_CLS else []
    amiss += [f"blocks for {page.tbt:.0f} ms"] if page.tbt - plain.tbt >= MOST_TBT else []
    ratio = page.lcp / plain.lcp
    return amiss + ([f"paints {ratio:.2f} times as late"] if ratio > MOST_LCP else [])


def main(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("html", type=Path, help="the built site")
    parser.add_argument("pages", nargs="*", default=PAGES)
    args = parser.parse_args(given)
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        with serve(build_plain(Path(folder))) as root:
            plain = visit_often(browser, f"{root}/index.html")
        print(f"{'page':40} {'LCP':>6} {'×':>5} {'CLS':>6} {'TBT':>6} {'kB':>5} requests")
        show("plain Furo", plain, plain)
        failed = False
        with serve(args.html) as root:
            for name in args.pages:
                seen = visit_often(browser, f"{root}/{name}")
                show(name, seen, plain, judge(seen, plain))
                failed |= bool(judge(seen, plain))
        browser.close()
    return int(failed)


def show(name: str, seen: Visit, plain: Visit, amiss: Sequence[str] = ()) -> None:
    times = f"{seen.lcp:6.0f} {seen.lcp / plain.lcp:5.2f} {seen.cls:6.3f} {seen.tbt:6.0f}"
    row = f"{name:40} {times} {seen.size / 1000:5.0f} {seen.requests:3.0f}"
    print(row, "; ".join(amiss), flush=True)


if __name__ == "__main__":
    sys.exit(main())
