"""What a change touches: diagrams whose drawing, figures, sources, gates or spec page differ from a revision,
and which of them have to be read again.

Without REV the files are compared with the last commit. The pages of the revision are read once by the engine
as it stands now, and kept under build/atlas/past. --markdown is for review comments.

Examples:
  atlas impact
  atlas impact origin/main --markdown
  atlas impact HEAD~20 --category incidents --json
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from atlas_cli.layouts import find_project
from atlas_cli.names import check_choice
from atlas_cli.project import (
    Project,
    Record,
    read_atlas,
    read_inputs,
    read_record,
    run_sphinx,
    write_whole,
)
from atlas_cli.repository import changed_files, git, read_commit
from atlas_cli.terminal import RefusalError, Terminal, counted, shorten

_UNREAD = ("needs_review", "outdated", "missing_version")
_SHOWN_OF_FACT = ("value", "says", "text", "where", "as_of", "derived", "statistic", "scope")
_SHOWN_OF_SOURCE = (
    "title",
    "url",
    "publisher",
    "tier",
    "extent",
    "read",
    "published",
    "archive",
    "commit",
    "copy",
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rev", nargs="?", default="HEAD", help="a commit, branch or tag (HEAD)")
    parser.add_argument("--category", help="only diagrams of a category")
    parser.add_argument("--markdown", action="store_true", help="as Markdown, for a review comment")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where a diagram has to be read again."""
    project = find_project(args.where)
    commit = read_commit(project, args.rev)
    new = read_atlas(project, terminal)
    specs = _read_specs(project.source, new)
    past = {"atlas": new, "specs": specs}
    if changed_files(project, commit):
        past = read_past(project, commit, terminal)
    impact = compare(past["atlas"], new, past["specs"], specs)
    if args.category:
        category = check_choice("category", args.category, {d["category"] for d in new["diagrams"]})
        impact["diagrams"] = [c for c in impact["diagrams"] if c["category"] == category]
    impact["since"] = {"rev": args.rev, "commit": commit}
    if args.json:
        terminal.give(impact)
    elif args.markdown:
        terminal.put(render_markdown(impact))
    else:
        print_impact(terminal, impact)
    return 1 if any(c["read_again"] for c in impact["diagrams"]) else 0


# The past ----------------------------------------------------------------------------------------


def read_past(project: Project, commit: str, terminal: Terminal) -> Record:
    """`atlas` and `specs` of a commit, by the engine and settings that stand here. Raises RefusalError."""
    tree = (git(project, "rev-parse", f"{commit}:./") or "").strip()
    if not tree:
        raise RefusalError(f"{commit[:12]} has no source folder", "choose a later revision")
    kept = project.build / "past" / f"{tree[:20]}-{_engine_digest(project)}.json"
    if kept.is_file():
        return read_record(kept)
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        _extract(project, commit, Path(folder) / project.source.name)
        with terminal.working(f"atlas: reading the pages of {commit[:12]}") as work:
            source = Path(folder) / project.source.name
            run_sphinx(project.conf, source, Path(folder) / ".data", work)
        atlas = read_record(Path(folder) / ".data" / "atlas.json")
        past = {"atlas": atlas, "specs": _read_specs(source, atlas)}
    write_whole(kept, json.dumps(past, ensure_ascii=False))
    return past


def _engine_digest(project: Project) -> str:
    """What the engine and the settings are, in 12 hex digits."""
    pages = f"{project.source.name}/"
    stamps = {name: stamp[2] for name, stamp in read_inputs(project).items() if not name.startswith(pages)}
    return hashlib.sha256(json.dumps(stamps, sort_keys=True).encode()).hexdigest()[:12]


def _extract(project: Project, commit: str, folder: Path) -> None:
    command = ["git", "archive", "--format=tar", commit, "."]
    done = subprocess.run(command, cwd=project.source, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise RefusalError(f"git cannot hand over {commit[:12]}", said)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:  # without `extractall`, whose filter Debian 12's Python lacks
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())


def _read_specs(source: Path, atlas: Record) -> dict[str, str]:
    from atlas.records.ledgers import read_specs

    return read_specs(source / "spec", [c["id"] for c in atlas["catalogue"]["categories"]])


# Comparing ---------------------------------------------------------------------------------------


def compare(old: Record, new: Record, old_specs: Mapping[str, str], new_specs: Mapping[str, str]) -> Record:
    """Every diagram that is touched, and the categories whose spec pages changed."""
    specs = sorted(c for c in {*old_specs, *new_specs} if old_specs.get(c) != new_specs.get(c))
    before = {d["id"]: d for d in old["diagrams"]}
    after = {d["id"]: d for d in new["diagrams"]}
    sides = _Sides(old, new)
    touched = [_compare(before.get(id), after.get(id), sides, specs) for id in sorted({*before, *after})]
    return {"specs": specs, "diagrams": [change for change in touched if change["kinds"]]}


class _Sides:
    """Facts and sources of both sides, for looking up what a diagram shows."""

    def __init__(self, old: Record, new: Record) -> None:
        self.facts = (old["facts"], new["facts"])
        self.sources = tuple({s["id"]: s for s in atlas["sources"]} for atlas in (old, new))


def _compare(old: Record | None, new: Record | None, sides: _Sides, specs: list[str]) -> Record:
    here = new or old or {}
    change: Record = {
        "id": here["id"],
        "path": here["place"]["path"],
        "category": here["category"],
        "nodes": _differ(_nodes(old), _nodes(new)),
        "edges": _differ(_edges(old), _edges(new)),
        "facts": _differ(_facts(old, sides.facts[0]), _facts(new, sides.facts[1])),
        "sources": _differ(_sources(old, sides.sources[0]), _sources(new, sides.sources[1])),
        "gates": _differ(_checks(old), _checks(new)),
        "commands": _differ(_commands(old), _commands(new)),
        "timeline": _differ(_rows(old), _rows(new)),
        "status": [side["status"] if side else None for side in (old, new)],
    }
    change["kinds"] = [*_kinds(old, new, change, specs)]
    unread = new is not None and new["status"] in _UNREAD
    content = {*change["kinds"]} & {"added", "drawing", "facts", "gates", "commands", "timeline", "spec"}
    change["read_again"] = bool(unread and content)
    return change


def _kinds(old: Record | None, new: Record | None, change: Record, specs: list[str]) -> Iterator[str]:
    """What about a diagram changed."""
    if old is None or new is None:
        yield "added" if old is None else "removed"
        return
    if old["text"].strip() != new["text"].strip():
        yield "drawing"
    yield from (
        part for part in ("facts", "sources", "gates", "commands", "timeline") if any(change[part].values())
    )
    if new["category"] in specs:
        yield "spec"


def _differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> Record:
    """What is added, removed and changed, as text; changed ones with both sides."""
    return {
        "added": [_tell(key, new[key]) for key in new if key not in old],
        "removed": [_tell(key, old[key]) for key in old if key not in new],
        "changed": [
            f"{key}: {what}" for key in new if key in old for what in _told_apart(old[key], new[key])
        ],
    }


def _tell(key: str, value: Mapping[str, str]) -> str:
    first = next((v for v in value.values() if v), "")
    return f"{key}: {first}" if first and first != key else key


def _told_apart(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in new:
        if old.get(name) != new[name]:
            yield f"{name} {_quote(old.get(name))} is now {_quote(new[name])}"


def _quote(value: str | None) -> str:
    return f"“{value}”" if value else "nothing"


def _nodes(diagram: Record | None) -> dict[str, Any]:
    return {n["id"]: {k: n[k] for k in ("label", "plane", "link", "group")} for n in _part(diagram, "nodes")}


def _edges(diagram: Record | None) -> dict[str, Any]:
    """By their ends; a second edge between the same two is numbered."""
    seen: Counter[str] = Counter()
    edges = {}
    for e in _part(diagram, "edges"):
        key = f"{e['tail']} → {e['head']}"
        seen[key] += 1
        number = f" ({seen[key]})" if seen[key] > 1 else ""
        edges[f"{key}{number}"] = {"label": e["label"], "failure": "yes" if e["dashed"] else ""}
    return edges


def _facts(diagram: Record | None, facts: Mapping[str, Record]) -> dict[str, Any]:
    return {id: {k: facts[id][k] for k in _SHOWN_OF_FACT} for id in _part(diagram, "facts") if id in facts}


def _sources(diagram: Record | None, sources: Mapping[str, Record]) -> dict[str, Any]:
    return {id: {k: sources[id][k] for k in _SHOWN_OF_SOURCE} for id in _part(diagram, "sources")}


def _checks(diagram: Record | None) -> dict[str, Any]:
    return {
        f"{gate['gate']} · {check['term']}": {
            "answer": check["answer"],
            "text": check["text"] or check["reason"],
        }
        for gate in _part(diagram, "gates")
        for check in gate["checks"]
    }


def _commands(diagram: Record | None) -> dict[str, Any]:
    return {
        command["id"]: {
            **{name: command[name] for name in ("text", "effect", "expect", "prints", "loses", "look")},
            "on": ", ".join(command["on"]),
            "run first": "yes" if command["run_first"] else "",
        }
        for command in _part(diagram, "commands")
    }


def _rows(diagram: Record | None) -> dict[str, Any]:
    """By what happened, since several rows may name one source."""
    return {
        row["event"]: {"time": row["time"] or row["source"], "kind": row["kind"]}
        for row in _part(diagram, "timeline")
    }


def _part(diagram: Record | None, name: str) -> Iterable[Any]:
    return diagram[name] if diagram else ()


# Showing -----------------------------------------------------------------------------------------


def _lines(change: Record) -> Iterator[tuple[str, str]]:
    """The sign (+ − ~) and the words of everything that changed in a diagram."""
    for part, name in (
        ("nodes", "node"),
        ("edges", "edge"),
        ("facts", "fact"),
        ("sources", "source"),
        ("gates", "gate"),
        ("commands", "command"),
        ("timeline", "row"),
    ):
        yield from (("+", f"{name} {text}") for text in change[part]["added"])
        yield from (("-", f"{name} {text}") for text in change[part]["removed"])
        yield from (("~", f"{name} {text}") for text in change[part]["changed"])


def _summary(impact: Record) -> str:
    changes = impact["diagrams"]
    again = sum(c["read_again"] for c in changes)
    since = f"{impact['since']['rev']} ({impact['since']['commit'][:8]})"
    return f"Since {since}: {counted(len(changes), 'diagram')} touched, {again:,} to be read again"


def print_impact(terminal: Terminal, impact: Record) -> None:
    terminal.say(terminal.style(_summary(impact), "bold"))
    if impact["specs"]:
        terminal.say(f"The spec pages of {', '.join(impact['specs'])} changed.")
    colours = {"+": "green", "-": "red", "~": "yellow"}
    for change in impact["diagrams"]:
        again = terminal.style("  read again", "yellow") if change["read_again"] else ""
        terminal.say(f"\n{terminal.style(change['id'], 'bold')}  {', '.join(change['kinds'])}{again}")
        for sign, text in _lines(change) if "added" not in change["kinds"] else ():
            terminal.say(terminal.style(f"  {sign} {shorten(text, terminal.width - 4)}", colours[sign]))


def render_markdown(impact: Record) -> str:
    """For a review comment: one list a diagram."""
    lines = [f"**{_summary(impact)}**", ""]
    if impact["specs"]:
        lines += [f"The spec pages of {', '.join(impact['specs'])} changed.", ""]
    for change in impact["diagrams"]:
        again = " · **read again**" if change["read_again"] else ""
        lines += [f"- `{change['id']}`: {', '.join(change['kinds'])}{again}"]
        shown = _lines(change) if "added" not in change["kinds"] else ()
        lines += [f"  - {_WORDS[sign]} {_escape(text)}" for sign, text in shown]
    return "\n".join(lines) + "\n"


_WORDS = {"+": "added", "-": "removed", "~": "changed"}


def _escape(text: str) -> str:
    """A text that Markdown leaves as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in " ".join(text.split()))
