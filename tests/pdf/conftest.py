"""Sets binders in temporary folders with the real typesetter, and reads them back."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination, Fit
from tests.conftest import SphinxBuild

ROOT = Path(__file__).parents[2]
LAWFUL = ROOT / "tests" / "cases" / "lawful"
DAY = "2024-04-10"


@dataclass(frozen=True)
class Bound:
    """One run of the builder: exit code, all it printed, and where the volumes stand."""

    code: int
    log: str
    out: Path

    def volume(self, name: str) -> Read:
        return Read.of(self.out / f"{name}.pdf")

    @property
    def set(self) -> list[str]:
        return re.findall(r"^setting volumes\.\.\. \[ *\d+%\] (\S+)$", self.log, re.M)


@dataclass(frozen=True)
class Word:
    """A word where it is printed, in pt from the upper left corner of its page."""

    page: int
    text: str
    left: float
    right: float
    bottom: float


@dataclass
class Read:
    """A volume as a reader sees it. Pages count from 1, as they are printed."""

    path: Path
    pdf: PdfReader

    @classmethod
    def of(cls, path: Path) -> Read:
        return cls(path, PdfReader(path))

    def words(self) -> list[Word]:
        """All words with their boxes, by poppler."""
        pages = re.split(r"<page ", _run("pdftotext", "-bbox", str(self.path), "-"))[1:]
        found = r'xMin="(.*?)" yMin=".*?" xMax="(.*?)" yMax="(.*?)">(.*?)<'
        return [
            Word(number, unescape(text), float(left), float(right), float(bottom))
            for number, page in enumerate(pages, 1)
            for left, right, bottom, text in re.findall(found, page)
        ]

    def rows(self, *, below: str = "") -> list[str]:
        """The rows of all pages, as the eye sees them; those below a heading."""
        rows: list[list[Word]] = []
        for word in self.words():
            last = rows[-1][-1] if rows else None
            if last and last.page == word.page and abs(last.bottom - word.bottom) < 3:
                rows[-1].append(word)
            else:
                rows.append([word])
        shown = [" ".join(word.text for word in sorted(row, key=lambda w: w.left)) for row in rows]
        return shown[shown.index(below) + 1 :] if below else shown

    def has_ink(self, page: int, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether anything dark is printed within a box, in pt from the upper left corner of a page."""
        corner = [f"-x={round(left * 4)}", f"-y={round(top * 4)}"]
        size = [f"-W={round((right - left) * 4)}", f"-H={round((bottom - top) * 4)}"]
        options = [part for option in corner + size for part in option.split("=")]
        number = ["-f", str(page), "-l", str(page), "-r", "288", "-gray"]
        command = ["pdftoppm", *number, *options, str(self.path)]
        picture = subprocess.run(command, check=True, capture_output=True).stdout
        return min(picture.split(b"\n", 3)[3]) < 130

    def plain_text(self) -> str:
        """What is copied from it, by poppler."""
        return _run("pdftotext", str(self.path), "-")

    def figures(self) -> list[tuple[float, float]]:
        """Width and height of each picture in pt, as its tag tells."""
        told = _run("pdfinfo", "-struct", str(self.path))
        boxes = re.findall(r"^ *Figure:\n(?: +/(?!BBox).*\n)* +/BBox \[(.*?)\]", told, re.M)
        corners = [[float(edge) for edge in box.split()] for box in boxes]
        return [(right - left, top - bottom) for left, bottom, right, top in corners]

    def tagged_text(self) -> str:
        """What its tags say: what a screen reader reads, without artifacts."""
        told = _run("pdfinfo", "-struct-text", str(self.path))
        return flat(" ".join(re.findall(r'^ *"(.*)"$', told, re.M)))

    @cached_property
    def pages(self) -> list[str]:
        return [flat(page.extract_text()) for page in self.pdf.pages]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    def running_title(self, number: int) -> str:
        """What the head of a page says, without its number."""
        return self.pages[number - 1].partition(f" {number} ")[0]

    def type_sizes(self) -> set[float]:
        sizes: set[float] = set()

        def see(text, cm, tm, font, size):
            del font
            if text.strip():
                sizes.add(abs(size * tm[3] * cm[3]))

        for page in self.pdf.pages:
            page.extract_text(visitor_text=see)
        return sizes

    def outline(self) -> dict[str, int]:
        """The titles of the outline, at any depth, with their pages."""
        return {
            str(d.title): (self.pdf.get_destination_page_number(d) or 0) + 1
            for d in flatten(self.pdf.outline)
        }

    def links(self) -> Iterator[tuple[int, str | int]]:
        """The page of each link with the page that it leads to, or its address."""
        for number, page in enumerate(self.pdf.pages, 1):
            for annotation in page.get("/Annots", []):
                link = annotation.get_object()
                target = link["/A"]["/URI"] if "/A" in link and "/URI" in link["/A"] else self._page_of(link)
                yield number, target

    def _number(self, target: Destination) -> int:
        number = self.pdf.get_destination_page_number(target)
        assert number is not None, f"{target} leads nowhere"
        return number + 1

    def _page_of(self, link) -> int:
        target = link["/Dest"] if "/Dest" in link else link["/A"]["/D"]
        if isinstance(target, str):
            return self._number(self.pdf.named_destinations[target])
        return self._number(Destination("", target[0], Fit.fit()))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u2060", "").split())


def flatten(outline: list[Any]) -> Iterator[Destination]:
    for item in outline:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


@dataclass(frozen=True)
class Project:
    """A project in a temporary folder, which the real sphinx-build binds in a process of its own."""

    path: Path
    sphinx_build: SphinxBuild = field(repr=False)

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def bind(self, *options: str, out: str = "pdf", env: dict[str, str] | None = None) -> Bound:
        words = ["-b", "atlas-pdf", "--no-color", "-c", str(self.path), "-d", str(self.path / f"{out}-trees")]
        words += ["-D", f"atlas_today={DAY}", *options, str(self.path / "source"), str(self.path / out)]
        return Bound(*self.sphinx_build(words, env or {}), self.path / out)


@pytest.fixture
def lawful(tmp_path: Path, sphinx_build: SphinxBuild) -> Project:
    """A copy of the lawful example project."""
    shutil.copytree(LAWFUL, tmp_path / "atlas")
    return Project(tmp_path / "atlas", sphinx_build)


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory, sphinx_build: SphinxBuild) -> Bound:
    """The binder of the lawful example, set once for all tests that only read it."""
    path = tmp_path_factory.mktemp("bound") / "atlas"
    shutil.copytree(LAWFUL, path)
    return Project(path, sphinx_build).bind("-nW", "--keep-going")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Bound:
    """The binder of this atlas, set once a session."""
    out = tmp_path_factory.mktemp("real")
    command = [sys.executable, "-m", "sphinx", "-b", "atlas-pdf", "-j", "2", "--no-color", "-c", str(ROOT)]
    command += ["-d", str(out / "trees"), str(ROOT / "source"), str(out / "pdf")]
    ran = subprocess.run(command, capture_output=True, text=True)
    return Bound(ran.returncode, ran.stdout + ran.stderr, out / "pdf")
