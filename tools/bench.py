"""Benchmarks of a build: programs that print ratios measured in one run, never timed tests.

`--pages N` repeats the pages of this atlas up to N and builds them twice: with their diagrams under Furo, and
without under the `basic` theme. It prints both times, their ratio, the largest page and the time of a second
build. `--growth A B C` builds sites of these sizes and prints milliseconds per page: level means linear.
`--binder N` sets the binder of N pages, then each of its volumes alone; with `--simplepdf PYTHON`, an
interpreter that has sphinx-simplepdf, the same hundred pages are set both ways.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUDGET_RATIO = 1.5
BUDGET_PAGE = 150_000
BUDGET_TYPST, BUDGET_SYSTEM = 30.0, 1.0
BUDGET_WHOLE, BUDGET_VOLUME = 2500.0, 600.0
"""Seconds of Typst for the binder and for one system; MB of a build's largest process and of one volume's."""

CONF = """\
project = "Bench"
extensions = ["myst_parser", {extension}]
myst_enable_extensions = ["colon_fence", "deflist", "linkify"]
exclude_patterns = ["_data", "spec"]
html_theme = "{theme}"
"""
SECTION = 100


@dataclass(frozen=True)
class Model:
    """A page of this atlas that the benchmark repeats under other ids."""

    id: str
    text: str

    def drawn(self, copy: int) -> str:
        """The page as it is; later copies get ids of their own."""
        id = f"{self.id}-copy-{copy}" if copy else self.id
        return self.text.replace(f"{{atlas-diagram}} {self.id}\n", f"{{atlas-diagram}} {id}\n")

    def plain(self) -> str:
        """The same page without its diagram: prose, gates as definition lists, references as their words."""
        text = re.sub(r"^```\{atlas-diagram\}.*?^```$", "", self.text, flags=re.M | re.S)
        text = re.sub(r"^::::.*$", "", text, flags=re.M)
        return re.sub(r"\{atlas:\w+\}`([^`]*)`", r"\1", text)


def models() -> list[Model]:
    """The pages of this atlas that hold one diagram."""
    found = []
    for path in sorted((ROOT / "source").rglob("*.md")):
        if path.is_relative_to(ROOT / "source" / "reference"):
            continue
        text = path.read_text(encoding="utf-8")
        ids = re.findall(r"^```\{atlas-diagram\} (\S+)$", text, re.M)
        if len(ids) == 1:
            found.append(Model(ids[0], text))
    return found


def write_site(folder: Path, pages: int, *, drawn: bool) -> None:
    """A site of sections of a hundred pages, drawn under Furo or without diagrams under `basic`."""
    source = folder / "source"
    sections = range((pages + SECTION - 1) // SECTION)
    for section in sections:
        (source / f"s{section}").mkdir(parents=True)
        index = f"# Section {section}\n\n```{{toctree}}\n:glob:\n\n*\n```\n"
        (source / f"s{section}" / "index.md").write_text(index)
    extension = '"sphinxcontrib.mermaid", "atlas_sphinx"' if drawn else ""
    (folder / "conf.py").write_text(CONF.format(extension=extension, theme="furo" if drawn else "basic"))
    toctree = "\n".join(f"s{section}/index" for section in sections)
    (source / "index.md").write_text(f"# Bench\n\n```{{toctree}}\n{toctree}\n```\n")
    known = models()
    for number in range(pages):
        model, copy = known[number % len(known)], number // len(known)
        text = model.drawn(copy) if drawn else model.plain()
        (source / f"s{number // SECTION}" / f"page-{number:05}.md").write_text(text, encoding="utf-8")
    if drawn:
        shutil.copytree(ROOT / "source" / "_data", source / "_data")


def build(folder: Path, builder: str = "html", *, python: str = sys.executable) -> float:
    """Seconds of one sphinx-build. Findings do not end it (copies repeat links and ids), a crash does."""
    command = [python, "-m", "sphinx", "-q", "-b", builder, "-j", "auto", "-c", str(folder)]
    command += ["-d", str(folder / f"trees-{builder}"), str(folder / "source"), str(folder / builder)]
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "PATH": path}
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if not any((folder / builder).glob("*.html" if builder == "html" else "*.pdf")):
        sys.exit(f"the build failed:\n{done.stderr[-2000:]}")
    return seconds


def largest_page(folder: Path) -> int:
    """Bytes of the largest page with a diagram."""
    return max(p.stat().st_size for p in (folder / "html").rglob("page-*.html"))


def timed(pages: int, *, drawn: bool) -> tuple[float, Path]:
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, drawn=drawn)
    return build(folder), folder


def compare(pages: int) -> None:
    plain, without = timed(pages, drawn=False)
    shutil.rmtree(without)
    drawn, folder = timed(pages, drawn=True)
    memory = peak_of_children()
    print(f"{pages} pages without diagrams, theme basic   {plain:8.1f} s")
    print(f"{pages} pages with diagrams, theme furo       {drawn:8.1f} s")
    print(f"ratio {drawn / plain:.2f} (budget {BUDGET_RATIO})")
    print(
        f"largest page {largest_page(folder) // 1000} kB (budget {BUDGET_PAGE // 1000}), peak {memory:.0f} MB"
    )
    print_edit(folder)
    shutil.rmtree(folder)


def print_edit(folder: Path) -> None:
    """Seconds for a build in which nothing changed, and for one with one edited page."""
    print(f"nothing changed {build(folder):.1f} s")
    page = folder / "source" / "s0" / "page-00000.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    print(f"one page edited {build(folder):.1f} s")


def bind(pages: int) -> None:
    """The whole binder, then each volume by Typst alone, each against its budget."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, drawn=True)
    print(f"binder of {pages} pages, reading and drawing included {build(folder, 'atlas-pdf'):8.1f} s")
    budget("peak of the largest process", peak_of_children(), BUDGET_WHOLE, "MB")
    print(f"nothing changed {build(folder, 'atlas-pdf'):.1f} s")
    total = 0.0
    for path in sorted((folder / "trees-atlas-pdf").glob("typst/*/*.job.json")):
        total += measure_volume(path)
    budget("Typst, all volumes one after the other", total, BUDGET_TYPST, "s")
    shutil.rmtree(folder)


def measure_volume(job: Path) -> float:
    """The seconds of Typst alone for one volume, printed with its memory and size."""
    seconds, peak = set_volume(job)
    output = Path(json.loads(job.read_text(encoding="utf-8"))["output"])
    print(f"{output.stem:40} {seconds:8.2f} s {output.stat().st_size / 1e6:8.1f} MB", flush=True)
    budget(f"  memory of {output.stem}", peak, BUDGET_VOLUME, "MB")
    if output.stem.startswith("system-"):
        budget(f"  time of {output.stem}", seconds, BUDGET_SYSTEM, "s")
    return seconds


def budget(what: str, measured: float, most: float, unit: str) -> None:
    print(
        f"{what:40} {measured:8.1f} {unit} (budget {most:g}: {'met' if measured < most else 'missed'})",
        flush=True,
    )


def peak_of_children() -> float:
    """MB of the largest process that was run so far: Sphinx, a worker of it, or a typesetter."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def set_volume(job: Path) -> tuple[float, float]:
    """Wall seconds and peak MB of one run of the typesetter."""
    typesetter = ROOT / "_ext" / "atlas_sphinx" / "typeset.py"
    begin = time.perf_counter()
    running = subprocess.Popen([sys.executable, str(typesetter), str(job)], stdout=subprocess.DEVNULL)
    _, code, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(code)
    return time.perf_counter() - begin, used.ru_maxrss / 1024


def rival(python: str, pages: int = 100) -> None:
    """The same pages by sphinx-simplepdf (WeasyPrint), in the environment of `python`."""
    folder = Path(tempfile.mkdtemp(prefix="atlas-bench-"))
    write_site(folder, pages, drawn=True)
    print(f"{pages} pages by atlas-pdf, all volumes {build(folder, 'atlas-pdf'):8.1f} s")
    conf = folder / "conf.py"
    text = conf.read_text(encoding="utf-8").replace('"atlas_sphinx"', '"atlas_sphinx", "sphinx_simplepdf"')
    conf.write_text(text.replace("furo", "basic"), encoding="utf-8")
    print(f"{pages} pages by simplepdf, one volume {build(folder, 'simplepdf', python=python):8.1f} s")
    for found in sorted([*folder.glob("atlas-pdf/atlas.pdf"), *folder.glob("simplepdf/*.pdf")]):
        print(f"{found.relative_to(folder)} {found.stat().st_size / 1e6:.1f} MB")
    shutil.rmtree(folder)


def grow(sizes: Sequence[int]) -> None:
    for size in sizes:
        seconds, folder = timed(size, drawn=True)
        shutil.rmtree(folder)
        print(f"{size:6} pages {seconds:8.1f} s {1000 * seconds / size:7.1f} ms a page", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure builds; print ratios of one run.")
    parser.add_argument(
        "--pages", type=int, help="compare a site of this size with the same without diagrams"
    )
    parser.add_argument("--growth", type=int, nargs="+", metavar="N", help="build sites of these sizes")
    parser.add_argument("--binder", type=int, metavar="N", help="set the binder of this many pages")
    parser.add_argument("--simplepdf", metavar="PYTHON", help="set a hundred pages by sphinx-simplepdf too")
    options = parser.parse_args(argv)
    if not any(vars(options).values()):
        parser.error("nothing to measure: give --pages, --growth, --binder or --simplepdf")
    if options.pages:
        compare(options.pages)
    if options.growth:
        grow(options.growth)
    if options.binder:
        bind(options.binder)
    if options.simplepdf:
        rival(options.simplepdf)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
