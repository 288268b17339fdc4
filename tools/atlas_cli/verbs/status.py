"""Where the atlas stands: created against planned by category, system and phase, statuses, gates, pace.

--export NAME writes the week's report as NAME.md and NAME.json. --record appends today's counts to
source/_data/snapshots.toml, from which the site draws its trends.

Examples:
  atlas status
  atlas status --by systems
  atlas status --export weekly_report
  atlas status --record
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from atlas_cli.layouts import find_project
from atlas_cli.overview import read_overview
from atlas_cli.pace import WINDOW, Pace, current_phase, last_weeks, measure_pace
from atlas_cli.project import (
    Project,
    Record,
    append,
    hold,
    named_file,
    read_metrics,
    write_whole,
)
from atlas_cli.terminal import RefusalError, Terminal, bar, counted, spark

_ONE = {"categories": "category", "systems": "system", "phases": "phase"}
_PARTS = tuple(_ONE)
_HEAD = ("target", "created", "sourced", "empty", "reviewed", "planned", "created of target")
_SPARE = ("created of target", "planned", "empty", "sourced", "reviewed")
_RIGHT = "target created sourced empty reviewed planned passed open failed settled"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--by", choices=_PARTS, action="append", metavar="PART", help=f"only {', '.join(_PARTS)}"
    )
    parser.add_argument("--export", metavar="NAME", help="write NAME.md and NAME.json")
    parser.add_argument("--record", action="store_true", help="append a snapshot of today to the ledgers")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where there are findings."""
    project = find_project(args.where)
    status = read_status(project, terminal)
    if args.export:
        _export(args.export, status, terminal)
    if args.record:
        _record(project, status, terminal)
    if args.json:
        terminal.give(status)
    elif not args.export and not args.record:
        print_status(terminal, status, args.by or _PARTS)
    return 1 if status["totals"]["findings"] else 0


def read_status(project: Project, terminal: Terminal) -> Record:
    """The counts of the dashboard with the titles of the plan, the week's diagrams and the pace."""
    metrics = read_metrics(project, terminal)
    overview = read_overview(project, terminal)
    today = date.fromisoformat(metrics["build"]["date"])
    pace = measure_pace(project, overview["diagrams"], today)
    return metrics | {
        "titles": {part: overview[part] for part in _PARTS},
        "pace": _pace(pace, metrics["phases"], today),
        "queue": _queue(overview["diagrams"]),
    }


def _pace(pace: Pace, phases: Mapping[str, Record], today: date) -> Record:
    phase = current_phase(phases)
    ahead = pace.forecast(phases[phase]["planned"], today) if phase else pace.forecast(0, today)
    return {
        "by_week": dict(pace.by_week),
        "per_week": pace.per_week,
        "phase": phase,
        "lacks": ahead.lacks,
        "weeks": ahead.weeks,
        "day": ahead.day.isoformat() if ahead.day else None,
    }


def _queue(diagrams: Iterable[Record]) -> Record:
    queue: dict[str, int] = {"high": 0, "medium": 0, "low": 0}
    for diagram in diagrams:
        if diagram["priority"]:
            queue[diagram["priority"]] += 1
    return queue


# On a terminal -----------------------------------------------------------------------------------


def print_status(terminal: Terminal, status: Record, parts: Iterable[str]) -> None:
    terminal.tell(_headline(status), paint="bold")
    for part in parts:
        rows = list(_rows(status, part))
        if rows:
            terminal.heading(f"By {_ONE[part]}")
            terminal.table((_ONE[part], *_HEAD), rows, right=_RIGHT, spare=_SPARE)
    terminal.heading("Standing")
    for name, told in _standing(status, terminal):
        terminal.tell(told, f"{name:<10} ")


def _headline(status: Record) -> str:
    totals = status["totals"]
    return (
        f"{totals['created']:,} of {totals['target']:,} diagrams created, {totals['sourced']:,} sourced, "
        f"{totals['reviewed']:,} up to date, on {status['build']['date']}"
    )


def _rows(status: Record, part: str) -> Iterator[tuple[str, ...]]:
    titles = status["titles"][part]
    for id, c in status[part].items():
        if part != "systems" or c["created"]:  # the thirty others say nothing yet
            name = f"{id}. {titles[id]}" if part == "phases" else titles.get(id, id)
            counts = (
                c[key] for key in ("target", "created", "sourced", "honest_empty", "reviewed", "planned")
            )
            share = f"{bar(c['created'], c['target'])} {_percent(c['created'], c['target'])}"
            yield (name, *(f"{count:,}" for count in counts), share)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else "–"


def _standing(status: Record, terminal: Terminal) -> Iterator[tuple[str, str]]:
    statuses = status["statuses"].items()
    yield "statuses", " · ".join(f"{terminal.word(s, s.replace('_', ' '))} {n:,}" for s, n in statuses)
    yield "gates", " · ".join(_gate(id, tally, terminal) for id, tally in status["gates"].items())
    rules = ", ".join(f"{rule} {count}" for rule, count in status["findings"].items())
    yield "findings", f"{status['totals']['findings']:,} open{': ' if rules else ''}{rules}"
    if status["debt"]["total"]:
        yield "debt", _tell_debt(status["debt"])
    yield "queue", " · ".join(f"{terminal.word(p, p.upper())} {n:,}" for p, n in status["queue"].items())
    yield "pace", _tell_pace(status)


def _tell_debt(debt: Record) -> str:
    waiting = ", ".join(f"{count:,} for {level}" for level, count in debt["waiting"].items())
    owe = f"on {counted(debt['diagrams'], 'diagram')}" if debt["diagrams"] else "on pages"
    return f"{debt['total']:,} wait {owe} at strictness {debt['strictness']}: {waiting}"


def _gate(id: str, tally: Record, terminal: Terminal) -> str:
    told = [terminal.word(v, f"{n:,} {v}") for v, n in tally["verdicts"].items() if n]
    return f"{id} {', '.join(told) or 'none'}"


def _tell_pace(status: Record) -> str:
    pace = status["pace"]
    weeks = last_weeks(pace["by_week"])
    told = f"{spark(weeks)} {pace['per_week']:g} diagrams a week over the last {WINDOW}"
    if not pace["phase"]:
        return f"{told}; every phase is whole"
    title = status["titles"]["phases"][pace["phase"]]
    lacks = f"phase {pace['phase']} ({title}) lacks {pace['lacks']:,}"
    if pace["weeks"] is None:
        return f"{told}; {lacks}"
    return f"{told}; {lacks}: {counted(pace['weeks'], 'week')}, {pace['day']}"


# Files -------------------------------------------------------------------------------------------


def _export(name: str, status: Record, terminal: Terminal) -> None:
    import json

    base = named_file(name)
    base = base.with_suffix("") if base.suffix in (".md", ".json") else base
    write_whole(base.with_name(f"{base.name}.json"), json.dumps(status, ensure_ascii=False, indent=1) + "\n")
    write_whole(base.with_name(f"{base.name}.md"), render_report(status))
    terminal.note(f"wrote {base}.md and {base}.json")


def render_report(status: Record) -> str:
    """The week's report in Markdown."""
    lines = [f"# Atlas, week {_last_week(status)}", "", f"{_headline(status)}.", ""]
    for part in _PARTS:
        lines += [f"## By {_ONE[part]}", "", *_markdown((_ONE[part], *_HEAD[:-1]), _rows(status, part)), ""]
    reviews = status["reviews"]
    week = reviews["by_week"].get(_last_week(status), 0)
    created = status["pace"]["by_week"].get(_last_week(status), 0)
    lines += [
        "## This week",
        "",
        f"- created: {created:,}",
        f"- reviews: {week:,}",
        f"- pace: {_tell_pace(status)}",
    ]
    lines += [f"- debt: {_tell_debt(status['debt'])}"] if status["debt"]["total"] else []
    lines += [f"- waiting for a review: {', '.join(f'{n:,} {p}' for p, n in status['queue'].items())}", ""]
    lines += ["## Open findings", ""]
    lines += [f"- {rule}: {count:,}" for rule, count in status["findings"].items()] or ["None."]
    return "\n".join(lines) + "\n"


def _record(project: Project, status: Record, terminal: Terminal) -> None:
    """Append the counts of a day that has none yet. Raises RefusalError."""
    from atlas.records.plan import Snapshot
    from atlas.records.snapshots import render_snapshot

    day, totals = status["build"]["date"], status["totals"]
    path = project.data / "snapshots.toml"
    counts = {key: totals[key] for key in ("created", "sourced", "reviewed", "facts", "sources", "findings")}
    with hold(project.build, terminal):
        if path.is_file() and f"day = {day}" in path.read_text(encoding="utf-8"):
            raise RefusalError(f"{project.path(path)} has a snapshot of {day}", "one a day is enough")
        append(path, render_snapshot(Snapshot(date.fromisoformat(day), **counts)))
    terminal.note(f"recorded {day} in {project.path(path)}")


def _last_week(status: Record) -> str:
    return str(list(status["pace"]["by_week"])[-1])


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    yield from (f"| {' | '.join(row[: len(head)])} |" for row in rows)
