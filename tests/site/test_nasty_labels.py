"""What is written in a label is found: by the search of the site, by the finder, in the tables of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sphinx.search.en import SearchEnglish

from atlas.files import finder, pasted

Labels = list[dict[str, Any]]


def record(folder: Path, name: str) -> dict[str, Any]:
    """What stands between the outermost braces of a file."""
    found: dict[str, Any] = json.loads(re.findall(r"{.*}", (folder / name).read_text("utf-8"), re.DOTALL)[0])
    return found


def stems(label: str) -> Iterator[str]:
    """The words of a label as the search of Sphinx keeps them."""
    language = SearchEnglish({})
    for word in language.split(label):
        if language.word_filter(word.lower()):
            yield language.stem(word.lower())


def test_every_word_is_in_the_index_of_the_search(nasty_site: Path, nasty_labels: Labels) -> None:
    index = record(nasty_site, "searchindex.js")
    place = index["docnames"].index("incidents/nasty")
    places = {word: [at] if isinstance(at, int) else at for word, at in index["terms"].items()}
    known = {word.lower() for word, at in places.items() if place in at}
    for label in nasty_labels:
        assert {*stems(label["shown"])} <= known, label


def test_telling_words_are_in_the_index_of_the_finder(nasty_site: Path, nasty_labels: Labels) -> None:
    index = record(nasty_site, "atlas-index.js")
    place = [entry["id"] for entry in index["entries"]].index("incidents/nasty")
    for word in (word for label in nasty_labels for word in label.get("words", ())):
        known = index["terms"].get(pasted.singular(word), [])
        assert place in {int(where) // 4 for where in known[1:]}, word


@pytest.mark.parametrize(
    "text", ["kubectl logs <pod> -n <ns>", "cat <<EOF | tee /etc/<name>.conf", "漢字かな 한국어"]
)
def test_a_command_that_is_pasted_finds_its_page(nasty_site: Path, text: str) -> None:
    assert [hit.id for hit in finder.search(record(nasty_site, "atlas-index.js"), text)] == [
        "incidents/nasty"
    ]


def test_every_label_stands_in_the_tables_and_in_the_data(nasty_site: Path, nasty_labels: Labels) -> None:
    page = (nasty_site / "incidents/nasty.html").read_text(encoding="utf-8")
    cells = [
        unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    ]
    words = {" ".join(cell.split()) for cell in cells}
    [diagram] = [d for d in record(nasty_site, "atlas.json")["diagrams"] if d["id"] == "incidents/nasty"]
    shown = [" ".join(label["shown"].split()) for label in nasty_labels]
    assert {*shown} <= words
    assert [node["label"] for node in diagram["nodes"]][: len(shown)] == shown
    assert [edge["label"] for edge in diagram["edges"]] == shown
