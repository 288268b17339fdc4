"""Whether facts were seen again: by tier of their source, and the pages that rest on what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from atlas.records.checks import checks_of
from atlas.records.model import Fact, Source
from atlas.records.plan import Check, Newest
from atlas.rules.atlas import Atlas, Diagram
from atlas.rules.rechecks import OLD, is_overtaken, tell_old

from .blocks import Block, Cell, Prose, link_cell, list_rows, number_cell, percent_cell

_WORST = 15


@dataclass(frozen=True, slots=True)
class Tally:
    """Facts of one tier that are not derived: `checked` in a copy, of them `seen` there; `again` looked up
    in a newer
    text, of them by verdict; days since they were true: half are older than `age`, `old` are over two years.
    """

    facts: int
    checked: int
    seen: int
    again: int
    verdicts: dict[Newest, int]
    age: int | None
    old: int

    @property
    def stands(self) -> int:
        return self.verdicts[Newest.STANDS] + self.verdicts[Newest.MOVED]


def tally_checks(atlas: Atlas) -> dict[str, Tally]:
    """A tally by tier, and of all."""
    rows = [*checks_of(atlas.ledgers.sources.values(), atlas.ledgers.checks)]
    tiers = sorted({source.tier for source, _, _ in rows})
    tallies = {tier: _tally([r for r in rows if r[0].tier == tier], atlas.today) for tier in tiers}
    return {**tallies, "all": _tally(rows, atlas.today)} if rows else {}


def _tally(rows: Iterable[tuple[Source, Fact, Check | None]], today: date) -> Tally:
    found = list(rows)
    checks = [check for _, _, check in found if check]
    newest = Counter(check.newest for check in checks if check.newest)
    ages = [(today - fact.as_of).days for _, fact, _ in found if fact.as_of]
    return Tally(
        facts=len(found),
        checked=len(checks),
        seen=sum(check.seen for check in checks),
        again=newest.total(),
        verdicts={verdict: newest[verdict] for verdict in Newest},
        age=int(median(ages)) if ages else None,
        old=sum(days > OLD.days for days in ages),
    )


def checks(atlas: Atlas) -> tuple[Block, ...]:
    """The section of the dashboard."""
    tallies = tally_checks(atlas)
    head = (
        *("Tier", "Facts", "Seen as cited", "Of all facts", "In the newest text", "Of those looked up"),
        *("Changed", "Gone", "Half older than", "Over two years"),
    )
    caption = (
        "Facts that are not derived, seen in the copy that is cited and in the newest text that could be had"
    )
    rows = (_row(tier, tally) for tier, tally in tallies.items())
    told = "Words are looked for in copies of repositories; what stands on the web alone is not among them."
    return (
        Prose(told),
        list_rows(head, rows, none="Nothing was looked up yet.", caption=caption),
        _worst(atlas),
    )


def _row(tier: str, tally: Tally) -> tuple[Cell, ...]:
    return (
        Cell(tier),
        number_cell(tally.facts),
        number_cell(tally.seen),
        percent_cell(tally.seen, tally.facts),
        number_cell(tally.stands),
        percent_cell(tally.stands, tally.again),
        number_cell(tally.verdicts[Newest.CHANGED]),
        number_cell(tally.verdicts[Newest.GONE]),
        Cell("–" if tally.age is None else f"{tally.age / 365:.1f} years", style="number"),
        percent_cell(tally.old, tally.facts),
    )


def _worst(atlas: Atlas) -> Block:
    """Pages whose newest source is old and unseen, then those with the most facts that were overtaken."""
    judged = [(d, _old(d, atlas), overtaken(d, atlas)) for d in atlas.diagrams.values()]
    found = [row for row in judged if row[1] or row[2]]
    ranked = sorted(found, key=lambda row: (not row[1], -row[2], row[0].id))
    rows = (
        (link_cell(d), number_cell(count), number_cell(len(d.cited)), Cell("yes" if old else "no"))
        for d, old, count in ranked[:_WORST]
    )
    head = ("Diagram", "Facts changed or gone since", "Facts", "All sources old and unseen")
    return list_rows(
        head, rows, none="No page rests on what changed.", caption="Pages to read against today's text"
    )


def _old(diagram: Diagram, atlas: Atlas) -> bool:
    return bool(tell_old(diagram.category, diagram.sources, atlas.ledgers, atlas.today))


def overtaken(diagram: Diagram, atlas: Atlas) -> int:
    """How many facts of a page the newest text has no more, and the page does not say so."""
    return sum(is_overtaken(fact, atlas.ledgers) for fact in diagram.cited)
