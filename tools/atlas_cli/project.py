"""The project that a command works on: where it stands, and its data, read anew where they are stale.

`build/atlas` holds `atlas.json` and `CENTRAL_METRICS.json`, which the builder `atlas-json` writes, and beside
them `inputs.json`: the size, time and SHA-256 of every file that they were made from, and the day.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import atlas

from .terminal import RefusalError, Terminal, Work

if TYPE_CHECKING:
    from atlas.records.house import House

Record: TypeAlias = dict[str, Any]
Stamp: TypeAlias = tuple[int, int, str]

SCHEMA = 1
_DATA_FOLDER = re.compile(r"^atlas_data\s*=\s*[\"']([^\"'\n]+)[\"']", re.MULTILINE)
_READ = re.compile(r"reading sources\.\.\. .*?\[\s*(\d+)%")
_TAIL = 12
_BUILDS = "_build"
_UNREAD = {"__pycache__", _BUILDS}


@dataclass(frozen=True, slots=True)
class Project:
    """Pages and ledgers in `source`, settings in `conf`, which is the folder around it or `source` itself."""

    source: Path
    conf: Path

    @property
    def root(self) -> Path:
        """What paths of findings are relative to."""
        return self.source.parent

    @property
    def builds(self) -> Path:
        """Where builds go: beside the source, or where that is all there is, into what Sphinx leaves out."""
        return self.source / _BUILDS if self.conf == self.source else self.root / "build"

    @property
    def build(self) -> Path:
        return self.builds / "atlas"

    @property
    def reviews(self) -> str:
        """How paths of the ledgers of reviews begin."""
        return f"{self.path(self.data)}/reviews/"

    @property
    def data(self) -> Path:
        """The folder of the ledgers, as conf.py says in so many words."""
        from atlas.records.ledgers import DATA

        found = _DATA_FOLDER.search((self.conf / "conf.py").read_text(encoding="utf-8", errors="replace"))
        return self.source / (found[1] if found else DATA)

    @property
    def house(self) -> House:
        """Its gates, and what owes them. What is wrong in it, a build says."""
        from atlas.records.house import find_house

        return find_house(self.data, self.root)[0]

    def path(self, name: str | Path) -> str:
        """A path as findings write it: relative to the project, with slashes."""
        try:
            return Path(name).resolve().relative_to(self.root).as_posix()
        except ValueError:
            return str(name)


def read_atlas(project: Project, terminal: Terminal, *, besides: str = "") -> Record:
    """`atlas.json`, refreshed where a file has changed that does not begin with `besides`."""
    refresh(project, terminal, besides=besides)
    return _read_data(project)


def _read_data(project: Project) -> Record:
    """`atlas.json`, of the schema that this command knows. Raises RefusalError."""
    record = read_record(project.build / "atlas.json")
    if record.get("schema") != SCHEMA:
        found = record.get("schema", "none")
        raise RefusalError(
            f"atlas.json has schema {found}, and this command knows {SCHEMA}", _mend(project.build)
        )
    return record


def read_metrics(project: Project, terminal: Terminal) -> Record:
    """`CENTRAL_METRICS.json`, refreshed where a file has changed."""
    refresh(project, terminal)
    return read_record(project.build / "CENTRAL_METRICS.json")


def read_record(path: Path) -> Record:
    """A JSON file that holds an object. Raises RefusalError."""
    try:
        record = _parse(path.read_bytes())
    except OSError as error:
        raise RefusalError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise RefusalError(f"{path} is broken: {error}", _mend(path.parent)) from error
    if not isinstance(record, dict):
        raise RefusalError(f"{path} is broken: it holds no object", _mend(path.parent))
    return record


def _mend(folder: Path) -> str:
    return f"delete the folder {folder}; the next command makes it anew"


def _parse(data: bytes) -> object:
    """Parsed JSON. Collecting garbage meanwhile would double the time: nothing here is garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(data)
    finally:
        if collecting:
            gc.enable()


def read_derived(
    project: Project, terminal: Terminal, name: str, make: Callable[[Record], Any], *, besides: str = ""
) -> Any:
    """What `make` makes of `atlas.json`, kept as `name` beside it and made anew when that is.

    Reading it costs a hundredth of reading the whole.
    """
    refresh(project, terminal, besides=besides)
    data, kept = project.build / "atlas.json", project.build / name
    made_from = data.stat().st_mtime_ns
    if kept.is_file() and (known := read_record(kept)).get("of") == made_from:
        return known["made"]
    made = make(_read_data(project))
    with suppress(RefusalError):  # what cannot be kept is made again
        write_whole(kept, json.dumps({"of": made_from, "made": made}, ensure_ascii=False))
    return made


# Staleness ---------------------------------------------------------------------------------------


def refresh(project: Project, terminal: Terminal, *, besides: str = "") -> bool:
    """Read the pages anew where their data are stale; True where that was so. Raises RefusalError."""
    if not find_changes(project, besides=besides):
        return False
    with hold(project.build, terminal):
        changes = find_changes(project, besides=besides)
        if changes:  # else another command was faster
            stamps = stamp_inputs(project, read_inputs(project))
            with terminal.working(f"atlas: reading the pages ({changes})") as work:
                run_sphinx(project.conf, project.source, project.build, work)
            write_whole(
                project.build / "inputs.json", json.dumps({"day": today().isoformat(), "files": stamps})
            )
    return bool(changes)


def find_changes(project: Project, *, besides: str = "") -> str:
    """What makes the data stale, in a few words; nothing where they are fresh."""
    if not (project.build / "atlas.json").is_file():
        return "for the first time"
    known = _read_inputs(project)
    old = known.get("files", {})
    new = stamp_inputs(project, old)
    changed = [name for name in {**old, **new} if _digest(old, name) != _digest(new, name)]
    changed = [name for name in changed if not (besides and name.startswith(besides))]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"{min(changed)}{more} changed"
    if known.get("day") != today().isoformat() and not besides:
        return "a new day"
    return ""


def stamp_inputs(project: Project, old: dict[str, Stamp]) -> dict[str, Stamp]:
    """Every file that the data depend on. Where size and time are as in `old`, its digest is taken over."""
    stamps: dict[str, Stamp] = {}
    for name, entry in _inputs(project):
        seen = entry.stat()
        size, when = seen.st_size, seen.st_mtime_ns
        before = old.get(name)
        if before and (before[0], before[1]) == (size, when):
            stamps[name] = before
        else:
            stamps[name] = (size, when, hashlib.sha256(Path(entry.path).read_bytes()).hexdigest())
    return stamps


def _inputs(project: Project) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The pages and ledgers, the settings, and the engine itself."""
    yield from ((f"{project.source.name}/{name}", e) for name, e in _files(project.source))
    yield from ((e.name, e) for e in os.scandir(project.conf) if e.name == "conf.py")
    engine = Path(atlas.__file__).parent
    for folder in (engine, engine.with_name("atlas_sphinx")):
        if folder.is_dir():
            read = ((name, entry) for name, entry in _files(folder) if name.endswith((".py", "house.toml")))
            yield from ((f"{folder.name}/{name}", entry) for name, entry in read)


def _files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name.endswith("~") or entry.name in _UNREAD:
            continue
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", e) for name, e in _files(Path(entry.path)))
        elif entry.is_file():
            yield entry.name, entry


def _read_inputs(project: Project) -> Record:
    """What the data were made from; nothing where that is not known, which makes them stale."""
    try:
        known = json.loads((project.build / "inputs.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and isinstance(known.get("files"), dict) else {}


def read_inputs(project: Project) -> dict[str, Stamp]:
    """The files that the data were made from."""
    stamps: dict[str, Stamp] = _read_inputs(project).get("files", {})
    return stamps


def _digest(stamps: dict[str, Stamp], name: str) -> str:
    return stamps[name][2] if name in stamps else ""


def today() -> date:
    """The day that a build without a setting of its own judges by. Raises RefusalError."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()
    except (ValueError, OverflowError, OSError) as error:
        raise RefusalError(
            f"SOURCE_DATE_EPOCH={epoch} is no time", "seconds since 1970, or unset it"
        ) from error


# Building ----------------------------------------------------------------------------------------


def run_sphinx(conf: Path, source: Path, target: Path, work: Work) -> None:
    """Write the data of the pages in `source` to `target`, by the settings in `conf`. Raises RefusalError."""
    data = target / "atlas.json"
    before = data.stat().st_mtime_ns if data.exists() else 0
    trees = target.parent / "doctrees" / target.name
    command = [sys.executable, "-m", "sphinx", "-b", "atlas-json", "-j", "auto", "--no-color"]
    command += ["-d", str(trees), "-c", str(conf), str(source), str(target)]
    tail: deque[str] = deque(maxlen=_TAIL)
    with subprocess.Popen(
        command, cwd=conf, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout or ():
            read = _READ.search(line)
            work.step(f"{read[1]} %" if read else "")
            tail.append(line)
    if not data.exists() or data.stat().st_mtime_ns == before:
        said = "".join(tail).strip() or f"it ended with exit code {process.returncode}"
        hint = "\n  ".join(["sphinx-build says:", *said.splitlines()])
        if "atlas-json not registered" in said:
            raise RefusalError(
                f"{conf / 'conf.py'} does not list the extension", 'add "atlas_sphinx" to extensions'
            )
        raise RefusalError("the pages cannot be read", hint)


# Writing -----------------------------------------------------------------------------------------


@contextmanager
def hold(folder: Path, terminal: Terminal) -> Iterator[None]:
    """Keep other commands out of a folder that is made where it is missing, and say where one is awaited.

    Raises RefusalError.
    """
    import fcntl  # not on Windows, where everything else here runs

    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise RefusalError(f"cannot use {folder}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            terminal.note("atlas: waiting for another atlas command")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def named_file(name: str) -> Path:
    """The path of a file to be written, which has a name of its own. Raises RefusalError."""
    path = Path(name)
    if not path.name.strip(".") or name.endswith("/"):
        raise RefusalError(f"{name or 'nothing'} names no file", "name one, as in week/report")
    return path


def write_whole(path: Path, text: str) -> None:
    """Write so that the file is there whole or not at all, with its mode and the links to it.

    Raises RefusalError.
    """
    from atlas.records.whole_file import replace_file

    try:
        Path(os.path.realpath(path)).parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise RefusalError(f"cannot write {path}: {error.strerror}", "nothing was changed") from error


def append(path: Path, entry: str) -> None:
    """Append an entry to a ledger, under its lock and whole. Raises RefusalError."""
    from atlas.records.ledgers import append_entry

    with writing(path):
        append_entry(path, entry)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what keeps a ledger from being written into a refusal."""
    from atlas.records.ledgers import LedgerError

    try:
        yield
    except LedgerError as error:
        raise RefusalError(str(error), "mend the ledger first; `atlas review` names the line") from error
    except OSError as error:
        raise RefusalError(f"cannot write {path}: {error.strerror}", "nothing was changed") from error
