"""Says what is set up, what is missing with how to mend it, and what was read. Builds and changes nothing.

A line begins with ok, missing (a build would fail or lack something), or note (works without).

Examples:
  atlas doctor
  atlas --source docs/root --conf docs doctor
"""

from __future__ import annotations

import platform
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import atlas
from atlas.diagrams import mermaid
from atlas.records.house import NAME, find_house
from atlas.records.ledgers import DATA
from atlas.rules.strictness import LEVELS
from atlas_cli.layouts import find_project
from atlas_cli.mermaid_files import MARKDOWN, page_files, read_blocks, read_text
from atlas_cli.project import Project, Record, find_changes
from atlas_cli.settings import read_settings
from atlas_cli.terminal import RefusalError, Terminal, counted

OK, MISSING, NOTE = "ok", "missing", "note"
_PAINTS = {OK: "green", MISSING: "red", NOTE: "yellow"}
_LEDGERS = ("sources", "glossary", "technologies", "catalogue", "reviews", "trials", "checks")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at: how it stands, what was found, and how to mend it."""

    state: str
    what: str
    told: str
    mend: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    """Only what every verb has."""


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where something is missing."""
    project = find_project(args.where)
    signs = list(examine(project))
    if args.json:
        terminal.give([{"state": s.state, "what": s.what, "told": s.told, "mend": s.mend} for s in signs])
    else:
        for sign in signs:
            mend = f"; {sign.mend}" if sign.mend else ""
            head = terminal.style(f"{sign.state:<8}", _PAINTS[sign.state])
            terminal.tell(f"{sign.told}{mend}", f"{head}{sign.what:<12} ")
    return int(any(sign.state == MISSING for sign in signs))


def examine(project: Project) -> Iterator[Sign]:
    """Everything that is looked at, in the order in which a build needs it."""
    yield Sign(OK, "conf.py", str(project.conf / "conf.py"))
    pages = page_files(project.source)
    yield Sign(OK if pages else MISSING, "pages", f"{_kinds(pages)} in {project.source}")
    settings, fault = read_settings(project)
    if fault:
        yield Sign(MISSING, "conf.py", fault, "mend it: Sphinx reads it in this environment")
    else:
        yield from _extensions(settings["said"], pages)
        yield from _settings(settings)
        yield from _data_folder(project, settings["said"])
    yield from _diagrams(pages)
    yield from _ledgers(project)
    yield from _house(project)
    yield from _engine()
    yield from _data(project)


def _kinds(pages: Iterable[Path]) -> str:
    counts = Counter("Markdown" if page.suffix.lower() in MARKDOWN else "reStructuredText" for page in pages)
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "no page"


def _extensions(said: Record, pages: Sequence[Path]) -> Iterator[Sign]:
    listed = list(said.get("extensions", []))
    if "atlas_sphinx" in listed:
        yield Sign(OK, "extensions", ", ".join(listed))
    else:
        yield Sign(MISSING, "extensions", "atlas_sphinx is not listed", 'add "atlas_sphinx" to extensions')
    if not any(page.suffix.lower() in MARKDOWN for page in pages):
        return
    if not {"myst_parser", "myst_nb"} & {*listed}:
        yield Sign(MISSING, "MyST", "Markdown pages and no parser", 'add "myst_parser" to extensions')
    enabled = set(said.get("myst_enable_extensions", ()))
    for name, use in (("deflist", "terms of quality gates"), ("colon_fence", "blocks that open with :::")):
        mend = f'add "{name}" to myst_enable_extensions'
        state = OK if name in enabled else MISSING if name == "deflist" else NOTE
        yield Sign(state, "MyST", f"{name}: {use}", "" if state == OK else mend)


def _settings(settings: Record) -> Iterator[Sign]:
    said, known = settings["said"], settings["known"]
    ours = {name: value for name, value in said.items() if name.startswith("atlas_")}
    for name in sorted(ours.keys() - {*known}) if known else ():
        yield Sign(MISSING, "settings", f"{name} is no setting", "one of " + ", ".join(known))
    level = str(ours.get("atlas_strictness", LEVELS[-1]))
    if level not in LEVELS:
        yield Sign(MISSING, "strictness", f"{level} is no level", f"one of {', '.join(LEVELS)}")
        return
    ahead = LEVELS[LEVELS.index(level) + 1 :]
    yield Sign(OK, "strictness", level, f"later: {', '.join(ahead)}" if ahead else "")


def _diagrams(pages: Iterable[Path]) -> Iterator[Sign]:
    counts: Counter[bool] = Counter()
    for page in pages:
        try:
            counts.update(block.plain for block in read_blocks(read_text(str(page)), str(page)))
        except RefusalError as refused:
            yield Sign(MISSING, "pages", refused.message, "save it as UTF-8")
    yield Sign(OK, "diagrams", f"{counted(counts[False], 'diagram')} of the atlas")
    if counts[True]:
        yield Sign(NOTE, "diagrams", f"{counted(counts[True], 'block')} of plain Mermaid", "atlas import")


def _ledgers(project: Project) -> Iterator[Sign]:
    folder = project.data
    if not folder.is_dir():
        mend = "make it, and write PUBLISHER.toml into it"
        yield Sign(NOTE, "ledgers", f"no folder {project.path(folder)}/sources: no figure has a source", mend)
        return
    found = ((name, len(list((folder / name).glob("*.toml")))) for name in _LEDGERS)
    told = ", ".join(f"{name} {count}" for name, count in found if count)
    yield Sign(OK if told else NOTE, "ledgers", f"{project.path(folder)}: {told or 'no ledger'}")


def _data_folder(project: Project, said: Record) -> Iterator[Sign]:
    """Where Sphinx and the command read ledgers in two folders: conf.py makes the name of one."""
    folder = project.source / str(said.get("atlas_data", DATA))
    if folder != project.data:
        told = f"Sphinx reads {project.path(folder)}, the command {project.path(project.data)}"
        yield Sign(MISSING, "atlas_data", told, 'write it as atlas_data = "FOLDER" at the start of a line')


def _house(project: Project) -> Iterator[Sign]:
    path = project.data / NAME
    if path.is_file():
        house, findings = find_house(project.data, project.root)
        yield Sign(OK, "house", f"{project.path(path)}: gates {', '.join(house.gates)}")
        yield from (Sign(MISSING, "house", f"{f.place}: {f.message}", f.hint) for f in findings)


def _engine() -> Iterator[Sign]:
    versions = ", ".join(f"{name} {_version(name)}" for name in ("sphinx", "docutils", "myst-parser"))
    yield Sign(OK, "versions", f"atlas {atlas.__version__}, Python {platform.python_version()}, {versions}")
    try:
        mermaid.load_engine()
        yield Sign(OK, "drawing", f"merman {_version('merman')}")
    except mermaid.EngineError as error:
        system = f"{platform.system()} {platform.machine()}"
        mend = "pages fall back to sphinxcontrib.mermaid; wheels: Linux x86-64, macOS arm64, Windows amd64"
        yield Sign(MISSING, "drawing", f"{error.message} ({system})", mend)
    fonts = sorted(path.stem for path in (Path(atlas.__file__).parent / "drawing/fonts").glob("*.ttf"))
    measured = find_spec("uharfbuzz") is not None
    state = OK if fonts and measured else MISSING
    yield Sign(state, "fonts", ", ".join(fonts) or "none", "" if state == OK else "install it again")
    typst = find_spec("typst") is not None
    told = f"typst {_version('typst')}" if typst else "no typst: no binder in PDF"
    yield Sign(OK if typst else NOTE, "PDF", told, "" if typst else 'pip install "production-atlas[pdf]"')


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not here"


def _data(project: Project) -> Iterator[Sign]:
    changes = find_changes(project)
    told = f"{project.path(project.build)}: " + (f"to be read anew ({changes})" if changes else "fresh")
    yield Sign(OK, "data", told)
