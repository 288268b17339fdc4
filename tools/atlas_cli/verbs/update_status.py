"""Explains why a diagram has its status, and what would change it. A status cannot be typed.

It follows from the page and the ledgers: no version, no review of this content, a review that is too old or
older than its spec page, or none of these. A wanted STATUS behind the id is refused with what would lead to
it.

Examples:
  atlas update-status incidents/github-2018-10-21
  atlas update-status incidents/github-2018-10-21 up_to_date
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date

from atlas.records.model import Status
from atlas_cli.findings import Findings
from atlas_cli.layouts import find_project
from atlas_cli.names import check_choice, find_diagram
from atlas_cli.project import Project, Record, read_atlas
from atlas_cli.reviews import last_review
from atlas_cli.terminal import RefusalError, Terminal, counted

PLANNED = Status.NOT_CREATED.value


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", help="an id, a path or a title; also one that is only planned")
    parser.add_argument("status", nargs="?", help="the status that you would like")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 2 where a status was to be typed."""
    wanted = check_choice("status", args.status, [s.value for s in Status]) if args.status else ""
    project = find_project(args.where)
    atlas = read_atlas(project, terminal)
    entry = next((e for e in atlas["catalogue"]["entries"] if e["id"] == args.id), None)
    if entry and entry["status"] == PLANNED:
        told = _explain_planned(entry)
    else:
        told = explain(find_diagram(args.id, atlas, project), atlas, project)
    if args.json:
        terminal.give(told)
    else:
        _print(terminal, told)
    if wanted and wanted != told["status"]:
        raise RefusalError(f"a status cannot be typed: {told['id']} is {told['status']}, not {wanted}")
    return 0


def _explain_planned(entry: Record) -> Record:
    return {
        "id": entry["id"],
        "status": PLANNED,
        "because": ["the catalogue plans it, and there is no page"],
        "change": [f"write it: atlas new diagram {entry['id']}"],
    }


def explain(diagram: Record, atlas: Record, project: Project) -> Record:
    """Why a diagram has its status, and what would change it."""
    told = {"id": diagram["id"], "status": diagram["status"]}
    match diagram["status"]:
        case Status.MISSING_VERSION:
            return told | {
                "because": ["its directive has no :version:"],
                "change": [f"write :version: 1.0 in {diagram['place']['path']}"],
            }
        case Status.NEEDS_REVIEW:
            return told | {"because": [_unread(diagram, project)], "change": _ways(diagram, atlas)}
        case Status.OUTDATED:
            because = f"{_last(diagram)}, which is too long ago or before its spec page changed"
            return told | {"because": [because], "change": _ways(diagram, atlas)}
    days = (date.fromisoformat(atlas["build"]["date"]) - _read_on(diagram)).days
    return told | {
        "because": [f"{_last(diagram)}, {days} days ago, and nothing has changed since"],
        "change": [
            "a changed drawing, figure or gate makes it needs_review; time or a changed spec, outdated"
        ],
    }


def _unread(diagram: Record, project: Project) -> str:
    last = last_review(diagram, project)
    if not last:
        return "nobody has read it against its sources"
    hashes = f"{last.hash[:8]} is now {diagram['hash'][:8]}"
    return f"it has changed since {last.who} read it on {last.when:%Y-%m-%d} ({hashes})"


def _ways(diagram: Record, atlas: Record) -> list[str]:
    errors = sum(f["severity"] == "error" for f in Findings(atlas).of([diagram]))
    mend = [f"mend {counted(errors, 'open error')} first: atlas review {diagram['id']}"] if errors else []
    sources = " ".join(f"--source {id}" for id in diagram["sources"][:2])
    return [*mend, f'read it: atlas mark-reviewed {diagram["id"]} {sources} --checked "…"']


def _last(diagram: Record) -> str:
    review = diagram["review"]
    return f"{review['who']} read this content on {review['when'][:10]}"


def _read_on(diagram: Record) -> date:
    return date.fromisoformat(diagram["review"]["when"][:10])


def _print(terminal: Terminal, told: Record) -> None:
    terminal.say(f"{told['id']} is {terminal.word(told['status'])}")
    for line in told["because"]:
        terminal.say(f"  because {line}")
    for line in told["change"]:
        terminal.say(f"  to change it: {line}")
