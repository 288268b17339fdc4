"""Records that someone has read diagrams against their sources, as they stand now.

A review is of one content: a changed drawing, figure or gate needs a new one. It names what was checked and
which sources were opened; without that it is refused, and so is a page with open errors, those of the figures
and sources that it shows included. --confirmed, --corrected and --removed count figures, and go with a single
diagram.

Examples:
  atlas mark-reviewed incidents/github-2018-10-21 --source github/oct21 --checked "every figure" --confirmed 9
  atlas mark-reviewed source/systems/slack/*.md --source slack/job-queue --checked "figures and both dates"
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches

from atlas.records.model import Place
from atlas.records.plan import Review
from atlas_cli.findings import Findings
from atlas_cli.layouts import find_project
from atlas_cli.names import find_diagrams
from atlas_cli.project import Project, Record, read_atlas, writing
from atlas_cli.repository import user_name, writers_of
from atlas_cli.reviews import last_review, ledger_of
from atlas_cli.terminal import RefusalError, Terminal, counted

_WORDS = 2
"""What was checked takes more than one word to say."""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help="ids, paths or titles")
    parser.add_argument("--checked", metavar="TEXT", help="what was compared with what")
    parser.add_argument(
        "--source", action="append", default=[], metavar="ID", help="a source that was opened"
    )
    parser.add_argument("--who", help="who read (git's user.name)")
    for name in ("confirmed", "corrected", "removed"):
        parser.add_argument(f"--{name}", type=int, metavar="N", help=f"figures {name}")


def run(args: Namespace, terminal: Terminal) -> int:
    """0; nothing is written where one of the diagrams is refused."""
    project = find_project(args.where)
    atlas = read_atlas(project, terminal, besides=project.reviews)
    diagrams = find_diagrams(args.ids, atlas, project)
    check_evidence(args, diagrams)
    findings = Findings(atlas)
    for diagram in diagrams:
        check_page(diagram, findings)
        check_reader(_reader(args, project), diagram, project)
    reviews = [make_review(args, diagram, project) for diagram in diagrams]
    from atlas.records.ledgers import append_review

    for diagram, review in zip(diagrams, reviews, strict=True):
        path = ledger_of(diagram, project)
        with writing(path):
            append_review(path, review)
        if not args.json:
            terminal.say(f"{review.id} {review.version}: read by {review.who}, {project.path(path)}")
    if args.json:
        terminal.give([_record(review) for review in reviews])
    return 0


def check_evidence(args: Namespace, diagrams: Sequence[Record]) -> None:
    """Something was checked, against sources that each diagram cites. Raises RefusalError."""
    if len((args.checked or "").split()) < _WORDS:
        raise RefusalError(
            "a review says what was checked", '--checked "every figure against the text of the post"'
        )
    if not args.source:
        offered = ", ".join(diagrams[0]["sources"][:4])
        raise RefusalError("a review names the sources that were opened", f"--source ID, of {offered}")
    cited = {id for d in diagrams for id in d["sources"]}
    for id in args.source:
        if id not in cited:
            near = get_close_matches(id, cited, n=2, cutoff=0.4) or sorted(cited)[:4]
            raise RefusalError(f"no diagram here cites the source {id}", f"did you mean {' or '.join(near)}?")
    for diagram in diagrams:
        if not set(args.source) & set(diagram["sources"]):
            raise RefusalError(
                f"{diagram['id']} cites none of the sources that were opened",
                f"add --source, of {', '.join(diagram['sources'][:4])}",
            )
    _check_counts(args, diagrams)


def _check_counts(args: Namespace, diagrams: Sequence[Record]) -> None:
    counts = [args.confirmed, args.corrected, args.removed]
    given = [count for count in counts if count is not None]
    if any(count < 0 for count in given):
        raise RefusalError("a count of figures is not below zero")
    if given and len(diagrams) > 1:
        raise RefusalError("counts are of one diagram", "review diagrams with counts one by one")
    kept = (args.confirmed or 0) + (args.corrected or 0)
    opened = [f for f in diagrams[0]["facts"] if f.partition(":")[0] in args.source]
    if given and kept > len(opened):
        shown = counted(len(opened), "figure")
        raise RefusalError(
            f"{diagrams[0]['id']} shows {shown} of the sources that were opened, not {kept}",
            "count those of this page that stand in them",
        )


def check_page(diagram: Record, findings: Findings) -> None:
    """The page has a version, and neither it nor a figure of it an open error. Raises RefusalError."""
    errors = [f for f in findings.of([diagram]) if f["severity"] == "error"]
    if errors:
        first = errors[0]
        raise RefusalError(
            f"{diagram['id']} has {counted(len(errors), 'open error')}",
            f"{first['path']}:{first['line']}: {first['rule']} {first['message']}",
        )
    if not diagram["version"]:
        raise RefusalError(f"{diagram['id']} has no version", "write :version: 1.0 below its directive")


def check_reader(who: str, diagram: Record, project: Project) -> None:
    """The reader did not write the page, and has not said the same of it already. Raises RefusalError."""
    if who in writers_of(diagram["place"]["path"], project):
        raise RefusalError(f"{who} wrote {diagram['id']}", "a review is by a second reader: --who")
    last = last_review(diagram, project)
    today = datetime.now(UTC).date()
    if last and (last.hash, last.who, last.when.date()) == (diagram["hash"], who, today):
        raise RefusalError(f"{who} has read {diagram['id']} as it stands today", "it is recorded")


def make_review(args: Namespace, diagram: Record, project: Project) -> Review:
    from atlas.records.ledgers import read_specs

    specs = read_specs(project.source / "spec", [diagram["category"]])
    return Review(
        id=diagram["id"],
        hash=diagram["hash"],
        version=diagram["version"],
        when=datetime.now(UTC).replace(microsecond=0),
        who=_reader(args, project),
        checked=" ".join(args.checked.split()),
        sources=tuple(dict.fromkeys(id for id in args.source if id in diagram["sources"])),
        place=Place(""),
        spec=specs.get(diagram["category"], ""),
        confirmed=args.confirmed or 0,
        corrected=args.corrected or 0,
        removed=args.removed or 0,
    )


def _reader(args: Namespace, project: Project) -> str:
    """Who read. Raises RefusalError where nobody is named."""
    who = " ".join((args.who or user_name(project)).split())
    if not who:
        raise RefusalError("a review says who read", '--who "R. Reviewer", or set git\'s user.name')
    return who


def _record(review: Review) -> Record:
    return {
        "id": review.id,
        "hash": review.hash,
        "version": review.version,
        "when": review.when.isoformat(),
        "who": review.who,
        "checked": review.checked,
        "sources": list(review.sources),
    }
