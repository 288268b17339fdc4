"""What is printed, as plain JSON: facts, diagrams, gates, notes. The PDF's template alone knows how it looks.

Text runs are strings; all else is a dictionary whose `k` says what it is. `to` is the label of a place in a
volume and `doc` the page that it stands on, `url` an address, `n` the number of a note of the same page.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from atlas.records.model import Fact, Source
from atlas.records.sources import fact_url
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.gates import Check, GateResult
from atlas.rules.rechecks import check, tell_check
from atlas.views.blocks import slug
from atlas.views.standing import of_diagram

from .reports import Json, Record

GLOSSARY: Final = "glossary"
_LONG: Final = 18
_WORDS: Final = re.compile(r"(\s+)")
_TOKENS: Final = re.compile(r"\s+|\S+")
_NAME: Final = re.compile(r"\w[\w-]*")
_IN_CODE: Final = "/.,_=&:;?|+)"
_FOR_MACHINES: Final = frozenset({"k", "to", "label", "lang", "path", "style"})
# The font of emoji draws them as swatches, and knows no person to colour.
_SKIN_TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_IN_URLS: Final = "%/:=&?~#+!$,;'@()*[]"


def label(docname: str, id: str = "") -> str:
    """The label of a place: the same for the same page and HTML id, in any volume, whatever they hold."""
    return "p" + hashlib.sha256(f"{docname}#{id}".encode()).hexdigest()[:20]


@dataclass(slots=True)
class Notes:
    """The numbered addresses of one page: what is cited, each once, in the order of its first mention."""

    found: dict[str, Record] = field(default_factory=dict)

    def cite(self, source: Source) -> int:
        """The number of a publication."""
        read = f"{source.publisher} ({source.tier}), read {source.read}, {source.extent.words}"
        dated = f"Published {source.published}; " if source.published else ""
        about = soften(f"{source.title}. {dated}{read}. ")
        more: Record = {"about": [*about], "archive": source.archive}
        return self._number(address_of(source), more)

    def point(self, url: str) -> int:
        """The number of any other address."""
        return self._number(url, {"about": [], "archive": ""})

    def _number(self, url: str, more: Record) -> int:
        known = self.found.setdefault(url, {"n": len(self.found) + 1, "url": url, **more})
        number = known["n"]
        assert isinstance(number, int)
        return number

    def records(self) -> list[Json]:
        return [*self.found.values()]


def address_of(source: Source) -> str:
    """Where a publication is; one in a repository at the commit that was read."""
    return f"{source.url.removesuffix('.git')}/tree/{source.commit}" if source.commit else source.url


# Text --------------------------------------------------------------------------------------------


class Typecase:
    """The characters of the fonts at hand. What they lack is spelled out as `U+6F22` and remembered."""

    def __init__(self, characters: Iterable[int]) -> None:
        self.characters = frozenset(characters)
        self.missing: dict[str, None] = {}

    def legible(self, text: str) -> str:
        """The text in characters that can be printed; what is never seen is left out."""
        if text.isascii() and text.isprintable():
            return text
        return "".join(map(self._legible, text))

    def _legible(self, char: str) -> str:
        if char in _SKIN_TONES:
            return ""
        if ord(char) in self.characters or char in "\n\t":
            return char
        kind = unicodedata.category(char)
        if kind == "Zs":
            return " "
        if kind in ("Cf", "Cc") or 0xFE00 <= ord(char) <= 0xFE0F:
            return ""
        self.missing[char] = None
        return f"U+{ord(char):04X}"

    def set(self, record: Json) -> Json:
        """A record with all its words legible, and its addresses in ASCII."""
        if isinstance(record, str):
            return self.legible(record)
        if isinstance(record, list):
            return [self.set(item) for item in record]
        if isinstance(record, dict):
            return {name: self._value(name, value) for name, value in record.items()}
        return record

    def _value(self, name: str, value: Json) -> Json:
        if name in ("url", "archive") and isinstance(value, str):
            return quote(value.encode("utf-8", "replace"), safe=_IN_URLS)
        return value if name in _FOR_MACHINES else self.set(value)


def soften(text: str) -> list[Json]:
    """A text parted where its long words may be broken: behind punctuation, at humps, anywhere at last."""
    parts: list[str] = [""]
    for word in _WORDS.split(text):
        pieces = _chop(word) if len(word) >= _LONG else [word]
        parts[-1] += pieces[0]
        parts += pieces[1:]
    return [*filter(None, parts)]


def soften_code(text: str) -> list[Json]:
    """The words of code and the blanks in between; a long word as its pieces.

    The template parts a word only where its room is narrower than the word. Pieces never end behind a hyphen:
    what follows would be read as a flag of its own.
    """
    words = _TOKENS.findall(text)
    return [[*_chop(word, len(word), _IN_CODE)] if len(word) > _LONG else word for word in words]


def _chop(word: str, most: int = 11, behind: str = f"{_IN_CODE}-") -> list[str]:
    pieces = [""]
    for char in word:
        piece = pieces[-1]
        if len(piece) >= most or (len(piece) > 3 and char.isupper() and piece[-1].islower()):
            pieces.append("")
        pieces[-1] += char
        if len(pieces[-1]) > 3 and char in behind:
            pieces.append("")
    return [*filter(None, pieces)]


# Places ------------------------------------------------------------------------------------------


def place_of(target: str, atlas: Atlas) -> tuple[str, str]:
    """The page and the HTML id of a diagram, a term or `page:DOCNAME#SECTION`; two blanks for others."""
    if target.startswith("page:"):
        page, _, section = target.removeprefix("page:").partition("#")
        return page, section
    if page := atlas.docname_of(target):
        return page, "" if len(atlas.on_page(page)) == 1 else slug(target)
    return (GLOSSARY, slug(target)) if target in atlas.ledgers.terms else ("", "")


def make_link(target: str, words: str, atlas: Atlas, notes: Notes) -> Json:
    """A link to what an id or address names; the bare words where it names nothing."""
    source = atlas.ledgers.sources.get(target)
    if source:
        return {"k": "link", "c": [words], "url": source.url, "n": notes.cite(source)}
    if target.startswith(("https:", "http:")):
        return {"k": "link", "c": [words], "url": target, "n": notes.point(target)}
    page, id = place_of(target, atlas)
    return {"k": "link", "c": [words], "to": label(page, id), "doc": page} if page else words


def make_fact(fact: Fact, words: str, atlas: Atlas, notes: Notes) -> list[Json]:
    """A figure that leads to the spot where it was published."""
    source = atlas.ledgers.sources[fact.source]
    url = fact_url(source, fact)
    shown = words or fact.value
    # A short figure stays on one line with its unit.
    parts: list[Json] = [shown.replace(" ", "\u00a0")] if len(shown) < _LONG else soften(shown)
    link: Json = {"k": "link", "c": parts, "url": url, "n": notes.cite(source)}
    return [link, f" (as reported by {source.publisher})"] if source.second_hand else [link]


# Diagrams ----------------------------------------------------------------------------------------


def make_diagram(diagram: Diagram, drawn: Record, atlas: Atlas, notes: Notes) -> Record:
    """A diagram with its evidence; `drawn` says how it is printed, empty where it could not be drawn."""
    listed = {} if drawn else {"nodes": [*_nodes(diagram)], "edges": [*_edges(diagram)]}
    return {
        "k": "diagram",
        "label": label(diagram.note.docname, slug(diagram.id)),
        "id": diagram.id,
        "title": diagram.title or diagram.id,
        "alt": diagram.alt or diagram.title or diagram.id,
        "caption": diagram.caption,
        "standing": " · ".join([str(diagram.status).replace("_", " "), *of_diagram(diagram)]),
        "evidence": [*_evidence(diagram, atlas, notes)],
        **listed,
        **drawn,
    }


def _nodes(diagram: Diagram) -> Iterator[Json]:
    for node in diagram.note.graph.nodes if diagram.note.graph else ():
        if shown := diagram.label(node.label):
            yield [shown, str(diagram.planes.get(node.id, ""))]


def _edges(diagram: Diagram) -> Iterator[Json]:
    graph = diagram.note.graph
    names = {n.id: diagram.label(n.label) for n in graph.nodes} if graph else {}
    for edge in graph.edges if graph else ():
        moving = diagram.label(edge.label) + (" (failure)" if edge.dashed else "")
        yield [names.get(edge.tail, edge.tail), moving, names.get(edge.head, edge.head)]


def _evidence(diagram: Diagram, atlas: Atlas, notes: Notes) -> Iterator[Json]:
    """Rows of figure, what it measures, where to find it, note; as of with what was found since."""
    for fact in diagram.cited:
        source = atlas.ledgers.sources[fact.source]
        said = "; ".join(filter(None, (fact.says, fact.statistic, fact.scope)))
        said += f" (as reported by {source.publisher})" if source.second_hand else ""
        yield {
            "value": soften(fact.value),
            "url": fact_url(source, fact),
            "says": soften(said),
            "as_of": "; ".join(filter(None, (fact.when, tell_check(check(fact, atlas.ledgers))))),
            "where": soften(_where(fact, source)),
            "n": notes.cite(source),
        }
    cited = {fact.source for fact in diagram.cited}
    for source in diagram.sources:
        if source.id not in cited:
            notes.cite(source)


def _where(fact: Fact, source: Source) -> str:
    if fact.derived:
        known = {f.name: f"{f.value} ({f.says})" if f.says else f.value for f in source.facts}
        return f"derived: {_NAME.sub(lambda found: known.get(found[0], found[0]), fact.derived)}"
    return f"“{fact.text}”" if fact.text else fact.where


# Gates -------------------------------------------------------------------------------------------


def make_gate(result: GateResult, body: list[Json]) -> Record:
    """A gate as a box; `body` is what its author wrote. A computed gate lists its checks ahead of it."""
    gate = result.asks
    return {
        "k": "gate",
        "title": gate.title,
        "question": gate.question,
        "verdict": f"{result.verdict}, {result.settled} of {len(result.checks)}",
        "checks": [*map(_check, result.checks)] if gate.computed else [],
        "body": body,
    }


def _check(check: Check) -> Json:
    return [check.term, f"{check.answer}: {check.amiss}" if check.amiss else str(check.answer)]
