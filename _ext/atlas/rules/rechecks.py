"""What the ledger of checks says of a page: which of its words changed, and whether its sources are old and
unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from atlas.records.checks import check_of
from atlas.records.model import Fact, Role, Source
from atlas.records.plan import Check, Ledgers, Newest

OLD = timedelta(days=2 * 365)
"""After so long a source that was not seen again is told as old."""


def check(fact: Fact, ledgers: Ledgers) -> Check | None:
    """The check of a fact as it stands today."""
    source = ledgers.sources.get(fact.source)
    return check_of(source, fact, ledgers.checks) if source else None


def is_overtaken(fact: Fact, ledgers: Ledgers) -> bool:
    """True where the newest text has the words no more, and the fact does not say what is true since."""
    found = check(fact, ledgers)
    return found is not None and found.newest in (Newest.CHANGED, Newest.GONE) and not fact.changed


def day_known(source: Source, checks: Mapping[str, Check]) -> date | None:
    """The last day on which the source is known to have said this: of its text, of its figures, or seen
    again.
    """
    known = [check_of(source, fact, checks) for fact in source.facts]
    seen = [c.of for c in known if c and c.stands and c.of]
    told = [source.published] if source.published else [fact.as_of for fact in source.facts]
    return max((day for day in (*seen, *told) if day), default=None)


def tell_old(category: str, sources: Iterable[Source], ledgers: Ledgers, today: date) -> str:
    """What stands first on a page whose newest source is old and was not seen again; nothing on any other.

    An incident is of its day, and stays so.
    """
    days = [day_known(source, ledgers.checks) for source in sources]
    known = [day for day in days if day]
    if ledgers.house.role(category) is Role.INCIDENT or not known or today - max(known) <= OLD:
        return ""
    return (
        f"The newest source of this page is of {max(known)}, and was not seen in a later version: "
        "look for today's text before you rely on it."
    )


def tell_check(found: Check | None) -> str:
    """What readers are told of a check; nothing where nobody could look."""
    if found is None:
        return ""
    told = {
        Newest.STANDS: f"stands in the text of {found.of}",
        Newest.MOVED: f"stands in the text of {found.of}, in {found.path}",
        Newest.CHANGED: f"no longer in the text of {found.of}",
        Newest.GONE: f"the document was gone by {found.of}",
    }
    if found.newest in told:
        return told[found.newest]
    return f"words seen in the copy on {found.on}" if found.seen else ""
