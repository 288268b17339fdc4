"""Phases, milestones and a forecast: when each phase is whole at the pace of the last weeks.

The forecast says what it assumes. --by DATE turns it round: how many diagrams a week that would take.

Examples:
  atlas progress
  atlas progress --by 2027-06-30
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date

from atlas_cli.layouts import find_project
from atlas_cli.overview import read_overview
from atlas_cli.pace import Forecast, Pace, assumptions, last_weeks, measure_pace, phases_ahead
from atlas_cli.project import Record, read_metrics
from atlas_cli.terminal import RefusalError, Terminal, bar, spark

QUARTERS = (25, 50, 75, 100)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--by", metavar="DATE", help="the day on which all is to be whole (2027-06-30)")


def run(args: Namespace, terminal: Terminal) -> int:
    """Always 0."""
    due = _read_day(args.by)
    project = find_project(args.where)
    metrics, overview = read_metrics(project, terminal), read_overview(project, terminal)
    today = date.fromisoformat(metrics["build"]["date"])
    pace = measure_pace(project, overview["diagrams"], today)
    progress = measure(metrics, overview["phases"], pace, today, due)
    if args.json:
        terminal.give(progress)
    else:
        print_progress(terminal, progress)
    return 0


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusalError(f"{text} is no day", "write it as 2027-06-30") from error


def measure(metrics: Record, titles: Record, pace: Pace, today: date, due: date | None) -> Record:
    """The phases with their milestones and forecasts, the whole, and what the forecast assumes."""
    phases = metrics["phases"]
    ahead = phases_ahead(phases, pace, today)
    totals = metrics["totals"]
    progress = {
        "today": today.isoformat(),
        "pace": {"by_week": dict(pace.by_week), "per_week": pace.per_week},
        "phases": [
            {
                "number": int(number),
                "title": titles.get(number, ""),
                **phases[number],
                "milestones": [*_milestones(phases[number])],
                "forecast": _forecast(ahead[number]),
            }
            for number in sorted(phases, key=int)
        ],
        "whole": {**totals, "forecast": _forecast(pace.forecast(totals["planned"], today))},
        "assumptions": assumptions(pace),
    }
    return progress | ({"due": _due(totals["planned"], today, due)} if due else {})


def _milestones(covered: Record) -> Iterator[Record]:
    for share in QUARTERS:
        needed = -(-covered["target"] * share // 100)
        yield {"share": share, "needed": needed, "lacks": max(needed - covered["created"], 0)}


def _forecast(forecast: Forecast) -> Record:
    day = forecast.day.isoformat() if forecast.day else None
    return {"lacks": forecast.lacks, "weeks": forecast.weeks, "day": day}


def _due(lacks: int, today: date, due: date) -> Record:
    weeks = (due - today).days / 7
    if weeks <= 0:
        raise RefusalError(f"{due} is not ahead", "name a day to come")
    return {"day": due.isoformat(), "lacks": lacks, "per_week": round(lacks / weeks, 1)}


# On a terminal -----------------------------------------------------------------------------------


def print_progress(terminal: Terminal, progress: Record) -> None:
    whole, pace = progress["whole"], progress["pace"]
    terminal.say(
        terminal.style(f"{whole['created']:,} of {whole['target']:,} diagrams on {progress['today']}", "bold")
    )
    terminal.say(f"{spark(last_weeks(pace['by_week']))} {pace['per_week']:g} a week")
    terminal.heading("Phases")
    head = ("phase", "target", "created", "lacks", "", "whole in", "on", "milestones")
    rows = [_phase(terminal, phase) for phase in progress["phases"]]
    terminal.table(head, rows, right="target created lacks", spare=("", "target"))
    terminal.heading("Forecast")
    terminal.say(f"all: {_when(whole['forecast'])}")
    if "due" in progress:
        due = progress["due"]
        terminal.say(f"by {due['day']}: {due['lacks']:,} to go, {due['per_week']:,} a week")
    for line in progress["assumptions"]:
        terminal.tell(line, terminal.style("assumed: ", "dim"))


def _phase(terminal: Terminal, phase: Record) -> tuple[str, ...]:
    marks = [
        terminal.word("reached", f"{m['share']} % ✓") if not m["lacks"] else f"{m['share']} % −{m['lacks']}"
        for m in phase["milestones"]
    ]
    counts = (f"{phase[key]:,}" for key in ("target", "created", "planned"))
    forecast = phase["forecast"]
    weeks = "–" if forecast["weeks"] is None else f"{forecast['weeks']:,} weeks"
    name = f"{phase['number']}. {phase['title']}"
    shown = bar(phase["created"], phase["target"])
    return (name, *counts, shown, weeks, forecast["day"] or "–", "  ".join(marks))


def _when(forecast: Record) -> str:
    if not forecast["lacks"]:
        return "whole"
    if forecast["weeks"] is None:
        return f"{forecast['lacks']:,} to go, and none was added lately"
    return f"{forecast['lacks']:,} to go, {forecast['weeks']:,} weeks, {forecast['day']}"
