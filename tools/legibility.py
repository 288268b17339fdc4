"""What can be read of the drawings of a built site, measured in Chromium in windows of 1,280 and 390 px.

`python tools/legibility.py build/html` prints a row a drawing, the sums and the worst ten; with `--budget` it
fails where a drawing is beyond `Budget`. Columns, in px of the drawing where nothing else is said:

    box, edge  smallest words in boxes and on edges, in px of the window, as the page shows them first
    cut        how much of the width is not in sight then
    windows    the height of the canvas in windows of 900 px
    boxes      edges that run through boxes of others      titles     edges over the titles of frames
    labels     words on other words or on boxes            detours    edges over 400 px and twice the distance
    tracks     pairs of unlike edges that share over 40 px  heads      edges that begin on an arrow head
    crossings  of edges                                    empty      part without words or boxes
    phone      smallest word in boxes at 390 px, and whether the first box is in sight
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

SCRIPT: Final = Path(__file__).with_suffix(".js")
WINDOWS: Final = {"page": (1280, 900), "phone": (390, 844)}
FAULTS: Final = ("boxes", "labels", "tracks", "heads", "detours", "titles")
"""Columns that count what ought not to be."""
_UNDER: Final = 10.95
_AMPLE: Final = 12.95


@dataclass(frozen=True, slots=True)
class Row:
    """A drawing as a reader meets it."""

    id: str
    width: float
    height: float
    windows: float
    box_px: float
    edge_px: float
    cut: float
    boxes: int
    labels: int
    tracks: int
    heads: int
    detours: int
    titles: int
    crossings: int
    empty: float
    phone_px: float
    phone_first: bool

    @property
    def badness(self) -> float:
        """What the worst drawings are sorted by."""
        faults: int = sum(getattr(self, name) for name in FAULTS)
        unread = 3 * max(0.0, 11 - self.box_px) + self.cut / 50
        return 4 * faults + unread + self.crossings + max(0.0, self.windows - 2)


@dataclass(frozen=True, slots=True)
class Budget:
    """The most, or the least, that a drawing may have; `crossings` and `ample` are of all together."""

    box_px: float = 11.0
    edge_px: float = 9.5
    phone_px: float = 11.0
    cut: float = 0.0
    windows: float = 2.5
    fault: int = 0
    crossings: float = 1.0
    """A drawing, on average."""
    ample: float = 0.9
    """So large a part of the drawings has words of 13 px."""


def come_near(page: Any) -> None:
    """Go to the first drawing of an open page (Playwright): on a phone it comes to life there, and moves."""
    go = "() => document.querySelector('.atlas-canvas')?.scrollIntoView({behavior: 'instant'})"
    page.evaluate(go)
    page.wait_for_function("() => document.querySelector('.atlas-viewer, body:not(:has(.atlas-canvas))')")
    page.evaluate(go)


def measure(page: Any) -> dict[str, Any] | None:
    """The numbers of the drawing on an open page (Playwright); None where it has none."""
    come_near(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(80)
    found: dict[str, Any] | None = page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return found


def join(id: str, page: Mapping[str, Any], phone: Mapping[str, Any]) -> Row:
    """One row of what was measured in both windows."""
    known = {field.name for field in fields(Row)} & page.keys()
    shown = {name: page[name] for name in known}
    shown["edge_px"] = page["edge_px"] or page["box_px"]
    return Row(id=id, **shown, phone_px=phone["box_px"], phone_first=phone["first"])


def over_budget(rows: Sequence[Row], budget: Budget) -> list[str]:
    """What is beyond a budget, in words."""
    found = [f"{row.id}: {text}" for row in rows for text in _faults(row, budget)]
    crossings = sum(row.crossings for row in rows)
    if crossings > budget.crossings * len(rows):
        found.append(f"{crossings} crossings in {len(rows)} drawings")
    ample = sum(row.box_px >= _AMPLE for row in rows)
    if ample < budget.ample * len(rows):
        found.append(f"only {ample} of {len(rows)} drawings have words of 13 px")
    return found


def _faults(row: Row, budget: Budget) -> Iterator[str]:
    for name, least in (
        ("box_px", budget.box_px),
        ("edge_px", budget.edge_px),
        ("phone_px", budget.phone_px),
    ):
        if getattr(row, name) < least - 0.05:
            yield f"{name} {getattr(row, name):.1f}"
    for name, most in (("cut", budget.cut), ("windows", budget.windows)):
        if getattr(row, name) > most + 0.01:
            yield f"{name} {getattr(row, name):.1f}"
    for name in FAULTS:
        if getattr(row, name) > budget.fault:
            yield f"{name} {getattr(row, name)}"
    if not row.phone_first:
        yield "the first box is not in sight on a phone"


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    head = (
        "drawing", "size", "box", "edge", "cut", "windows", *FAULTS, "crossings", "empty", "phone",
    )  # fmt: skip
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(_cells(row)) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _cells(row: Row) -> list[str]:
    return [
        row.id,
        f"{row.width:.0f} × {row.height:.0f}",
        f"{row.box_px:.1f}",
        f"{row.edge_px:.1f}",
        f"{row.cut:.0f}",
        f"{row.windows:.1f}",
        *(str(getattr(row, name)) for name in FAULTS),
        str(row.crossings),
        f"{100 * row.empty:.0f} %",
        f"{row.phone_px:.1f}{'' if row.phone_first else ' (not the first box)'}",
    ]


def summary(rows: Sequence[Row]) -> str:
    """All drawings in a few lines."""
    widths = sorted(row.width for row in rows)
    heights = sorted(row.height for row in rows)
    half = len(rows) // 2
    small, ample = sum(row.box_px < _UNDER for row in rows), sum(row.box_px >= _AMPLE for row in rows)
    boxes, edges = min(row.box_px for row in rows), min(row.edge_px for row in rows)
    counted = (f"{name} {sum(getattr(row, name) for row in rows)}" for name in (*FAULTS, "crossings"))
    tiny, lost = sum(row.phone_px < _UNDER for row in rows), sum(not row.phone_first for row in rows)
    lines = (
        f"{len(rows)} drawings, width {widths[half]:.0f} (median) to {widths[-1]:.0f}",
        f"height {heights[half]:.0f} (median) to {heights[-1]:.0f}",
        f"words in boxes: least {boxes:.1f} px, under 11 in {small}, of 13 in {ample}",
        f"words on edges: least {edges:.1f} px",
        f"cut in width: {sum(row.cut > 0 for row in rows)}",
        f"higher than 2.5 windows: {sum(row.windows > 2.5 for row in rows)}",
        ", ".join(counted),
        f"phone: words under 11 px in {tiny}, first box out of sight in {lost}",
    )
    return "\n".join(lines)


# A built site ------------------------------------------------------------------------------------


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name of the standard library)
        del format, args


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """A folder over HTTP, on this machine alone; gives its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def find_chromium() -> str | None:
    """The program that `CHROMIUM` names, else the one on the path."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def measure_site(folder: Path, chromium: str) -> list[Row]:
    """Each diagram of a built site, in the order of `atlas.json`."""
    from playwright.sync_api import sync_playwright

    atlas = json.loads((folder / "atlas.json").read_text(encoding="utf-8"))
    rows = []
    with serve(folder) as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        pages = {
            name: browser.new_page(viewport={"width": width, "height": height}, has_touch=name == "phone")
            for name, (width, height) in WINDOWS.items()
        }
        for diagram in atlas["diagrams"]:
            found = {}
            for name, page in pages.items():
                page.goto(f"{home}/{diagram['docname']}.html")
                found[name] = measure(page)
            if found["page"] and found["phone"]:
                rows.append(join(diagram["id"], found["page"], found["phone"]))
        browser.close()
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure what can be read of the drawings of a built site.")
    parser.add_argument("site", type=Path, help="folder of the built pages, with atlas.json")
    parser.add_argument(
        "--worst", type=int, default=10, metavar="N", help="how many of the worst to list (10)"
    )
    parser.add_argument("--budget", action="store_true", help="fail where a drawing is beyond the budget")
    asked = parser.parse_args(arguments)
    chromium = find_chromium()
    if not chromium:
        parser.error("there is no Chromium; name one in CHROMIUM")
    rows = measure_site(asked.site, chromium)
    worst = sorted(rows, key=lambda row: -row.badness)[: asked.worst]
    print(table(rows), summary(rows), "The worst:", table(worst), sep="\n\n")
    beyond = over_budget(rows, Budget()) if asked.budget else []
    print("\n".join(beyond), file=sys.stderr)
    return bool(beyond)


if __name__ == "__main__":
    sys.exit(main())
