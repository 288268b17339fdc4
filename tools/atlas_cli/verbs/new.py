"""Scaffolds what the catalogue plans, and never overwrites.

  diagram  a page with its directive, the four planes, the gates and what else its category owes: a timeline,
           a command to run first. What is not known yet is left open, so that a build names it.
  source   a publication in source/_data/sources/PUBLISHER.toml, with an example of a fact as a comment
  system   an operator in the catalogue, with a cell for each kind where it has a tier, and its index page

Examples:
  atlas new diagram systems/netflix/storage --source netflix/cassandra-2021
  atlas new source github/oct21 --url https://github.blog/… --title "October 21 post-incident analysis"
  atlas new system figma --name Figma --tier 0
"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from atlas.diagrams.planes import EMOJI
from atlas.records.house import House
from atlas.records.model import Extent, Plane, Role
from atlas.rules.scaffold import ARROW, BOX
from atlas_cli.layouts import find_project
from atlas_cli.project import Project, Record, append, hold, read_atlas, today, write_whole
from atlas_cli.stubs import open_checks, owed_gates
from atlas_cli.terminal import RefusalError, Terminal

_ID = re.compile(r"[a-z0-9]+(?:[-./][a-z0-9]+)*")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("diagram", "source", "system"))
    parser.add_argument("id", help="category/name, publisher/key, or the system's slug")
    parser.add_argument("--title", help="of the diagram or publication")
    parser.add_argument("--source", action="append", default=[], metavar="ID", help="a source of the diagram")
    parser.add_argument("--url", help="of the publication itself")
    parser.add_argument("--publisher", help="who published it (from the id)")
    parser.add_argument("--tier", help="of a source: who speaks; of a system: 1, 2, 3, or 0 for others")
    parser.add_argument("--published", type=_day, metavar="DATE", help="of the publication, where known")
    parser.add_argument(
        "--extent", choices=[e.value for e in Extent], default="full", help="how much was read"
    )
    parser.add_argument("--name", help="of the system")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2018-10-30") from error


def run(args: Namespace, terminal: Terminal) -> int:
    """0 where it was written."""
    project = find_project(args.where)
    make = {"diagram": new_diagram, "source": new_source, "system": new_system}[args.what]
    written = make(args, project, terminal)
    if args.json:
        terminal.give([project.path(path) for path in written])
    for path in () if args.json else written:
        terminal.say(f"wrote {project.path(path)}")
    return 0


# Diagrams ----------------------------------------------------------------------------------------


def new_diagram(args: Namespace, project: Project, terminal: Terminal) -> list[Path]:
    """The page of a planned diagram. Raises RefusalError."""
    if not _ID.fullmatch(args.id) or "/" not in args.id:
        raise RefusalError(
            f"{args.id} is no id of a diagram", "write category/name, as in incidents/acme-2024-03-05"
        )
    atlas = read_atlas(project, terminal)
    entry = _planned(args.id, atlas, project)
    unknown = set(args.source) - {s["id"] for s in atlas["sources"]}
    if unknown:
        missing = min(unknown)
        raise RefusalError(f"there is no source {missing}", f"first: atlas new source {missing} --url …")
    path = project.source / f"{args.id}.md"
    if path.exists():
        raise RefusalError(f"{project.path(path)} is there already", "it is not overwritten")
    entry |= {"title": args.title} if args.title else {}
    write_whole(path, render_page(entry, args.source, project.house))
    return [path]


def _planned(id: str, atlas: Record, project: Project) -> Record:
    entries: dict[str, Record] = {e["id"]: e for e in atlas["catalogue"]["entries"]}
    if id in entries:
        return entries[id]
    categories = [c["id"] for c in atlas["catalogue"]["categories"]]
    near = get_close_matches(id, entries, n=3, cutoff=0.6)
    if id.partition("/")[0] not in categories:
        raise RefusalError(f"{id} is in no category", f"the categories are {', '.join(categories)}")
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"add it to {project.path(project.data)}/catalogue first"
    )
    raise RefusalError(f"the catalogue does not plan {id}", hint)


def render_page(entry: Record, sources: Sequence[str], house: House) -> str:
    """A page that says nothing yet: its build names what is open."""
    known = {name: entry[name] for name in ("title", "system", "kind") if entry[name]}
    open_ = dict.fromkeys(("symptoms", "alerts", "version", "caption", "alt"), "")
    options = known | {"sources": ", ".join(sources)} | open_
    lines = [f"# {entry['title']}", "", f"```{{atlas-diagram}} {entry['id']}"]
    lines += [f":{name}: {value}".rstrip() for name, value in options.items()]
    lines += ["", "flowchart TB"]
    for plane in Plane:
        lines += [f"  subgraph {plane}", f'    {plane.name}["{EMOJI[plane]} {BOX}"]', "  end"]
    lines += [
        f'  {a.name} -->|"{ARROW}"| {b.name}' for a, b in zip(list(Plane), list(Plane)[1:], strict=False)
    ]
    lines += ["```", "", *_open_timeline(house.role(entry["category"]), sources)]
    for gate in owed_gates(house, entry["category"], entry["kind"]):
        lines += [f"::::{{quality-gate}} {gate}", *open_checks(house, gate, entry["category"]), "::::", ""]
    lines += ["## What to learn", "", "## Where else", ""]
    return "\n".join(lines)


def _open_timeline(role: Role, sources: Sequence[str]) -> list[str]:
    """What an incident owes: rows without times and events, which a build says."""
    if role is not Role.INCIDENT:
        return []
    source = next(iter(sources), "")
    return ["```{atlas-timeline}", f"{source} | trigger |", f"{source} | over |", "```", ""]


# Sources -----------------------------------------------------------------------------------------


def new_source(args: Namespace, project: Project, terminal: Terminal) -> list[Path]:
    """A publication without facts, at the end of its publisher's ledger. Raises RefusalError."""
    if not _SOURCE.fullmatch(args.id):
        raise RefusalError(f"{args.id} is no id of a source", "write publisher/key, as in github/oct21")
    if not (args.url or "").startswith("https://"):
        raise RefusalError("a source has the address of the publication itself", "--url https://…")
    tiers = [*project.house.tiers]
    if args.tier is not None and args.tier not in tiers:
        raise RefusalError(f"{args.tier} is no tier of a source", f"one of {', '.join(tiers)}")
    publisher, _, key = args.id.partition("/")
    path = project.data / "sources" / f"{publisher}.toml"
    if key in _read_toml(path):
        raise RefusalError(f"{args.id} stands in {project.path(path)} already", "it is not overwritten")
    known = next((t["publisher"] for t in _read_toml(path).values() if "publisher" in t), publisher)
    append(path, render_source(key, args, args.publisher or known, tiers[0]))
    terminal.note(f"next: the facts that you read, below [{_key(key)}.facts]")
    return [path]


def render_source(key: str, args: Namespace, publisher: str, tier: str) -> str:
    """The tables of a source, its facts empty."""
    rows = [
        ("title", _quote(args.title or key)),
        ("url", _quote(args.url)),
        ("publisher", _quote(publisher)),
        ("tier", _quote(args.tier or tier)),
        ("published", args.published.isoformat() if args.published else ""),
        ("read", today().isoformat()),
        ("extent", _quote(args.extent)),
    ]
    lines = [f"[{_key(key)}]", *(f"{name} = {value}" for name, value in rows if value)]
    example = (
        '# name = { value = "43 s", text = "43 seconds", says = "what is measured", as_of = 2018-10-21 }'
    )
    return "\n".join([*lines, "", f"[{_key(key)}.facts]", example]) + "\n"


def _read_toml(path: Path) -> Record:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as error:
        raise RefusalError(
            f"{path.name} is broken: {error}", "mend it first; `atlas review` names the line"
        ) from error


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else _quote(name)


# Systems -----------------------------------------------------------------------------------------


def new_system(args: Namespace, project: Project, terminal: Terminal) -> list[Path]:
    """An operator in the catalogue, its cells, and its index page. Raises RefusalError."""
    if not _SLUG.fullmatch(args.id):
        raise RefusalError(f"{args.id} is no slug", "lower-case words parted by dashes, as in stack-overflow")
    if args.tier not in (None, "0", "1", "2", "3"):
        raise RefusalError(f"{args.tier} is no tier of a system", "1, 2 or 3, or 0 outside of the matrix")
    tier, name = int(args.tier or 0), args.name or args.id.replace("-", " ").title()
    folder = project.data / "catalogue"
    kinds = list(_rows_of(folder, "kind"))
    systems = _file_of(folder, "system")
    if args.id in _rows_of(folder, "system"):
        raise RefusalError(f"{args.id} stands in {project.path(systems)} already", "it is not overwritten")
    index = project.source / "systems" / args.id / "index.md"
    if index.exists():
        raise RefusalError(f"{project.path(index)} is there already", "it is not overwritten")
    with hold(folder, terminal):
        text = add_row(
            systems.read_text(encoding="utf-8"), f"{args.id} = {{ name = {_quote(name)}, tier = {tier} }}"
        )
        write_whole(systems, text)
    written = [systems]
    if tier:
        append(folder / "cells.toml", "\n".join(_cell(args.id, name, kind) for kind in kinds))
        written.append(folder / "cells.toml")
    write_whole(index, render_index(args.id, name, kinds))
    terminal.note("next: a page for each kind, atlas new diagram systems/" + f"{args.id}/KIND")
    return [*written, index]


def _rows_of(folder: Path, table: str) -> Record:
    rows: Record = {}
    for path in sorted(folder.glob("*.toml")):
        rows |= _read_toml(path).get(table, {})
    return rows


def _file_of(folder: Path, table: str) -> Path:
    """The file of the catalogue that holds a table. Raises RefusalError."""
    for path in sorted(folder.glob("*.toml")):
        if isinstance(_read_toml(path).get(table), dict):
            return path
    raise RefusalError(f"no file of {folder} holds [{table}]", f"write one with a line [{table}]")


def add_row(text: str, row: str) -> str:
    """The file with a row behind the last of `[system]`. Raises RefusalError where that would not parse."""
    import tomllib

    from atlas.records.toml import read_lines

    last = max(line for keys, line in read_lines(text).items() if keys[0] == "system")
    lines = text.split("\n")
    lines.insert(last, row)
    added = "\n".join(lines)
    id = row.partition(" ")[0]
    if id not in tomllib.loads(added).get("system", {}):
        raise RefusalError("the row does not fit into the catalogue", f"write it by hand: {row}")
    return added


def _cell(system: str, name: str, kind: str) -> str:
    rows = {
        "id": f"systems/{system}/{kind}",
        "title": f"{name}: {kind.replace('-', ' ')}",
        "phase": 4,
        "system": system,
        "kind": kind,
    }
    return (
        "\n".join(
            ["[[entry]]", *(f"{k} = {_quote(v) if isinstance(v, str) else v}" for k, v in rows.items())]
        )
        + "\n"
    )


def render_index(system: str, name: str, kinds: Iterable[str]) -> str:
    """The index page of a system: generated rows, and a toctree of the pages to come."""
    return f"""\
# {name}

```{{atlas-view}} system
:of: {system}
```

```{{atlas-toctree}}
{chr(10).join(kinds)}
```
"""
