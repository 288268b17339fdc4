"""Carrying reviews over a change of what is hashed, where nothing that was read has moved.

The proof is a program's: the page as it stood when its last review was written, read by the engine of today,
has the hash that the page has now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .project import Project, Record, writing
from .repository import git

if TYPE_CHECKING:
    from atlas.records.plan import Review

Past = Callable[[str], Record]
"""The `atlas.json` of a commit, by the engine of today."""


def carry(
    project: Project, unread: Iterable[Record], last: Callable[[Record], Review | None], past: Past
) -> list[Review]:
    """Append a carried record for each diagram of `unread` that is proved the same; returns them."""
    by_commit: dict[str, list[tuple[Record, Review]]] = defaultdict(list)
    for diagram in unread:
        review = last(diagram)
        if review and review.version == diagram["version"] and (commit := _written(project, review)):
            by_commit[commit].append((diagram, review))
    carried: list[Review] = []
    for commit, pairs in by_commit.items():
        hashes = {d["id"]: d["hash"] for d in past(commit)["diagrams"]}
        same = [(d, review) for d, review in pairs if hashes.get(d["id"]) == d["hash"]]
        carried += [_append(project, diagram, review) for diagram, review in same]
    return carried


def _written(project: Project, review: Review) -> str:
    """The commit that brought the record of a review; empty where it is not committed."""
    ledgers = str(project.data / "reviews")
    found = git(project, "log", "--format=%H", f"-S{review.hash}", "--", ledgers) or ""
    return (found.split() or [""])[-1]


def _append(project: Project, diagram: Record, review: Review) -> Review:
    from atlas.records.ledgers import append_review

    from .reviews import ledger_of

    now = datetime.now(UTC).replace(microsecond=0)
    record = replace(review, hash=diagram["hash"], carried=review.hash, when=now)
    path = ledger_of(diagram, project)
    with writing(path):
        append_review(path, record)
    return record
