"""The binder of this atlas, read back: every label, every figure, in letters that can be read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from atlas.diagrams.mermaid import parse
from atlas.records.model import Place

from .conftest import ROOT, Bound

DIAGRAM = re.compile(r"^```\{atlas-diagram\} (\S+)$(.*?)^```$", re.M | re.S)
SIGNS = re.compile(r"\W")
"""What is not a letter: quotes and dashes are set in print."""
SPLIT = re.compile(r"[^\w.,:;/()+%@'-]+")


@pytest.fixture(scope="session")
def squeezed(real: Bound) -> str:
    """All that the volume of the whole says, without blanks, which lines and kerning move."""
    assert real.code == 0, real.log
    volumes = sorted(real.out.glob("atlas*.pdf"))
    return "".join("".join(real.volume(path.stem).text.split()) for path in volumes)


def pages() -> list[tuple[str, str]]:
    """The id of each diagram that is printed, and its Mermaid text."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "source").rglob("*.md")))
    found = [match for text in texts for match in DIAGRAM.findall(text)]
    return [(id, body.partition("\n\n")[2]) for id, body in found]


def labels(text: str) -> Iterator[str]:
    """The words of nodes and edges, without the figures that are filled in."""
    graph, _ = parse(text, Place("page.md"))
    found = [*(n.label for n in graph.nodes), *(e.label for e in graph.edges)] if graph else []
    for label in found:
        for line in re.sub(r"\$\{[^}]*\}", "\n", label).split("\n"):
            yield from filter(None, SPLIT.split(line))


def test_it_builds_without_a_warning(real):
    assert "WARNING" not in real.log


def test_the_outlines_of_the_binder_for_3_am_name_every_guide_and_incident(real):
    parts = sorted(real.out.glob("3am*.pdf"))
    named = {SIGNS.sub("", title) for path in parts for title in real.volume(path.stem).outline()}
    pages = [path for name in ("debugging", "incidents") for path in (ROOT / "source" / name).glob("*.md")]
    titles = {path.read_text("utf-8").splitlines()[0] for path in pages if path.stem != "index"}
    assert len(titles) > 90
    assert {title for title in titles if SIGNS.sub("", title) not in named} == set()


def test_every_label_is_in_the_text(squeezed):
    drawn = pages()
    assert len(drawn) > 50
    missing = {(id, words) for id, text in drawn for words in labels(text) if words not in squeezed}
    assert not missing


def test_every_figure_is_in_the_text(squeezed):
    values = {
        (path.stem, key, name): fact["value"]
        for path in (ROOT / "source/_data/sources").glob("*.toml")
        for key, source in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, fact in source.get("facts", {}).items()
    }
    assert len(values) > 500
    missing = {place for place, value in values.items() if "".join(value.split()) not in squeezed}
    assert not missing


def test_every_letter_can_be_read(real):
    for path in real.out.glob("atlas*.pdf"):
        assert min(real.volume(path.stem).type_sizes()) >= 6


def test_every_word_stands_on_its_page(real):
    for path in real.out.glob("atlas*.pdf"):
        volume = real.volume(path.stem)
        widths = [float(page.mediabox.width) for page in volume.pdf.pages]
        over = [w for w in volume.words() if w.left < 20 or w.right > widths[w.page - 1] - 20]
        assert not over
