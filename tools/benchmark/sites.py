"""The sites that a benchmark builds: the pages of this atlas, repeated, in the words of each generator."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SECTION: Final = 100
FEW: Final = 3
_DIAGRAM: Final = re.compile(r"^```\{atlas-diagram\} (\S+)\n(?::[^\n]*\n)*\n?(.*?)^```$", re.M | re.S)
_DIRECTIVE: Final = re.compile(r"^(`{3,}|:{3,})\{(?!atlas-diagram)[\w-]+\}.*\n(?::.*\n)*", re.M)
_ROLE: Final = re.compile(r"\{atlas:\w+\}`([^`]*)`")
_FACT: Final = re.compile(r"\{atlas:fact\}`([^`]+)`")
_SYLLABLES: Final = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")

_SPHINX: Final = """\
project = "Bench"
extensions = ["myst_parser", {extensions}]
myst_enable_extensions = ["colon_fence", "deflist", "linkify"]
exclude_patterns = ["_data", "spec"]
html_theme = "{theme}"
"""
_WHOLE: Final = """\
atlas_pages = ["**"]
atlas_csp = atlas_navigation = atlas_finder = True
"""
"""What the site of this repository asks for."""
_MKDOCS: Final = """\
site_name: Bench
docs_dir: source
site_dir: html
theme:
  name: material
  font: false
markdown_extensions:
  - def_list
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
"""


@dataclass(frozen=True)
class Model:
    """A page of this atlas that the benchmark repeats."""

    id: str
    text: str

    def copy(self, number: int) -> str:
        """The page under an id of its own; a word in its drawing and its prose differs from copy to copy."""
        if not number:
            return self.text
        word = word_of(number)
        text = self.text.replace(f"{{atlas-diagram}} {self.id}\n", f"{{atlas-diagram}} {self.id}-{word}\n")
        text = re.sub(r'(\["[^"<$]*?)(?=[<"])', rf"\1 {word}", text, count=1)
        return re.sub(r"\A# (.*)", rf"# \1 {word}", text)


def word_of(number: int) -> str:
    """A number as a word, since digits are no words in a drawing: 12 is `defi`."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number))


def models() -> list[Model]:
    """The pages of this atlas that hold one diagram."""
    found = []
    for path in sorted((ROOT / "source").rglob("*.md")):
        if not path.is_relative_to(ROOT / "source" / "reference"):
            text = path.read_text(encoding="utf-8")
            ids = re.findall(r"^```\{atlas-diagram\} (\S+)$", text, re.M)
            found += [Model(ids[0], text)] if len(ids) == 1 else []
    return found


def plain(text: str) -> str:
    """A page without diagram and directives: its prose; gates are definition lists, references words."""
    text = _DIRECTIVE.sub("", _DIAGRAM.sub("", text))
    return _ROLE.sub(r"\1", re.sub(r"^(`{3,}|:{3,})$", "", text, flags=re.M))


def fenced(fence: str) -> Callable[[str], str]:
    """Pages whose diagram is a Mermaid block of that fence, drawn by the reader's browser."""

    def write(text: str) -> str:
        diagram = _DIAGRAM.search(text)
        lines = diagram[2].splitlines() if diagram else []
        drawn = "\n".join(line for line in lines if not line.lstrip().startswith(("%%", "click ")))
        title, _, rest = plain(text).partition("\n")
        return f"{title}\n\n```{fence}\n{drawn.replace('${', '(').replace('}', ')')}\n```\n{rest}"

    return write


@dataclass(frozen=True)
class Kind:
    """A generator with its settings: file, text of it, and how a page is written for it."""

    setting: str
    settings: str
    page: Callable[[str], str]
    ledgers: bool = False


def _sphinx(extensions: str, theme: str) -> str:
    return _SPHINX.format(extensions=extensions, theme=theme)


KINDS: Final = {
    "floor": Kind("conf.py", _sphinx("", "basic"), plain),
    "atlas": Kind(
        "conf.py", _sphinx('"sphinxcontrib.mermaid", "atlas_sphinx"', "furo") + _WHOLE, str, ledgers=True
    ),
    "furo": Kind("conf.py", _sphinx("", "furo"), plain),
    "raw mermaid": Kind("conf.py", _sphinx('"sphinxcontrib.mermaid"', "furo"), fenced("{mermaid}")),
    "mkdocs": Kind("mkdocs.yml", _MKDOCS, fenced("mermaid")),
    "zensical": Kind("mkdocs.yml", _MKDOCS, fenced("mermaid")),
}
"""Floor: the same prose without diagrams in Sphinx's plainest theme. What is measured is a ratio to it."""


def write_site(folder: Path, pages: int, name: str) -> None:
    """A site of sections of a hundred pages, and a home page, for a generator of `KINDS`."""
    kind, known, source = KINDS[name], models(), folder / "source"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / kind.setting).write_text(kind.settings, encoding="utf-8")
    sections = [f"s{number}" for number in range((pages + SECTION - 1) // SECTION)]
    for section in sections:
        _index(source / section, f"Section {section}", ":glob:\n\n*")
    _index(source, "Bench", "\n".join(f"{section}/index" for section in sections))
    for number in range(pages):
        text = kind.page(known[number % len(known)].copy(number // len(known)))
        page_path(folder, number).write_text(text, encoding="utf-8")
    if kind.ledgers:
        shutil.copytree(ROOT / "source" / "_data", source / "_data")


def _index(folder: Path, title: str, listed: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(f"# {title}\n\n```{{toctree}}\n{listed}\n```\n", encoding="utf-8")


def page_path(folder: Path, number: int) -> Path:
    """Where the page of a number stands."""
    return folder / "source" / f"s{number // SECTION}" / f"page-{number:05}.md"


def edit_page(folder: Path, turn: int) -> None:
    """One more sentence on the first page."""
    path = page_path(folder, 0)
    path.write_text(f"{path.read_text(encoding='utf-8')}\nOne more {word_of(turn)}.\n", encoding="utf-8")


def edit_title(folder: Path, turn: int) -> None:
    """Another title for the second page, which the navigation of every page shows."""
    path = page_path(folder, 1)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\A# (.*)", rf"# \1 {word_of(turn)}", text), encoding="utf-8")


def edit_fact(folder: Path, turn: int) -> int:
    """Another meaning for the fact that the fewest pages show, three at least; returns how many do."""
    fact, pages = _shared_fact(folder)
    publisher, _, rest = fact.partition("/")
    source, _, name = rest.partition(":")
    path = folder / "source" / "_data" / "sources" / f"{publisher}.toml"
    head, mark, tail = path.read_text(encoding="utf-8").partition(f"[{source}.facts]")
    entry = re.compile(rf'^({re.escape(name)}\s*=.*\bsays = "[^"]*)"', re.M)
    changed, count = entry.subn(rf'\1 {word_of(turn)}"', tail, count=1)
    if not count:
        raise ValueError(f"{path.name} has no meaning of {fact} on one line")
    path.write_text(head + mark + changed, encoding="utf-8")
    return pages


def _shared_fact(folder: Path) -> tuple[str, int]:
    pages = sorted((folder / "source").rglob("page-*.md"))
    shown = Counter(fact for page in pages for fact in {*_FACT.findall(page.read_text(encoding="utf-8"))})
    return min(((fact, n) for fact, n in shown.items() if n >= FEW), key=lambda found: (found[1], found[0]))
