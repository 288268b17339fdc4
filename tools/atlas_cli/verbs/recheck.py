"""Whether the words of facts and evidence still stand: in the copy that is cited, and in the newest text.

DIR holds git repositories as OWNER/NAME or OWNER/NAME.git. What was found goes into source/_data/checks
after each
publication, so that a run that was stopped goes on where it was; a claim that was looked up against the same
text is
not looked up again, but with --again. What no copy can tell stays as it was known. Without --copies the
ledger is
told, and nothing is looked up. Exits with 1 where words are missing from what is cited, or changed or gone
since and the fact does not say so.

Examples:
  atlas recheck --copies ../copies
  atlas recheck --copies ../copies kafka etcd/raft-code
  atlas recheck --json
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path

from atlas.records.checks import read_checks, render_checks
from atlas.records.plan import Check, Cited, Newest
from atlas.records.toml import read_document
from atlas_cli.copies import Copies
from atlas_cli.layouts import find_project
from atlas_cli.looking import Claim, look, read_claims
from atlas_cli.names import count
from atlas_cli.project import Project, Record, hold, read_atlas, write_whole
from atlas_cli.terminal import RefusalError, Terminal, counted


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="publishers or sources; all where none is given")
    parser.add_argument("--copies", type=Path, metavar="DIR", help="git repositories as OWNER/NAME(.git)")
    parser.add_argument("--again", action="store_true", help="look up what is known already, too")
    parser.add_argument("-n", "--limit", type=count, default=40, metavar="N", help="rows of each list (40)")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where something is missing, or changed without the fact saying so."""
    project = find_project(args.where)
    atlas = read_atlas(project, terminal, besides=f"{project.path(project.data)}/checks/")
    claims = _choose(args.ids, list(read_claims(atlas)))
    checks = read_ledger(project, day_of(atlas))
    if args.copies:
        if not args.copies.is_dir():
            raise RefusalError(
                f"{args.copies} is no folder", "--copies DIR holds git repositories as OWNER/NAME"
            )
        with hold(project.data, terminal):
            checks = _look_up(args, claims, checks, project, terminal, day_of(atlas))
    known = {c.id: checks[c.id] for c in claims if c.id in checks and checks[c.id].key == c.key}
    report = make_report(claims, known, atlas)
    if args.json:
        terminal.give(report)
    else:
        print_report(terminal, report, args.limit)
    return 1 if report["missing"] or report["changed"] else 0


def _choose(ids: Sequence[str], claims: list[Claim]) -> list[Claim]:
    """The claims of publishers or sources. Raises RefusalError where one has none in git."""
    for id in ids:
        if not any(id in (c.source, c.source.partition("/")[0]) for c in claims):
            raise RefusalError(
                f"{id} is no publisher or source that stands in git", "as in kafka or etcd/raft-code"
            )
    return [c for c in claims if not ids or c.source in ids or c.source.partition("/")[0] in ids]


def day_of(atlas: Record) -> date:
    """The day that the atlas judges by."""
    return date.fromisoformat(atlas["build"]["date"])


def read_ledger(project: Project, day: date) -> dict[str, Check]:
    """What is known. Raises RefusalError where a file is damaged."""
    paths = sorted((project.data / "checks").glob("*.toml"))
    read = [read_document(path, project.root) for path in paths]
    checks, faults = read_checks((document for document, _ in read), today=day)
    for fault in [*(f for _, found in read for f in found), *faults]:
        raise RefusalError(
            f"{fault.place}: {fault.rule} {fault.message}", "delete it; it is written anew from the copies"
        )
    return checks


def _look_up(
    args: Namespace,
    claims: Iterable[Claim],
    checks: dict[str, Check],
    project: Project,
    terminal: Terminal,
    day: date,
) -> dict[str, Check]:
    """Every claim that is to be looked up, source by source; the ledgers are written after each."""
    copies = Copies(args.copies.resolve())
    ordered = sorted(claims, key=lambda c: c.source)
    stale = set(checks) - {c.id for c in ordered} if not args.ids else set()
    checks = {id: check for id, check in checks.items() if id not in stale}
    touched = {id.partition("/")[0] for id in stale}
    with terminal.working("atlas: looking for words") as work:
        for source, found in groupby(ordered, key=lambda c: c.source):
            work.step(source)
            before = dict(checks)
            for claim in found:
                if args.again or not _is_known(claim, checks.get(claim.id), copies):
                    checks[claim.id] = _keep(checks.get(claim.id), look(claim, copies, day))
            publisher = source.partition("/")[0]
            if checks != before or publisher in touched:
                _write(publisher, checks, project)
                touched.discard(publisher)
    for publisher in touched:
        _write(publisher, checks, project)
    return checks


def _is_known(claim: Claim, check: Check | None, copies: Copies) -> bool:
    """True where the same words were looked up in the same text."""
    if check is None or check.key != claim.key or check.cited is Cited.UNREAD:
        return False
    if check.newest is None:
        return not claim.own
    spot = claim.spots[0]
    copy = copies.find(spot.repository)
    return copy is None or (check.newest is not Newest.UNREAD and check.at == copy.newest(spot.commit))


def _keep(known: Check | None, found: Check) -> Check:
    """What was seen once is not unsaid by a run that lacks the copy."""
    if known and known.key == found.key and found.cited is Cited.UNREAD and known.cited is not Cited.UNREAD:
        return known
    return found


def _write(publisher: str, checks: Mapping[str, Check], project: Project) -> None:
    path = project.data / "checks" / f"{publisher}.toml"
    rows = [check for id, check in checks.items() if id.partition("/")[0] == publisher]
    if rows:
        write_whole(path, render_checks(rows))
    else:
        path.unlink(missing_ok=True)


# The report --------------------------------------------------------------------------------------


def make_report(claims: Sequence[Claim], known: Mapping[str, Check], atlas: Record) -> Record:
    """Counts of facts by tier and of evidence lines, and what is missing, changed or unread."""
    told = {id for id, fact in atlas["facts"].items() if fact["changed"]}
    rows = [known[c.id] for c in claims if c.id in known]
    moved = (Newest.CHANGED, Newest.GONE)
    facts = [c for c in claims if c.value]
    tiers = sorted({c.tier for c in facts})
    return {
        "tiers": {tier: tally([c for c in facts if c.tier == tier], known) for tier in tiers},
        "facts": tally(facts, known),
        "evidence": tally([c for c in claims if not c.value], known),
        "missing": [_row(r) for r in rows if r.cited is Cited.MISSING],
        "beside": [_row(r) for r in rows if r.cited is Cited.BESIDE],
        "changed": [_row(r) for r in rows if r.newest in moved and r.id not in told],
        "told": [_row(r) for r in rows if r.newest in moved and r.id in told],
        "unread": [_row(r) for r in rows if Cited.UNREAD in (r.cited, r.newest)],
        "unchecked": sorted(c.id for c in claims if c.id not in known),
    }


def tally(claims: Sequence[Claim], known: Mapping[str, Check]) -> dict[str, int]:
    """Claims in git, seen in the cited copy, and by what became of them in the newest text."""
    checks = [known[c.id] for c in claims if c.id in known]
    newest = Counter(str(check.newest) for check in checks if check.newest)
    return {
        "claims": len(claims),
        "seen": sum(check.seen for check in checks),
        "newest": sum(claim.own for claim in claims),
        **{str(verdict): newest[verdict] for verdict in Newest if verdict is not Newest.UNREAD},
        "unread": sum(check.cited is Cited.UNREAD or check.newest is Newest.UNREAD for check in checks),
    }


def _row(check: Check) -> Record:
    record = asdict(check)
    del record["place"]
    return {
        name: value.isoformat() if name in ("on", "of") and value else value for name, value in record.items()
    }


def print_report(terminal: Terminal, report: Record, limit: int) -> None:
    """A table by tier, then what wants a reader."""
    head = ("tier", "in git", "seen", "newest", *map(str, Newest))
    tallies = {**report["tiers"], "all facts": report["facts"], "evidence": report["evidence"]}
    rows = ((tier, *(f"{n:,}" for n in tally.values())) for tier, tally in tallies.items())
    terminal.table(head, rows, right=" ".join(head[1:]))
    for name, why in (
        ("missing", "missing from what is cited"),
        ("changed", "changed or gone since, and the fact does not say so"),
        ("beside", "not at the line that is named"),
        ("unread", "not read"),
    ):
        found = report[name]
        if found:
            terminal.heading(f"{counted(len(found), 'claim')} {why}")
        for row in found[:limit]:
            terminal.say(f"  {row['id']}: {row['why'] or row['newest'] or row['cited']}")
        if len(found) > limit:
            terminal.say(terminal.style(f"  and {len(found) - limit:,} more (--limit)", "dim"))
