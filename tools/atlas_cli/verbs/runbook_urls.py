"""For a team's Prometheus rules: a runbook_url for every alert that the atlas knows, and which it does not.

RULES are files with groups of rules, or PrometheusRule objects. The difference is printed; --write writes it
into the files, comments and order untouched. An alert that has a runbook_url keeps it, but for --replace.
What several rules share, by an alias or by `<<`, is left to you. JSON stays JSON; `-` reads standard input.

Examples:
  atlas runbook-urls --base https://atlas.example.org/ rules/*.yaml
  atlas runbook-urls --base https://atlas.example.org/ --write rules/kafka.yaml
  kubectl get prometheusrule -o json | atlas runbook-urls --base https://atlas.example.org/ -
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from atlas.records.model import Role
from atlas.views.blocks import slug
from atlas_cli.alerting_rules import KEY, link_file
from atlas_cli.layouts import find_project
from atlas_cli.mends import diff
from atlas_cli.project import Record, read_derived, write_whole
from atlas_cli.terminal import RefusalError, Terminal, counted

_STDIN = "-"
_LACKING = {"unknown", "by_hand"}
_FIRST: Mapping[Role, int] = {Role.GUIDE: 0, Role.INCIDENT: 1}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rules", nargs="+", metavar="RULES", help="YAML files with alerting rules")
    parser.add_argument("--base", required=True, metavar="URL", help="where the atlas is published")
    parser.add_argument("--dirhtml", action="store_true", help="the atlas is built with the builder dirhtml")
    parser.add_argument("--write", action="store_true", help="write into the files")
    parser.add_argument("--replace", action="store_true", help="also where an alert has a runbook_url")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, 1 where an alert is left without a runbook, or 2 where a file cannot be read."""
    _check(args)
    pages = read_pages(args, terminal)
    rows: list[Record] = []
    texts: dict[str, tuple[str, str]] = {}
    refusals: list[RefusalError] = []
    for name in args.rules:
        try:
            text = read_text(name)
            edited, told = link_file(text, name, pages, replace=args.replace)
        except RefusalError as refused:
            refusals.append(refused)
            continue
        rows += told
        if not told:
            terminal.note(f"no alerts in {name}")
        if edited != text:
            texts[name] = (text, edited)
    for name, (_, edited) in texts.items() if args.write else ():
        write_whole(Path(name), edited)
    _print(args, terminal, rows, texts)
    for refusal in refusals:
        terminal.refuse(refusal)
    return 2 if refusals else int(any(row["state"] in _LACKING for row in rows))


def _check(args: Namespace) -> None:
    """Raises RefusalError."""
    if not args.base.startswith(("https://", "http://")):
        raise RefusalError(f"{args.base} is no web address", "--base https://atlas.example.org/")
    if args.write and _STDIN in args.rules:
        raise RefusalError("standard input cannot be written to", "name the file, or leave --write out")


def read_pages(args: Namespace, terminal: Terminal) -> dict[str, list[Record]]:
    """Alert name to the pages that answer it, guides first: id and address."""
    project = find_project(args.where)
    make = partial(list_alerts, roles=project.house.roles)
    listed = read_derived(project, terminal, "alerts.json", make)
    base = args.base.rstrip("/")
    pages: dict[str, list[Record]] = defaultdict(list)
    for alert, id, address in listed:
        url = f"{base}/{_as_folder(address) if args.dirhtml else address}"
        pages[alert].append({"id": id, "url": url})
    return dict(pages)


def list_alerts(atlas: Record, roles: Mapping[str, Role]) -> list[list[str]]:
    """Alert, id and address of each page that answers an alert, in the order in which they are offered.

    A name with a remark in brackets, as in `TombstoneDump(criteo)`, answers with and without it.
    """
    ordered = sorted(
        atlas["diagrams"], key=lambda d: (_FIRST.get(roles.get(d["category"], Role.OTHER), 2), d["id"])
    )
    named = ((name, d) for d in ordered for alert in d["alerts"] for name in _names(alert))
    return [[name, d["id"], _address(d)] for name, d in named]


def _names(alert: str) -> list[str]:
    return list(dict.fromkeys((alert, alert.partition("(")[0].strip())))


def _address(diagram: Record) -> str:
    gates = [g["gate"] for g in diagram["gates"]]
    gate = next((f"-{g}" for g in ("3am", "incident") if g in gates), "")
    return f"{diagram['docname']}.html#{slug(diagram['id'])}{gate}"


def _as_folder(address: str) -> str:
    """An address as the builder `dirhtml` writes it: a folder for each page."""
    page, _, fragment = address.partition("#")
    return f"{page.removesuffix('.html').removesuffix('index').rstrip('/')}/#{fragment}".removeprefix("/")


def read_text(name: str) -> str:
    """A file as it stands, line ends included, or standard input. Raises RefusalError."""
    try:
        if name == _STDIN:
            return sys.stdin.read()
        return Path(name).read_bytes().decode()
    except OSError as error:
        raise RefusalError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {name}: {error.reason}") from error


def _print(
    args: Namespace, terminal: Terminal, rows: Sequence[Record], texts: Mapping[str, tuple[str, str]]
) -> None:
    if args.json:
        terminal.give(rows)
        return
    for line in () if args.write else diff(texts):
        terminal.say(line)
    for row in rows:
        if row["state"] == "unknown":
            near = f" (near: {', '.join(row['near'])})" if row["near"] else ""
            terminal.say(f"{row['file']}:{row['line']}: {row['alert']} is not known{near}")
        if row["state"] == "by_hand":
            said = f"cannot be edited here; by hand: {KEY}: {json.dumps(row['url'])}"
            terminal.say(f"{row['file']}:{row['line']}: {row['alert']} {said}")
    counts = Counter(row["state"] for row in rows)
    told = [f"{counts['linked']} linked", f"{counts['kept']} with a runbook of their own"]
    told += [f"{counts['by_hand']} by hand"] if counts["by_hand"] else []
    terminal.note(f"{counted(len(rows), 'alert')}: {', '.join(told)}, {counts['unknown']} unknown")
    if args.write:
        terminal.note(f"wrote {counted(len(texts), 'file')}")
