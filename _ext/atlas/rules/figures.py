"""Figures in labels and prose: `${fact}` references, and digits that were typed instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from atlas.diagrams.planes import at
from atlas.records.bounds import tells_bound
from atlas.records.model import Fact, Finding, Place, Technology
from atlas.records.notes import DiagramNote, PageNote
from atlas.records.plan import Ledgers

from .digits import may_be_version, without_codes, without_dates
from .spelt import typed_figures

_NUMBERED = re.compile(r"^\d{1,2}\.\s")
REFERENCE = re.compile(r"\$\{([^{}]*)\}")
SHOWN = "\ufffc"
"""What stands for a figure that is shown by reference, in the prose of a page."""
_JOINED = re.compile(
    rf"(?:[+−±×]\s?|[<>≤≥~≈]|(?<![\w{SHOWN})])-|[\w%.,])(?={SHOWN})|(?<={SHOWN})(?:[\w%×+]|[.,]\d)"
)
_BOUNDED = re.compile(r"([<>≤≥])\s*\$\{([^{}]*)\}")
_APART = "write the figure as it was published: sign, bound and unit belong to its fact"
_MEANT = re.compile(r"\$([a-z][\w.-]*)|\{\{\s*([a-z][\w.:/-]*)\s*\}\}")
_UNCLOSED = re.compile(r"\$\{(?![^{}]*\})[^\s\"<|\]})]*")


def references(text: str) -> list[str]:
    """The names inside `${…}`, in order, each once."""
    return list(dict.fromkeys(m.strip() for m in REFERENCE.findall(text)))


def fill(text: str, values: dict[str, str], *, escape: Callable[[str], str] = str) -> str:
    """`text` with every known `${name}` replaced by its value; unknown ones stay as they are."""

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        return escape(values[name]) if name in values else match[0]

    return REFERENCE.sub(value, text)


def escape_mermaid(value: str) -> str:
    """A value as it may stand in a quoted Mermaid label: the characters of its syntax as entity codes."""
    codes = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", ";": "#59;", "&": "#amp;"}
    return "".join(codes.get(c, c) for c in value)


def candidates(reference: str, sources: Iterable[str], ledgers: Ledgers) -> list[Fact]:
    """The facts that a reference may mean: `fact`, `key:fact` or `publisher/key:fact` within `sources`."""
    key, _, name = reference.rpartition(":")
    listed = [ledgers.sources[s] for s in dict.fromkeys(sources) if s in ledgers.sources]
    scoped = [s for s in listed if key in ("", s.id, s.id.partition("/")[2])]
    return [fact for source in scoped for fact in source.facts if fact.name == name]


def resolve(note: DiagramNote, ledgers: Ledgers) -> tuple[dict[str, Fact], list[Finding]]:
    """The facts of a diagram by reference; FACT001, FACT006 for references to none or two, or ill-formed."""
    facts: dict[str, Fact] = {}
    findings: list[Finding] = []
    for number, line in enumerate(_reference_lines(note), 1):
        for reference in references(line):
            found = candidates(reference, note.sources, ledgers)
            if len(found) == 1:
                facts[reference] = found[0]
            else:
                findings.append(_unresolved(note, reference, found, ledgers, number))
        findings += (_unclosed(note, opened, number) for opened in _UNCLOSED.findall(line))
    findings += (_unfilled(note, symptom) for symptom in note.symptoms if "${" in symptom)
    findings += _meant(note, ledgers)
    return facts, findings


def _meant(note: DiagramNote, ledgers: Ledgers) -> Iterator[Finding]:
    """FACT001: `$fact` or `{{fact}}` in a label, where that is the name of a fact."""
    for label, place in _labels(note):
        for found in _MEANT.finditer(label):
            name = found[1] or found[2]
            if candidates(name, note.sources, ledgers):
                message = f"{found[0]} shows no figure"
                yield Finding("FACT001", message, place, f"did you mean ${{{name}}}?", note.id)


def _reference_lines(note: DiagramNote) -> list[str]:
    lines = note.text.split("\n")
    return [*lines, note.title, note.caption, note.alt]


def check_bounds(note: DiagramNote, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """FACT003: `≤ ${fact}` where neither value nor `says` of the fact speaks of a bound."""
    for label, place in _labels(note):
        for sign, name in _BOUNDED.findall(label):
            fact = facts.get(name.strip())
            if fact and not tells_bound(f"{fact.says} {fact.scope}") and sign not in fact.value:
                message = f"typed {sign!r} at ${{{name}}}, of which {fact.id} says nothing"
                yield Finding("FACT003", message, place, _APART, note.id)


def _place(note: DiagramNote, line: int) -> Place:
    """The place of a line of the text, or of the options behind it."""
    return at(note, line) if line <= note.text.count("\n") + 1 else note.place


def _unclosed(note: DiagramNote, opened: str, line: int) -> Finding:
    return Finding("FACT001", f"{opened} is not closed", _place(note, line), "write ${fact}", note.id)


def _unfilled(note: DiagramNote, symptom: str) -> Finding:
    hint = "write … for a number: readers paste their own"
    return Finding("FACT001", f"symptom {symptom!r} cannot show a fact", note.place, hint, note.id)


def _unresolved(note: DiagramNote, ref: str, found: list[Fact], ledgers: Ledgers, line: int) -> Finding:
    place = _place(note, line)
    if found:
        hint = "write " + " or ".join(f"${{{f.id.partition('/')[2]}}}" for f in found)
        return Finding("FACT006", f"${{{ref}}} stands in {len(found)} sources", place, hint, note.id)
    known = [f.name for s in note.sources if s in ledgers.sources for f in ledgers.sources[s].facts]
    hint = offer(ref.rpartition(":")[2], known, "write the fact into the ledger of a source in :sources:")
    return Finding("FACT001", f"unknown fact ${{{ref}}}", place, hint, note.id)


def offer(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The hint “did you mean …”, or `otherwise` where nothing is near."""
    near = get_close_matches(word, sorted(set(known)), n=3, cutoff=0.5)
    return "did you mean " + " or ".join(near) + "?" if near else otherwise


def check_labels(note: DiagramNote, technologies: Iterable[Technology]) -> Iterator[Finding]:
    """FACT003: figures typed into labels, title, caption, alternative text, symptoms or alerts."""
    names = names_of(technologies)
    for label, place in _labels(note):
        said = REFERENCE.sub(" … ", label)
        for word in typed_figures(said, names):
            hint = _hint(word, said, "make it a fact and write ${…}")
            yield Finding("FACT003", f"typed digit {word!r} in label {_short(label)!r}", place, hint, note.id)
        for sign in _joined(REFERENCE.sub(SHOWN, label)):
            message = f"typed {sign!r} at a ${{…}} in label {_short(label)!r}"
            yield Finding("FACT003", message, place, _APART, note.id)


def _labels(note: DiagramNote) -> Iterator[tuple[str, Place]]:
    graph = note.graph
    if graph:
        yield from ((n.label, at(note, n.line)) for n in graph.nodes)
        yield from ((e.label, at(note, e.line)) for e in graph.edges)
        yield from ((g.title, at(note, g.line)) for g in graph.groups)
    texts = (
        note.title,
        note.caption,
        note.alt,
        *map(without_codes, note.symptoms),
        *filter(_is_no_name, note.alerts),
    )
    yield from ((without_dates(text), note.place) for text in texts)


def check_prose(page: PageNote, technologies: Iterable[Technology]) -> Iterator[Finding]:
    """FACT011: digits typed into prose, headings or the answers of gates. Headings may be numbered."""
    names = names_of(technologies)
    for place, text in page.blocks:
        for word in typed_figures(without_dates(_NUMBERED.sub("", text).replace(SHOWN, " … ")), names):
            hint = _hint(word, text, "write {atlas:fact}`publisher/source:fact`")
            yield Finding("FACT011", f"typed number {word!r} in prose", place, hint)
        for sign in _joined(text):
            yield Finding("FACT011", f"typed {sign!r} at a figure in prose", place, _APART)


def _is_no_name(alert: str) -> bool:
    """True of an alert in words; `MemcachedLowCacheHitRate(<80%)` is the name of one."""
    return len(alert.split()) > 1


def _joined(text: str) -> list[str]:
    """Signs, digits and letters that change the figure they are written at: `−${lost}`, `${share}0`."""
    return [found[0].strip(SHOWN) for found in _JOINED.finditer(text)]


def _hint(word: str, text: str, hint: str) -> str:
    return (
        f"{hint}, or add the technology to the ledger of technologies" if may_be_version(word, text) else hint
    )


def names_of(technologies: Iterable[Technology]) -> frozenset[str]:
    """The lower-cased names of technologies, behind which a version may stand."""
    return frozenset(name.lower() for t in technologies for name in t.names)


def _short(label: str) -> str:
    return " ".join(label.split())[:60]
