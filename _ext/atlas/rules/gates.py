"""Quality gates: what an answer is worth, and the gate whose checks are computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from atlas.diagrams.planes import PSEUDO_STATES
from atlas.records.house import COMPUTED, COMPUTED_CHECKS, Gate
from atlas.records.model import Fact, Finding, Place
from atlas.records.notes import CheckNote, DiagramNote, GateNote, Graph
from atlas.records.plan import Ledgers

from .figures import offer

NO_GATE = Gate("", "", "", "", ())
"""What a result asks of which nobody said it."""


class Answer(StrEnum):
    """What became of one check. The first four count as an answer."""

    ANSWERED = "answered"
    PASSED = "passed"
    NOT_PUBLISHED = "not published"
    NOT_APPLICABLE = "not applicable"
    FAILED = "failed"
    UNANSWERED = "unanswered"

    @property
    def settled(self) -> bool:
        return self not in (Answer.FAILED, Answer.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its verdict. `reason` says why where it is not a plain pass; `text` is the answer."""

    term: str
    answer: Answer
    reason: str = ""
    text: str = ""
    literals: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def amiss(self) -> str:
        """What a computed check found amiss."""
        return self.reason if self.answer is Answer.FAILED else ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate of a diagram with all its checks; `place` is where it is written (or the diagram's)."""

    gate: str
    checks: tuple[Check, ...]
    place: Place
    asks: Gate = NO_GATE

    @property
    def settled(self) -> int:
        return sum(c.answer.settled for c in self.checks)

    @property
    def verdict(self) -> str:
        """`passed`, `open` (something is unanswered) or `failed` (a computed check fails)."""
        if any(c.answer is Answer.FAILED for c in self.checks):
            return "failed"
        return "passed" if self.settled == len(self.checks) else "open"


_ACRONYM = re.compile(r"(?<![\w.$/-])[A-Z][A-Z0-9]+s?(?![\w./=-])")
_WORDS_IN_CAPITALS = {
    "OK",
    "ON",
    "OFF",
    "YES",
    "NO",
    "NOT",
    "AND",
    "OR",
    "GET",
    "PUT",
    "POST",
    "PATCH",
    "DELETE",
    "HEAD",
}
_REASON = re.compile(r"^(not published|not applicable)\b[\s:.—–-]*(.*)$", re.IGNORECASE | re.DOTALL)
_PLACEHOLDER = re.compile(
    r"(?:(?:todo|tbd|tbc|tba|fixme|wip|lorem|to be (?:done|written|added)|coming soon)\b.*|pending|n/?a"
    r"|(?:(?:see|as|same|like|described|mentioned|the same)\s+)*(?:above|below|before|elsewhere|here|there)"
    r"|none|n\.\s?a|unknown|yes|no|later|soon|ditto|idem|test|foo|bar|blah|asdf|filler|placeholder|same"
    r"|\w|(\w)\1+)?",
    re.IGNORECASE | re.DOTALL,
)
_MARKS = " \t\n-–—?.…!*_~|/\\:;,()[]"
_SPACES = (*range(33), 0xA0, *range(0x2000, 0x2010), 0x202F, 0x205F, 0x3000)
_BLANKS = "".join(map(chr, _SPACES)) + "\u115f\u1160\u2800\u3164\uffa0"  # and letters that are blank
_UNSEEN = ("Cf", "Cc", "Cn", "Co")
_UNSCALED_UNITS = {"", "clock", "date"}


def read_answer(note: CheckNote) -> Check:
    """An authored definition as a check: its answer and, where it declines, its reason."""
    declined = _REASON.match(seen(note.text))
    if declined:
        reason = declined[2].strip()
        return Check(note.term, Answer(declined[1].lower()) if _says(reason) else Answer.UNANSWERED, reason)
    answer = Answer.ANSWERED if note.commands or _says(note.text) else Answer.UNANSWERED
    return Check(note.term, answer, "", note.text, note.literals, note.commands)


def _says(text: str) -> bool:
    """False of nothing and of what stands in for it: `TODO`, `n/a`, `see above`, one word again and again."""
    words = seen(text).strip(_MARKS)
    return not _PLACEHOLDER.fullmatch(" ".join(words.split())) and not _is_filler(words)


def _is_filler(words: str) -> bool:
    """True of up to three words said again and again."""
    told = re.findall(r"\w+", words.lower())
    return any(told == (told[:n] * len(told))[: len(told)] for n in range(1, 4) if len(told) >= 2 * n)


def check_gate(note: GateNote, gates: Mapping[str, Gate]) -> Iterator[Finding]:
    """GATE001, 002, 005, 009 and 010 of one written gate: its name, its terms, and what they say."""
    gate = gates.get(note.gate)
    if gate is None:
        hint = offer(note.gate, gates, "the gates are " + ", ".join(gates))
        yield Finding("GATE001", f"unknown gate {note.gate!r}", note.place, hint, note.diagram)
        return
    if not (note.checks or gate.computed):
        hint = (
            "write each check as a line, its answer below behind `: `; in MyST this is the extension deflist"
        )
        message = f"gate {gate.id} answers nothing: there is no list of definitions in it"
        yield Finding("GATE002", message, note.place, hint, note.diagram)
        return
    yield from _check_terms(note, gate)
    written = {c.term for c in note.checks}
    for term in () if gate.computed else gate.checks:
        if term not in written:
            hint = "answer it, or write `not published: reason`"
            yield Finding(
                "GATE002", f"gate {gate.id} does not answer {term!r}", note.place, hint, note.diagram
            )


def _check_terms(note: GateNote, gate: Gate) -> Iterator[Finding]:
    seen: set[str] = set()
    for check in note.checks:
        place = Place(note.place.path, check.line or note.place.line)
        if check.term not in gate.checks:
            hint = offer(check.term, gate.checks, "its checks are " + ", ".join(gate.checks))
            yield Finding("GATE001", f"gate {gate.id} has no check {check.term!r}", place, hint, note.diagram)
        elif check.term in seen:
            message = f"gate {gate.id} answers {check.term!r} twice"
            yield Finding("GATE010", message, place, "merge the two answers", note.diagram)
        else:
            yield from _check_answer(check, gate, place, note.diagram)
        seen.add(check.term)


def _check_answer(check: CheckNote, gate: Gate, place: Place, diagram: str) -> Iterator[Finding]:
    answer = read_answer(check).answer
    if not answer.settled:
        hint = "say what was read and does not say it, or why it does not apply"
        yield Finding("GATE005", f"{check.term!r} has no content", place, hint, diagram)
    elif gate.computed and answer is Answer.ANSWERED:
        hint = "mend what it finds, or write `not published: reason` or `not applicable: reason`"
        yield Finding("GATE009", f"{check.term!r} is computed, not attested", place, hint, diagram)


def judge_written(note: GateNote, gate: Gate) -> GateResult:
    """The result of an authored gate; terms that it lacks are unanswered."""
    answers = {c.term: read_answer(c) for c in note.checks}
    checks = tuple(answers.get(t, Check(t, Answer.UNANSWERED)) for t in gate.checks)
    return GateResult(gate.id, checks, note.place, gate)


def judge_new_hire(
    note: DiagramNote,
    answers: GateNote | None,
    *,
    prose: str,
    code: str,
    facts: Iterable[Fact],
    ledgers: Ledgers,
) -> GateResult:
    """The computed gate: each check passes, or fails with what is amiss, or was declined with a reason."""
    graph = note.graph or Graph("flowchart")
    found = (
        unexplained_acronyms(note, prose, code, ledgers),
        unversioned_technologies(note, prose, ledgers),
        undirected_edges(graph),
        loose_nodes(graph),
        [] if shows_scale(facts) else ["no fact with a unit of scale"],
    )
    written = {c.term: read_answer(c) for c in answers.checks} if answers else {}
    amiss = dict(zip(COMPUTED_CHECKS, found, strict=True))
    gate = ledgers.house.gates[COMPUTED]
    checks = tuple(_computed(t, amiss[t], written.get(t)) for t in gate.checks if t in amiss)
    return GateResult(gate.id, checks, answers.place if answers else note.place, gate)


def _computed(term: str, faults: list[str], written: Check | None) -> Check:
    if not faults:
        return Check(term, Answer.PASSED)
    if written and written.answer in (Answer.NOT_PUBLISHED, Answer.NOT_APPLICABLE):
        return written
    return Check(term, Answer.FAILED, ", ".join(faults))


def unexplained_acronyms(note: DiagramNote, prose: str, code: str, ledgers: Ledgers) -> list[str]:
    """Acronyms in labels that neither the glossary, a technology's name nor “(ABC)” on the page explains.

    Words that the page's gates show in code (`VACUUM`, `MISCONF`) are code and no acronyms.
    """
    known = {t.upper() for t in ledgers.terms}
    known |= {w.upper() for t in ledgers.technologies.values() for name in t.names for w in name.split()}
    known |= _WORDS_IN_CAPITALS | set(_ACRONYM.findall(code))
    found = {a.rstrip("s") for label in _texts(note) for a in _ACRONYM.findall(label)}
    return sorted(
        a for a in found if a.upper() not in known and f"({a}" not in prose and f"{a} (" not in prose
    )


def unversioned_technologies(note: DiagramNote, prose: str, ledgers: Ledgers) -> list[str]:
    """Technologies in labels behind whose name neither the label nor the page puts a version."""
    labels = "\n".join(_texts(note))
    found = []
    for technology in ledgers.technologies.values():
        if technology.hosted or not any(name in labels for name in technology.names):
            continue
        names = "|".join(re.escape(n) for n in technology.names)
        named = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")
        versioned = re.compile(
            rf"(?<![\w-])(?:{names})[\s/-]*(?:v?\d|versions?\s+\d|(?:versions?\s+)?\$\{{[^}}]*version[^}}]*\}})",
            re.IGNORECASE,
        )
        if named.search(labels) and not versioned.search(f"{labels}\n{prose}"):
            found.append(technology.name)
    return found


def undirected_edges(graph: Graph) -> list[str]:
    """Edges without an arrow, or without a label that says what moves."""
    return [f"{e.tail} to {e.head}" for e in graph.edges if not e.directed or not seen(e.label)]


def loose_nodes(graph: Graph) -> list[str]:
    """Nodes that no edge touches; an edge to a group touches what stands in it."""
    touched = {end for e in graph.edges for end in (e.tail, e.head)}
    return [
        n.id
        for n in graph.nodes
        if n.id not in touched and n.group not in touched and n.shape not in PSEUDO_STATES
    ]


def shows_scale(facts: Iterable[Fact]) -> bool:
    """True where at least one fact shown is a quantity with a unit."""
    return any(f.quantity and f.quantity.unit not in _UNSCALED_UNITS for f in facts)


def seen(text: str) -> str:
    """A text without what no reader sees: controls, zero widths, fillers and blanks at its ends."""
    if not text.isprintable():
        text = "".join(c for c in text if category(c) not in _UNSEEN or c.isspace())
    return text.strip(_BLANKS)


def _texts(note: DiagramNote) -> list[str]:
    graph = note.graph or Graph("flowchart")
    return [n.label for n in graph.nodes] + [e.label for e in graph.edges] + [g.title for g in graph.groups]
