"""Commands as authors declare them: each is one, says what it does, and what to expect of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from atlas.records.model import Finding, Role
from atlas.records.notes import CommandNote, DiagramNote, PageNote
from atlas.records.recall import Recall, all_of

from . import effects, shell
from .effects import Effect

NOTHING: Final = "nothing"
"""What `:expect:` says of a command that prints nothing where it works."""
OPTIONS: Final = ("effect", "on", "expect", "run-first", "loses", "look")
MOST_FIRST: Final = 3
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VERSIONS = r"\s*(?:>=|<=|<|>|=)\s*\d[\w.]*(?:\s*-\s*\d[\w.]*)?"
_ON: Final = re.compile(rf"[A-Za-z][\w.+/ -]*?(?:{_VERSIONS})*(?:\s*\([^()]+\))?")
_PROMPT: Final = re.compile(
    r"\s*(?:[$#%>❯]|>>>|[\w.-]+@[\w.:~/-]+[$#]|[\w.:-]+(?:\s?\[[^\]]*\]|\s?\([^)]*\))?>|[\w-]+=[#>*]+|\[[^\]]*\][$#])(?:\s|$)"
)
_SHELL_PROMPT: Final = re.compile(
    r"^[ \t]*+(?:\$|[\w.-]++@[\w.:~/-]+[$#]|\w+=[#>]|(?:mysql|redis|cqlsh|etcd|mongo)\S*>) \S", re.M
)
_OF_COMMANDS: Final = frozenset(
    """bash bat batch console cql doscon fish ksh mysql plpgsql posh postgres-console postgres-explain
    postgresql powershell psql pwsh sh shell shell-session sql sqlite3 zsh""".split()
)
"""Languages of plain blocks that hold what someone would run."""


def check_commands(
    notes: Iterable[CommandNote],
    pages: Mapping[str, PageNote],
    diagrams: Mapping[str, DiagramNote],
    recall: Recall | None = None,
) -> Iterator[Finding]:
    """Every rule of commands but COMMAND014, page by page."""
    recall = recall or Recall()
    by_page: dict[str, list[CommandNote]] = {}
    for note in notes:
        by_page.setdefault(note.docname, []).append(note)
    for docname, found in by_page.items():
        explained = pages[docname].explained if docname in pages else ()
        yield from _check_page(found)
        for note in found:
            yield from recall("command", note, all_of(check_command, note))
            yield from _check_surroundings(note, {n.id: n for n in reversed(found)}, explained, diagrams)


def check_command(note: CommandNote) -> Iterator[Finding]:
    """What one command says of itself: COMMAND001 to 008, 011, 012, 016."""
    yield from _check_options(note)
    yield from _check_text(note)
    yield from _check_effect(note)
    yield from _check_pattern(note)


def owed_first(role: Role, notes: Iterable[CommandNote], diagram: DiagramNote) -> Iterator[Finding]:
    """COMMAND014: a debugging guide without a command to run first."""
    if role is Role.GUIDE and not any(note.run_first for note in notes):
        message = f"diagram {diagram.id} marks no command to run first"
        hint = f"write :run-first: into one to {MOST_FIRST} commands that read and decide"
        yield Finding("COMMAND014", message, diagram.place, hint, diagram.id)


def check_code(pages: Iterable[PageNote], diagrams: Iterable[DiagramNote]) -> Iterator[Finding]:
    """COMMAND006: commands in plain blocks of pages that have a diagram."""
    drawn = {note.docname: note.id for note in diagrams}
    hint = "give each command an {atlas-command} block; log lines, output and settings go in ```text"
    for page in pages:
        for block in page.code if page.docname in drawn else ():
            if block.language.lower() in _OF_COMMANDS:
                what = f"plain {block.language} block holds commands"
                yield Finding("COMMAND006", what, block.place, hint, drawn[page.docname])
            elif found := _SHELL_PROMPT.search(block.text):
                what = f"typed prompt in a plain block: {_short(block.text[found.start() :].strip())}"
                yield Finding("COMMAND006", what, block.place, hint, drawn[page.docname])


# What a command says of itself -------------------------------------------------------------------


def _check_options(note: CommandNote) -> Iterator[Finding]:
    if not _ID.fullmatch(note.id):
        hint = "write an id of the page's own behind the directive: lower-case words and dashes"
        yield _finding(
            "COMMAND001", note, f"bad command id {note.id!r}" if note.id else "command has no id", hint
        )
    for option in note.options:
        hint = _near(option.split(":")[0], OPTIONS) or "the options are " + ", ".join(OPTIONS)
        yield _finding("COMMAND002", note, f"{_named(note)}: {option}", hint)
    if note.effect not in [*Effect]:
        said = f"has the unknown effect {note.effect!r}" if note.effect else "has no :effect:"
        hint = _near(note.effect, [*Effect]) or "say what it does to the system: " + ", ".join(Effect)
        yield _finding("COMMAND003", note, f"{_named(note)} {said}", hint)
    hint = "name the tool and its versions, parted by commas: `redis >= 7.0`, `linux`"
    if not note.on:
        yield _finding("COMMAND004", note, f"{_named(note)} does not say what it runs :on:", hint)
    for tool in note.on:
        if not _ON.fullmatch(tool):
            yield _finding("COMMAND004", note, f"{_named(note)} runs on {tool!r}, which names no tool", hint)


def _check_text(note: CommandNote) -> Iterator[Finding]:
    if not note.text.strip():
        yield _finding("COMMAND005", note, f"{_named(note)} holds no command", "write it below the options")
        return
    if _PROMPT.match(note.text):
        hint = (
            "write the command alone; a comment goes into the paragraph, SQL behind `psql -X -c` or the like"
        )
        yield _finding(
            "COMMAND006", note, f"{_named(note)} begins with a typed prompt: {_short(note.text)}", hint
        )
        return
    script = shell.read(note.text)
    if script.broken:
        hint = "close its quotes and brackets, and quote what the shell would take for its own"
        yield _finding("COMMAND005", note, f"{_named(note)} is no shell command: {_short(note.text)}", hint)
    elif script.statements != 1:
        message = f"{_named(note)} holds {script.statements} commands"
        yield _finding(
            "COMMAND005", note, message, "give each a block of its own, so that each can be judged and tried"
        )


def _check_effect(note: CommandNote) -> Iterator[Finding]:
    worst, why = effects.worst(effects.effects_of(note.text))
    if note.effect == Effect.READS and worst is not Effect.READS:
        message = f"{_named(note)} says that it reads, but {why}"
        yield _finding("COMMAND007", note, message, f"say `:effect: {worst}`, or run what only reads")
    if note.effect == Effect.CHANGES and worst is Effect.DESTROYS:
        message = f"{_named(note)} says that it changes something, but {why}, which destroys"
        yield _finding("COMMAND007", note, message, "say `:effect: destroys`, with :loses: and :look:")
    owed = [name for name in ("loses", "look") if not getattr(note, name)]
    if note.effect == Effect.DESTROYS and owed:
        message = f"{_named(note)} destroys, and has no " + " and no ".join(f":{name}:" for name in owed)
        hint = ":loses: says in words what is gone, :look: names the command that shows it before"
        yield _finding("COMMAND008", note, message, hint)


def _check_pattern(note: CommandNote) -> Iterator[Finding]:
    if not note.expect:
        return
    if note.expect == NOTHING:
        if note.prints.strip():
            hint = "give the pattern of its output, or take the sample away"
            yield _finding("COMMAND012", note, f"{_named(note)} expects nothing, and a sample follows", hint)
        return
    try:
        pattern = re.compile(note.expect)
    except re.error as error:
        message = f"{_named(note)}: :expect: {note.expect} is no pattern: {error}"
        yield _finding("COMMAND011", note, message, "write a regular expression of Python's `re`")
        return
    if pattern.search(""):
        message = f"{_named(note)}: :expect: {note.expect} matches an empty answer"
        yield _finding("COMMAND011", note, message, "make it say what must be printed, or write `nothing`")
    elif note.prints and not pattern.search(note.prints):
        message = f"{_named(note)}: :expect: {note.expect} does not match the sample below --- prints ---"
        yield _finding(
            "COMMAND012", note, message, "mend the pattern or the sample; (?m) lets ^ match at each line"
        )


# What stands around it ---------------------------------------------------------------------------


def _check_page(notes: list[CommandNote]) -> Iterator[Finding]:
    """COMMAND001: an id that stands twice on a page; COMMAND013: too many to run first."""
    first: dict[str, CommandNote] = {}
    for note in notes:
        if first.setdefault(note.id, note) is not note and note.id:
            message = f"command id {note.id} is taken by {first[note.id].place}"
            yield _finding("COMMAND001", note, message, "rename one of the two")
    counts = Counter(note.diagram for note in notes if note.run_first)
    for diagram, count in counts.items():
        if count > MOST_FIRST:
            late = [n for n in notes if n.run_first and n.diagram == diagram][MOST_FIRST]
            message = f"{count} commands are to run first, more than {MOST_FIRST}"
            yield _finding("COMMAND013", late, message, "keep those that decide what to do next")


def _check_surroundings(
    note: CommandNote,
    page: Mapping[str, CommandNote],
    explained: Iterable[str],
    diagrams: Mapping[str, DiagramNote],
) -> Iterator[Finding]:
    if note.diagram not in diagrams:
        hint = "put it on the page of its diagram"
        yield _finding("COMMAND015", note, f"{_named(note)} belongs to no diagram", hint)
    for name in note.placeholders:
        if name not in explained:
            hint = f"say once on the page what it is, in backticks: `<{name}>`: …"
            yield _finding("COMMAND010", note, f"{_named(note)}: nothing explains <{name}>", hint)
    if note.look:
        yield from _check_look(note, page)
    if note.run_first:
        yield from _check_first(note)


def _check_look(note: CommandNote, page: Mapping[str, CommandNote]) -> Iterator[Finding]:
    shown = page.get(note.look)
    if shown is None:
        hint = _near(note.look, page) or "name a command of this page that reads"
        yield _finding(
            "COMMAND009", note, f"{_named(note)}: :look: {note.look} is no command of this page", hint
        )
    elif shown.effect != Effect.READS:
        message = f"{_named(note)}: :look: {note.look} does not read, it {shown.effect or 'has no effect'}"
        yield _finding("COMMAND009", note, message, "name a command that shows what is lost and leaves it")


def _check_first(note: CommandNote) -> Iterator[Finding]:
    faults = {
        "does not read": note.effect != Effect.READS,
        "has no :expect:": not note.expect,
        "has no paragraph below it": not note.says,
    }
    for fault, found in faults.items():
        if found:
            hint = "only what reads, has a pattern and says below what each outcome means is run first"
            yield _finding("COMMAND013", note, f"{_named(note)} is to run first and {fault}", hint)


def _finding(rule: str, note: CommandNote, message: str, hint: str) -> Finding:
    return Finding(rule, message, note.place, hint, note.diagram)


def _named(note: CommandNote) -> str:
    return f"command {note.id}" if note.id else "command"


def _near(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""


def _short(text: str) -> str:
    line = text.strip().split("\n")[0]
    return line if len(line) <= 60 else f"{line[:59]}…"
