"""Reviews: what a second reading is a reading of, and where a diagram stands by it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta

from atlas.records.model import Fact, Finding, Status
from atlas.records.notes import DiagramNote, GateNote
from atlas.records.plan import Ledgers, Review

from . import figures
from .atlas import Diagram

MAX_AGE_DAYS = 30
SCHEME = 2
"""Moves when other things become part of the hash; reviews of an older scheme are of another hash."""
_NOT_SAID = frozenset(
    {
        *("place", "docname", "line", "diagram"),  # where it stands
        *("quantity", "placeholders", "typed"),  # read from the rest
        "options",  # what is wrong with it
    }
)


def content_hash(note: DiagramNote, facts: Iterable[Fact], written: Iterable[GateNote], *more: object) -> str:
    """Scheme and MD5 (`2-` and 32 hex) over all that a review is a review of: the drawing with its evidence,
    its words and what finds it, the facts, the gates, and `more` records (commands, timelines).

    Where things stand is not among it, nor what trials and checks found.
    """
    parts = [note.text.strip(), note.title, note.caption, note.alt, *note.symptoms, "", *note.alerts]
    parts += sorted(stable(fact) for fact in facts)
    for gate in sorted(written, key=lambda g: g.gate):
        parts += [f"{gate.gate}|{c.term}|{c.text}" for c in gate.checks]
    parts += (stable(record) for record in more if record)
    digest = hashlib.md5("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
    return f"{SCHEME}-{digest}"


def stable(record: object) -> str:
    """What a record says, without where it stands and what is computed from the rest."""
    if isinstance(record, tuple):
        return f"({', '.join(map(stable, record))})"
    if not is_dataclass(record):
        return repr(record)
    said = (f for f in fields(record) if f.name not in _NOT_SAID)
    return "|".join(f"{f.name}={stable(getattr(record, f.name))}" for f in said)


def latest_review(id: str, digest: str, ledgers: Ledgers) -> Review | None:
    reviews = [r for r in ledgers.reviews if r.id == id and r.hash == digest]
    return max(reviews, key=lambda r: r.when, default=None)


def status_of(
    note: DiagramNote, review: Review | None, category: str, ledgers: Ledgers, today: date, max_age: int
) -> Status:
    if not note.version:
        return Status.MISSING_VERSION
    if review is None:
        return Status.NEEDS_REVIEW
    aged = today - review.when.date() > timedelta(days=max_age)
    moved = bool(review.spec) and review.spec != ledgers.specs.get(category, review.spec)
    return Status.OUTDATED if aged or moved else Status.UP_TO_DATE


def check_reviews(diagrams: Mapping[str, Diagram], ledgers: Ledgers) -> Iterator[Finding]:
    """REVIEW003 to REVIEW005: of no diagram, claiming what its page does not hold, written twice."""
    seen: set[tuple[object, ...]] = set()
    for review in ledgers.reviews:
        if review.id not in diagrams:
            hint = figures.offer(review.id, diagrams, "mend its id, or restore the diagram")
            yield Finding("REVIEW003", f"review of the unknown diagram {review.id}", review.place, hint)
        elif fault := _overstates(review, diagrams[review.id]):
            message = f"review of {review.id} {fault}"
            yield Finding("REVIEW004", message, review.place, "let `atlas mark-reviewed` write it", review.id)
        row = (review.id, review.hash, review.when, review.who)
        if row in seen:
            yield Finding("REVIEW005", f"review of {review.id} stands twice", review.place, "delete one")
        seen.add(row)


def _overstates(review: Review, diagram: Diagram) -> str:
    """What a review of the present content claims that the page does not hold; nothing where all is well."""
    if review.hash != diagram.hash:
        return ""
    if review.version != diagram.note.version:
        return f"is of version {review.version}, and the page has {diagram.note.version or 'none'}"
    cited = {source.id for source in diagram.sources}
    if foreign := sorted(set(review.sources) - cited):
        return f"names the source {foreign[0]}, which the page does not cite"
    opened = sum(fact.source in review.sources for fact in diagram.cited)
    counted = review.confirmed + review.corrected
    return f"counts {counted} figures where its sources have {opened}" if counted > opened else ""
