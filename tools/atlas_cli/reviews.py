"""The ledgers of reviews: where a diagram's stands, and what it says last."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .project import Project, Record

if TYPE_CHECKING:
    from atlas.records.plan import Review


def ledger_of(diagram: Record, project: Project) -> Path:
    """One file a page, so that readers who work at once never write into the same one."""
    return project.data / "reviews" / f"{diagram['id'].replace('/', '-')}.toml"


def last_review(diagram: Record, project: Project) -> Review | None:
    """The last review of a diagram (`id`), of whatever content."""
    from atlas.records.ledgers import read_reviews
    from atlas.records.toml import read_document

    folder = ledger_of(diagram, project).parent
    documents = [read_document(path, project.root)[0] for path in sorted(folder.glob("*.toml"))]
    reviews, _ = read_reviews(documents, today=date.max.replace(year=9000))
    return max((r for r in reviews if r.id == diagram["id"]), key=lambda r: r.when, default=None)
