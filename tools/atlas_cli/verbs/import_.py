"""Brings a team's plain Mermaid in: pages in Markdown and reStructuredText, and files of Mermaid alone.

Each block is judged as it is. One that can be drawn becomes an atlas-diagram with an id and a title from its
page, an alternative text in its own words, and a plane for each box, told by the words of the box; below it
stand the gates that it owes, open, and its typed figures wait as comments in sources/imported.toml.
Settings, colours and icons go. What no word tells is asked: the likeliest plane is written, and --plane
answers for all diagrams. A block that cannot come in stays as it is, with the reason. The difference is
shown first, and all files are written or none. Without FILE all pages of the source are read.

Examples:
  atlas import
  atlas import docs/architecture.md --category ops
  atlas import --plane kraken=state --plane "billing bridge=edge" --yes
  atlas import docs/order-path.mmd
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atlas.files.reports import finding_record
from atlas.records.house import House
from atlas.records.model import Finding, Plane
from atlas_cli.bringing import Bringer, Page, Taken, ids_in, slug
from atlas_cli.imported import LEDGER, add_rows, render_page, replace_blocks
from atlas_cli.layouts import find_project
from atlas_cli.mends import diff
from atlas_cli.mermaid_files import MARKDOWN, MERMAID, RST, count_unread, page_files, read_blocks
from atlas_cli.names import count
from atlas_cli.offering import asked, print_diff, read_raw, write_all
from atlas_cli.project import Project, Record
from atlas_cli.terminal import RefusalError, Terminal, counted


@dataclass(slots=True)
class Outcome:
    """What comes in, what stays, and the files before and after by path."""

    taken: list[Taken] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    unread: int = 0


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="a page, a folder of pages, or FILE.mmd")
    parser.add_argument("--category", type=_category, default="", help="of all ids (the page's folder)")
    parser.add_argument(
        "--plane",
        type=_answer,
        action="append",
        default=[],
        metavar="WORD=PLANE",
        help="the plane of boxes that say WORD: edge, service, state or control",
    )
    parser.add_argument("-n", "--limit", type=count, default=20, metavar="N", help="questions to show (20)")
    parser.add_argument("-q", "--quiet", action="store_true", help="do not show the difference")
    parser.add_argument("--yes", action="store_true", help="write without asking")


def _category(text: str) -> str:
    if slug(text) != text:
        raise ArgumentTypeError(f"{text} is no category; lower-case words parted by dashes")
    return text


def _answer(text: str) -> tuple[str, Plane]:
    word, _, plane = text.rpartition("=")
    if not word.strip() or plane not in list(Plane):
        raise ArgumentTypeError(f"{text} answers nothing; write WORD=edge, service, state or control")
    return word.strip(), Plane(plane)


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where a block stays as it is."""
    project = find_project(args.where)
    with terminal.working("atlas: reading the pages"):
        outcome = propose_all(args, project)
    if args.json:
        if args.yes:
            write_all(project.root, outcome.texts)
        terminal.give(_record(outcome, written=args.yes))
        return int(bool(outcome.left))
    if not args.quiet:
        print_diff(terminal, outcome.texts)
    _print(terminal, outcome, args.limit)
    _write(args, project, terminal, outcome)
    return int(bool(outcome.left))


def _write(args: Namespace, project: Project, terminal: Terminal, outcome: Outcome) -> None:
    if not outcome.taken:
        return
    files = counted(len(outcome.texts), "file")
    if args.yes or asked(terminal, f"Write {files}?"):
        write_all(project.root, outcome.texts)
        terminal.note(f"wrote {files}; next: atlas doctor, then a build")
    else:
        terminal.note("nothing was changed; --yes writes without asking")


# Proposing ---------------------------------------------------------------------------------------


def propose_all(args: Namespace, project: Project) -> Outcome:
    """What becomes of the blocks of all chosen files. Raises RefusalError where one cannot be read."""
    everywhere = list(_pages([project.source], project))
    chosen = list(_pages(map(Path, args.files), project)) if args.files else everywhere
    texts = {page.path: read_raw(page.path) for page in {*everywhere, *chosen}}
    known = ids_in((str(page.path), _plain(texts[page.path])) for page in everywhere)
    bringer = Bringer(dict(args.plane), args.category, known)
    outcome = Outcome()
    for page in chosen:
        _propose(page, texts[page.path], bringer, outcome, project.house, rst=not _is_markdown(everywhere))
    if outcome.taken:
        ledger = project.data / LEDGER
        before = read_raw(ledger)
        outcome.texts = {project.path(ledger): (before, add_rows(before, outcome.taken)), **outcome.texts}
    return outcome


def _propose(page: Page, text: str, bringer: Bringer, outcome: Outcome, house: House, *, rst: bool) -> None:
    plain = _plain(text)
    if page.suffix not in MERMAID:
        outcome.unread += count_unread(plain, read_blocks(plain, str(page.path)))
    made = list(bringer.bring(page, plain))
    taken = [one for one in made if isinstance(one, Taken)]
    outcome.left += [one for one in made if isinstance(one, Finding)]
    outcome.taken += taken
    if not taken:
        return
    if page.suffix in MERMAID:
        beside = page.path.with_suffix(".rst" if rst else ".md")
        for other in (page.path.with_suffix(suffix) for suffix in sorted({*MARKDOWN, *RST})):
            if other.exists():
                raise RefusalError(
                    f"{other.name} stands beside {page.shown} already", "it is not overwritten"
                )
        shown = str(Path(page.shown).with_suffix(beside.suffix))
        outcome.texts[shown] = ("", render_page(taken[0], house, rst=rst))
    else:
        outcome.texts[page.shown] = (text, replace_blocks(text, taken, house))


def _pages(places: Iterable[Path], project: Project) -> Iterator[Page]:
    """The pages of folders, and files by name. Raises RefusalError where one is outside of the source."""
    for place in places:
        path = place.resolve()
        if not path.is_relative_to(project.source):
            raise RefusalError(f"{place} is not below {project.source}", "a page stands in the source folder")
        if path.is_dir():
            yield from (_page(file, project) for file in page_files(path))
        elif path.suffix.lower() in {*MARKDOWN, *RST, *MERMAID}:
            yield _page(path, project)
        else:
            raise RefusalError(f"{place} is no page and no Mermaid", "write FILE.md, FILE.rst or FILE.mmd")


def _page(path: Path, project: Project) -> Page:
    below = path.relative_to(project.source).with_suffix("")
    return Page(path, project.path(path), below.as_posix())


def _is_markdown(pages: Sequence[Page]) -> bool:
    """True where a new page is written in Markdown: where one is, or where there is none."""
    return any(page.suffix in MARKDOWN for page in pages) or not pages


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


# Telling -----------------------------------------------------------------------------------------


def _print(terminal: Terminal, outcome: Outcome, limit: int) -> None:
    if outcome.taken:
        terminal.heading("Comes in")
        terminal.table(("block", "id", "planes"), map(_row, outcome.taken), spare=("planes",))
    if questions := list(_questions(outcome.taken)):
        terminal.heading("Asked: which plane? (service until you say; --plane WORD=PLANE)")
        for question in questions[:limit]:
            terminal.tell(question, "  ")
        if len(questions) > limit:
            terminal.say(terminal.style(f"  and {len(questions) - limit:,} more (--limit)", "dim"))
    if gone := [(one, what) for one in outcome.taken for what in one.gone]:
        terminal.heading("Goes")
        counts = Counter(what for _, what in gone)
        terminal.tell(", ".join(f"{what} ({count})" for what, count in sorted(counts.items())), "  ")
    if outcome.left:
        terminal.heading("Stays as it is")
        for finding in outcome.left:
            hint = f" ({finding.hint})" if finding.hint else ""
            terminal.tell(f"{finding.place} {finding.rule} {finding.message}{hint}", "  ")
    terminal.say()
    terminal.tell(_summary(outcome), paint="bold")


def _row(one: Taken) -> tuple[str, str, str]:
    counts = Counter(str(proposal.plane) for proposal in one.proposals)
    planes = ", ".join(f"{count} {plane}" for plane, count in counts.items()) or "as written"
    return f"{one.place}", one.id, planes


def _questions(taken: Iterable[Taken]) -> Iterator[str]:
    """The boxes whose plane nothing tells, by what they say, the most frequent first."""
    labels: dict[str, list[str]] = {}
    for one in taken:
        for proposal in one.asked:
            label = " ".join((proposal.node.label or proposal.node.id).split())
            labels.setdefault(label, []).append(f"{one.place}")
    for label, places in sorted(labels.items(), key=lambda row: -len(row[1])):
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        yield f"“{label}” {places[0]}{more}"


def _summary(outcome: Outcome) -> str:
    taken, left = outcome.taken, outcome.left
    proposals = [proposal for one in taken for proposal in one.proposals]
    questions = sum(not proposal.word for proposal in proposals)
    boxes = sum(one.boxes for one in taken)
    unread = f"; {outcome.unread} not read (samples, comments)" if outcome.unread else ""
    return (
        f"{counted(len(taken) + len(left), 'block')}: {len(taken)} come in, {len(left)} stay; "
        f"{boxes:,} {'box' if boxes == 1 else 'boxes'}: {boxes - len(proposals)} had a plane, "
        f"{len(proposals) - questions} told by their words, {questions} asked; "
        f"{counted(sum(len(one.figures) for one in taken), 'typed figure')} to be sourced{unread}"
    )


def _record(outcome: Outcome, *, written: bool) -> Record:
    return {
        "taken": [
            {
                "path": one.path,
                "line": one.place.line,
                "id": one.id,
                "title": one.title,
                "boxes": one.boxes,
                "planes": {p.node.id: str(p.plane) for p in one.proposals},
                "asked": [p.node.id for p in one.asked],
                "gone": list(one.gone),
                "figures": [word for word, _ in one.figures],
            }
            for one in outcome.taken
        ],
        "unread": outcome.unread,
        "left": [finding_record(finding) for finding in outcome.left],
        "diff": diff(outcome.texts),
        "written": list(outcome.texts) if written else [],
    }
