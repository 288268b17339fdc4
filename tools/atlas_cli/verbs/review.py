"""What to read or mend next: the review queue by harm, and whether diagrams comply.

What does most harm stands first: commands that destroy and were not tried, words that the newest text has no
more, superseded figures, then what changed or aged.

A diagram complies where nothing is found on its page or in the ledgers of what it shows, every check of its
gates is settled, and someone has read it as it stands. Without a choice the whole queue is shown; ids,
--category, --system and --changed choose. --fix shows the difference first and asks; --yes does not ask, and
with --json nothing is written without it. --carry appends a record for each page that stands as it was read,
where only what is hashed has changed.

Examples:
  atlas review --priority high
  atlas review --category incidents --report compliance.md
  atlas review --changed origin/main --fix-suggestions
  atlas review debugging/redis-misconf --fix
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path

from atlas_cli.carrying import carry
from atlas_cli.findings import Findings
from atlas_cli.layouts import find_project
from atlas_cli.mends import Mend, diff, find_mends, mended
from atlas_cli.names import check_choice, count, find_diagrams
from atlas_cli.offering import asked, print_diff, write_all
from atlas_cli.project import Project, Record, named_file, read_atlas, write_whole
from atlas_cli.repository import changed_files, read_commit, touched_diagrams
from atlas_cli.reviews import last_review
from atlas_cli.terminal import Terminal, counted

from .impact import read_past

PRIORITIES = ("high", "medium", "low")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids, paths or titles")
    parser.add_argument("--category", help="only diagrams of a category")
    parser.add_argument("--system", help="only diagrams of a system")
    parser.add_argument("--changed", metavar="REV", help="only diagrams that differ from a revision")
    parser.add_argument("--priority", choices=PRIORITIES, help="only this part of the queue")
    parser.add_argument("-n", "--limit", type=count, default=20, metavar="N", help="rows of the queue (20)")
    parser.add_argument("--report", metavar="FILE", help="write FILE.md or FILE.json")
    parser.add_argument("--fix-suggestions", action="store_true", help="tell for each finding how to mend it")
    parser.add_argument("--fix", action="store_true", help="mend what is mechanical, the difference first")
    parser.add_argument("--carry", action="store_true", help="carry reviews over a new scheme of hashes")
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where something chosen has findings."""
    project = find_project(args.where)
    atlas = read_atlas(project, terminal)
    chosen = choose(args, atlas, project)
    if args.carry:
        return _carry(terminal, project, chosen, told=not args.json)
    narrowed = len(chosen) < len(atlas["diagrams"]) or bool(args.changed)
    known = Findings(atlas)
    findings = known.of(chosen) if narrowed else atlas["findings"]
    report = make_report(chosen, findings, known)
    if args.report:
        _write_report(named_file(args.report), report, terminal)
    if args.json:
        terminal.give(report | (_fix_untold(findings, project, sure=args.yes) if args.fix else {}))
        return 1 if findings else 0
    if not args.report:
        print_report(terminal, report, args.limit, project if args.ids else None)
        _print_findings(terminal, findings, project, suggest=args.fix_suggestions)
    if args.fix:
        _fix(terminal, find_mends(findings, project), project, sure=args.yes)
    return 1 if findings else 0


def _carry(terminal: Terminal, project: Project, chosen: Iterable[Record], *, told: bool) -> int:
    """0; what cannot be proved the same waits for a reader."""
    unread = [d for d in chosen if d["status"] == "needs_review"]
    records = carry(
        project,
        unread,
        lambda diagram: last_review(diagram, project),
        lambda commit: dict(read_past(project, commit, terminal)["atlas"]),
    )
    if told:
        for record in records:
            terminal.say(f"{record.id}: carried from {record.carried[:12]}")
        terminal.say(f"{counted(len(records), 'review')} carried, {len(unread) - len(records)} to be read")
    else:
        terminal.give([{"id": r.id, "hash": r.hash, "carried": r.carried} for r in records])
    return 0


def choose(args: Namespace, atlas: Record, project: Project) -> list[Record]:
    """The diagrams that ids and options choose; all where they choose none. Raises RefusalError."""
    chosen = find_diagrams(args.ids, atlas, project) if args.ids else atlas["diagrams"]
    plan = atlas["catalogue"]
    if args.category:
        known = [*(c["id"] for c in plan["categories"]), *(d["category"] for d in atlas["diagrams"])]
        category = check_choice("category", args.category, set(known))
        chosen = [d for d in chosen if d["category"] == category]
    if args.system:
        system = check_choice("system", args.system, {s["id"] for s in plan["systems"]})
        chosen = [d for d in chosen if d["system"] == system]
    if args.changed:
        changed = changed_files(project, read_commit(project, args.changed))
        chosen = touched_diagrams(chosen, atlas, changed)
    if args.priority:
        chosen = [d for d in chosen if d["priority"] == args.priority]
    return list(chosen)


# The report --------------------------------------------------------------------------------------


def make_report(diagrams: Sequence[Record], findings: Sequence[Record], known: Findings) -> Record:
    """Counts, the queue in the order of its priorities, and every finding."""
    rows = [_row(d, len(known.of([d]))) for d in diagrams]
    order = {p: n for n, p in enumerate(PRIORITIES)}
    waiting = (r for r in rows if r["priority"])
    queue = sorted(waiting, key=lambda r: (order[r["priority"]], r["harm"], r["id"]))
    return {
        "diagrams": len(rows),
        "compliant": sum(row["compliant"] for row in rows),
        "errors": sum(f["severity"] == "error" for f in findings),
        "warnings": sum(f["severity"] == "warning" for f in findings),
        "queue": queue,
        "rows": rows,
        "findings": list(findings),
    }


def _row(diagram: Record, findings: int) -> Record:
    settled = all(gate["verdict"] == "passed" for gate in diagram["gates"])
    review = diagram["review"]
    return {
        "id": diagram["id"],
        "category": diagram["category"],
        "path": diagram["place"]["path"],
        "status": diagram["status"],
        "priority": diagram["priority"],
        "why": diagram["why"],
        "harm": diagram["harm"],
        "findings": findings,
        "gates": {gate["gate"]: gate["verdict"] for gate in diagram["gates"]},
        "reviewed": f"{review['when'][:10]} {review['who']}" if review else "",
        "compliant": settled and not findings and diagram["status"] == "up_to_date",
    }


def _summary(report: Record) -> str:
    return f"{report['compliant']:,} of {counted(report['diagrams'], 'diagram')} comply"


def print_report(terminal: Terminal, report: Record, limit: int, detailed: Project | None) -> None:
    """The queue; before it, for a project, every row with who has read it."""
    terminal.say(terminal.style(_summary(report), "bold"))
    if detailed:
        _print_rows(terminal, report["rows"], detailed)
    queue = report["queue"]
    for priority in PRIORITIES:
        waiting = [row for row in queue if row["priority"] == priority]
        if waiting:
            terminal.heading(
                f"{terminal.word(priority, priority.upper())}: {counted(len(waiting), 'diagram')}"
            )
            terminal.table(("diagram", "why"), ((row["id"], row["why"]) for row in waiting[:limit]))
            if len(waiting) > limit:
                terminal.say(terminal.style(f"and {len(waiting) - limit:,} more (--limit)", "dim"))
    if not queue:
        terminal.say("Nothing waits for a review.")


def _print_rows(terminal: Terminal, rows: Iterable[Record], project: Project) -> None:
    head = ("diagram", "status", "gates", "findings", "read")
    table = (
        (
            row["id"],
            terminal.word(row["status"], row["status"].replace("_", " ")),
            ", ".join(f"{gate} {terminal.word(verdict)}" for gate, verdict in row["gates"].items()),
            f"{row['findings']:,}",
            row["reviewed"] or _read_before(row, project),
        )
        for row in rows
    )
    terminal.table(head, table, right="findings")


def _read_before(row: Record, project: Project) -> str:
    """Who read a diagram as it stood once."""
    last = last_review(row, project)
    return f"{last.when:%Y-%m-%d} {last.who}, changed since" if last else "never"


def _print_findings(
    terminal: Terminal, findings: Sequence[Record], project: Project, *, suggest: bool
) -> None:
    from atlas.rules.table import RULES

    if findings:
        terminal.heading(counted(len(findings), "finding"))
    for finding in findings:
        print_finding(terminal, finding)
        if suggest:
            rule = RULES[finding["rule"]]
            terminal.say(f"    why: {rule.why}\n    mend: {rule.mend}")
            for mend in find_mends([finding], project):
                print_diff(terminal, mended([mend], project), indent="    ")


def print_finding(terminal: Terminal, finding: Record) -> None:
    """`path:line: severity RULE message (hint)`"""
    place = f"{finding['path']}:{finding['line']}" if finding["line"] else finding["path"]
    severity = terminal.word(finding["severity"])
    hint = terminal.style(f" ({finding['hint']})", "dim") if finding["hint"] else ""
    terminal.say(f"{place}: {severity} {finding['rule']} {finding['message']}{hint}")


def _write_report(path: Path, report: Record, terminal: Terminal) -> None:
    data = path.suffix == ".json"
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n" if data else render_report(report)
    path = path if path.suffix in (".md", ".json") else path.with_name(f"{path.name}.md")
    write_whole(path, text)
    terminal.note(f"wrote {path}")


def render_report(report: Record) -> str:
    """Compliance in Markdown."""
    lines = [
        "# Compliance",
        "",
        f"{_summary(report)}; {report['errors']:,} errors, {report['warnings']:,} warnings.",
        "",
        "| diagram | status | gates | findings | read | priority | why |",
        "|---|---|---|---:|---|---|---|",
    ]
    for row in report["rows"]:
        gates = ", ".join(f"{gate} {verdict}" for gate, verdict in row["gates"].items())
        cells = (
            row["id"],
            row["status"],
            gates,
            row["findings"],
            row["reviewed"],
            row["priority"] or "",
            row["why"],
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "## Findings", ""]
    lines += [
        f"- `{f['path']}:{f['line']}` {f['severity']} {f['rule']}: {f['message']}" for f in report["findings"]
    ]
    return "\n".join(lines + ([] if report["findings"] else ["None."])) + "\n"


# Mending -----------------------------------------------------------------------------------------


def _fix(terminal: Terminal, mends: Sequence[Mend], project: Project, *, sure: bool) -> None:
    if not mends:
        terminal.note("nothing here can be mended mechanically")
        return
    texts = mended(mends, project)
    print_diff(terminal, texts)
    if not sure and not asked(terminal, f"Write {counted(len(texts), 'file')}?"):
        terminal.note("nothing was changed; --yes writes without asking")
        return
    write_all(project.root, texts)
    terminal.note(f"mended {counted(len(mends), 'line')} in {counted(len(texts), 'file')}")


def _fix_untold(findings: Sequence[Record], project: Project, *, sure: bool) -> Record:
    """The difference as data, and the files that were written, which are none without --yes."""
    texts = mended(find_mends(findings, project), project)
    if sure:
        write_all(project.root, texts)
    return {"fix": {"diff": diff(texts), "written": sorted(texts) if sure else []}}
