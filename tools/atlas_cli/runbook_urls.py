"""For a team's Prometheus rules: a runbook_url for every alert that the atlas knows, and which it does not.

RULES are files with groups of rules, or PrometheusRule objects. The difference is printed; --write writes it
into the files, comments and order untouched. An alert that has a runbook_url keeps it, but for --replace.

Examples:
  atlas runbook-urls --base https://atlas.example.org/ rules/*.yaml
  atlas runbook-urls --base https://atlas.example.org/ --write rules/kafka.yaml
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from atlas.blocks import slug

from .mends import diff
from .project import Record, find_project, read_derived, write_whole
from .terminal import RefusalError, Terminal, counted

KEY = "runbook_url"
_FIRST = {"debugging": 0, "incidents": 1}


@dataclass(frozen=True, slots=True)
class Rule:
    """An alerting rule: its name, the line it stands on (from 1), and where its annotations are written."""

    alert: str
    line: int
    mapping: yaml.MappingNode

    def get(self, key: str) -> Any:
        """The node of a key of the rule; None where there is none."""
        return _value(self.mapping, key)

    @property
    def runbook(self) -> Any:
        """The node of its `runbook_url`; None where it has none."""
        annotations = self.get("annotations")
        return _value(annotations, KEY) if isinstance(annotations, yaml.MappingNode) else None


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that replaces what stands from `start` to `end` (characters)."""

    start: int
    end: int
    text: str


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rules", nargs="+", metavar="RULES", help="YAML files with alerting rules")
    parser.add_argument("--base", required=True, metavar="URL", help="where the atlas is published")
    parser.add_argument("--write", action="store_true", help="write into the files")
    parser.add_argument("--replace", action="store_true", help="also where an alert has a runbook_url")


def run(args: Namespace, terminal: Terminal) -> int:
    """0, or 1 where an alert is left without a runbook."""
    if not args.base.startswith("https://"):
        raise RefusalError(f"{args.base} is no https address", "--base https://atlas.example.org/")
    pages = read_pages(args, terminal)
    rows: list[Record] = []
    texts: dict[str, tuple[str, str]] = {}
    for name in args.rules:
        text = read_text(name)
        rules = read_rules(text, name)
        edited, told = link(text, rules, pages, replace=args.replace)
        check(edited, rules, name)
        rows += [row | {"file": name} for row in told]
        if edited != text:
            texts[name] = (text, edited)
    for name, (_, edited) in texts.items() if args.write else ():
        write_whole(Path(name), edited)
    _print(args, terminal, rows, texts)
    return 1 if any(not row["url"] for row in rows) else 0


def read_pages(args: Namespace, terminal: Terminal) -> dict[str, list[Record]]:
    """Alert name to the pages that answer it, guides first: id and address."""
    listed = read_derived(find_project(args.root), terminal, "alerts.json", list_alerts)
    base = args.base.rstrip("/")
    pages: dict[str, list[Record]] = defaultdict(list)
    for alert, id, address in listed:
        pages[alert].append({"id": id, "url": f"{base}/{address}"})
    return dict(pages)


def list_alerts(atlas: Record) -> list[list[str]]:
    """Alert, id and address of each page that answers an alert, in the order in which they are offered."""
    ordered = sorted(atlas["diagrams"], key=lambda d: (_FIRST.get(d["category"], 2), d["id"]))
    return [[alert.partition("(")[0], d["id"], _address(d)] for d in ordered for alert in d["alerts"]]


def _address(diagram: Record) -> str:
    gates = [g["gate"] for g in diagram["gates"]]
    gate = next((f"-{g}" for g in ("3am", "incident") if g in gates), "")
    return f"{diagram['docname']}.html#{slug(diagram['id'])}{gate}"


# Reading rules -----------------------------------------------------------------------------------


def read_text(name: str) -> str:
    """A file as it stands, line ends included. Raises RefusalError."""
    try:
        return Path(name).read_bytes().decode()
    except OSError as error:
        raise RefusalError(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RefusalError(f"cannot read {name}: {error.reason}") from error


def read_rules(text: str, name: str) -> list[Rule]:
    """The alerting rules of all documents of a file. Raises RefusalError."""
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        hint = "templates are rendered first: helm template … | atlas runbook-urls needs a file"
        raise RefusalError(f"{where}: broken YAML: {getattr(error, 'problem', error)}", hint) from error
    return [rule for document in documents for rule in _rules_of(document)]


def _rules_of(document: yaml.Node | None) -> Iterator[Rule]:
    """Rules below `groups`, `spec.groups`, or of each object of a list."""
    for item in _items(_value(document, "items")):
        yield from _rules_of(item)
    seen: set[int] = set()
    for groups in (_value(document, "groups"), _value(_value(document, "spec"), "groups")):
        for group in _items(groups):
            for rule in _items(_value(group, "rules")):
                alert = _value(rule, "alert")
                if (
                    isinstance(rule, yaml.MappingNode)
                    and isinstance(alert, yaml.ScalarNode)
                    and id(rule) not in seen
                ):
                    seen.add(id(rule))  # an alias is the same rule
                    yield Rule(alert.value, alert.start_mark.line + 1, rule)


def _items(node: Any) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _value(node: Any, key: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if getattr(name, "value", None) == key), None)


# Writing annotations -----------------------------------------------------------------------------


def link(
    text: str, rules: Iterable[Rule], pages: Mapping[str, Sequence[Record]], *, replace: bool
) -> tuple[str, list[Record]]:
    """The text with the annotations of all known alerts, and a row for each alert."""
    edits: list[Edit] = []
    rows = []
    for rule in rules:
        known = pages.get(rule.alert, ())
        has = str(rule.runbook.value) if rule.runbook is not None else ""
        state = "kept" if has and not (known and replace) else "linked" if known else "unknown"
        if state == "linked":
            edits.append(_edit(rule, known[0]["url"], text))
        rows.append(
            {
                "alert": rule.alert,
                "line": rule.line,
                "state": state,
                "url": has if state == "kept" else known[0]["url"] if known else "",
                "pages": [page["id"] for page in known],
                "near": [] if known else get_close_matches(rule.alert, pages, n=2, cutoff=0.75),
            }
        )
    return _apply(text, edits), rows


def _edit(rule: Rule, url: str, text: str) -> Edit:
    quoted = json.dumps(url)
    annotations, present = rule.get("annotations"), rule.runbook
    if present is not None:
        return Edit(present.start_mark.index, present.end_mark.index, quoted)
    if isinstance(annotations, yaml.MappingNode) and annotations.value:
        first = annotations.value[0][0].start_mark
        gap = ", " if annotations.flow_style else f"{_newline(text)}{' ' * first.column}"
        return Edit(first.index, first.index, f"{KEY}: {quoted}{gap}")
    if annotations is not None:
        return Edit(annotations.start_mark.index, annotations.end_mark.index, f"{{{KEY}: {quoted}}}")
    key, alert = next((name, value) for name, value in rule.mapping.value if name.value == "alert")
    if rule.mapping.flow_style:
        return Edit(key.start_mark.index, key.start_mark.index, f"annotations: {{{KEY}: {quoted}}}, ")
    newline, indent = _newline(text), " " * key.start_mark.column
    end = _end_of_line(text, alert.end_mark.index)
    return Edit(end, end, f"{newline}{indent}annotations:{newline}{indent}  {KEY}: {quoted}")


def _end_of_line(text: str, at: int) -> int:
    """Where the line ends on which a character stands, its break not included."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _apply(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def check(edited: str, rules: Sequence[Rule], name: str) -> None:
    """The edited text still holds the same alerts in the same order. Raises RefusalError."""
    if [rule.alert for rule in read_rules(edited, name)] != [rule.alert for rule in rules]:
        raise RefusalError(f"{name} is written in a way that cannot be edited", "--json lists the addresses")


# Telling -----------------------------------------------------------------------------------------


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
    states = [row["state"] for row in rows]
    told = f"{states.count('linked')} linked, {states.count('kept')} with a runbook of their own, "
    terminal.note(f"{counted(len(rows), 'alert')}: {told}{states.count('unknown')} unknown")
    if args.write:
        terminal.note(f"wrote {counted(len(texts), 'file')}")
