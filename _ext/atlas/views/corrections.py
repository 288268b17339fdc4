"""What was put right: by second readers, and by later versions of what is cited."""

from __future__ import annotations

from atlas.records.plan import Review
from atlas.rules.atlas import Atlas

from .blocks import Block, Cell, Section, counted, list_rows


def corrections(atlas: Atlas, argument: str = "") -> tuple[Section, ...]:
    """The readings that corrected or removed a figure, the latest first; then figures that no longer hold."""
    del argument
    read = [review for review in atlas.ledgers.reviews if review.corrected or review.removed]
    rows = (_row(review, atlas) for review in sorted(read, key=lambda r: (r.when, r.id), reverse=True))
    head = ("Day", "Page", "Put right", "What was read")
    mended = list_rows(head, rows, none="No reading has corrected a figure yet.")
    return (
        Section("mended", "By a second reading", (mended,)),
        Section("changed", "By a later version", (_changed(atlas),)),
    )


def _row(review: Review, atlas: Atlas) -> tuple[Cell, ...]:
    parts = [f"{counted(review.corrected, 'figure')} corrected"] if review.corrected else []
    parts += [f"{counted(review.removed, 'figure')} removed"] if review.removed else []
    target = review.id if review.id in atlas.diagrams else ""
    page = Cell(atlas.title_of(review.id), target)
    return Cell(f"{review.when.date()}"), page, Cell(", ".join(parts)), Cell(review.checked)


def _changed(atlas: Atlas) -> Block:
    """Figures of documentation and code that a later version changed, with what holds since."""
    facts = [f for source in atlas.ledgers.sources.values() for f in source.facts if f.changed]
    rows = (
        (
            Cell(fact.value, fact.source),
            Cell(fact.says),
            Cell(change.since),
            Cell(later.value if (later := atlas.ledgers.fact(change.fact)) else change.fact),
        )
        for fact in facts
        if (change := fact.changed)
    )
    none = "No cited figure has been changed by a later version."
    return list_rows(("Figure", "What it measures", "Changed in", "Since then"), rows, none=none)
