"""Alerting rules in YAML files: found, linked to the pages that answer them, and edited in place.

The text around an edit stays as it is, comments and order included; what comes out is read back and compared.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import compress
from typing import Any

from .project import Record
from .terminal import RefusalError

try:
    import yaml
except ImportError as error:
    hint = "pip install 'production-atlas[alerts]'"
    raise RefusalError("alerting rules are YAML, and PyYAML is not here to read it", hint) from error

KEY = "runbook_url"
_HELM = "templates are rendered first: helm template … | atlas runbook-urls needs a file"
_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Rule:
    """An alerting rule: its name, the line it stands on (from 1), and where its annotations are written."""

    alert: str
    line: int
    mapping: yaml.MappingNode

    @property
    def runbook(self) -> str:
        """Its `runbook_url`, its own or one that `<<` brings; empty where it has none."""
        found = _value(_value(self.mapping, "annotations"), KEY)
        return str(found.value) if found is not None else ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that replaces what stands from `start` to `end` (characters)."""

    start: int
    end: int
    text: str


def link_file(
    text: str, name: str, pages: Mapping[str, Sequence[Record]], *, replace: bool
) -> tuple[str, list[Record]]:
    """As `link`, for a file. Raises RefusalError."""
    try:
        edited, rows = link(text, compose(text), pages, replace=replace)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise RefusalError(f"{where}: broken YAML: {getattr(error, 'problem', error)}", _HELM) from error
    except RecursionError as error:
        raise RefusalError(f"{name}: broken YAML: nested too deeply", _HELM) from error
    return edited, [row | {"file": name} for row in rows]


def compose(text: str) -> list[yaml.Node]:
    """The documents of a text. Raises yaml.YAMLError, and RecursionError where it is nested too deeply."""
    documents: list[yaml.Node | None] = [*yaml.compose_all(text, Loader=yaml.SafeLoader)]
    return [node for node in documents if node is not None]


def find_rules(documents: Iterable[yaml.Node]) -> list[Rule]:
    """The alerting rules of all documents; an alias is the same rule."""
    return list({id(r.mapping): r for document in documents for r in _rules_of(document)}.values())


def _rules_of(document: yaml.Node) -> Iterator[Rule]:
    """Rules below `groups`, `spec.groups`, or of each object of a list."""
    for item in _items(_value(document, "items")):
        yield from _rules_of(item)
    for groups in (_value(document, "groups"), _value(_value(document, "spec"), "groups")):
        for group in _items(groups):
            for rule in _items(_value(group, "rules")):
                alert = _value(rule, "alert")
                if isinstance(rule, yaml.MappingNode) and isinstance(alert, yaml.ScalarNode):
                    yield Rule(alert.value, (_own(rule, "alert") or rule).start_mark.line + 1, rule)


def _items(node: Any) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _value(node: Any, key: str) -> Any:
    """The node of a key, its own or one that `<<` brings; None where there is none."""
    found = [_own(node, key), *(_value(base, key) for base in _bases(node))]
    return next((value for value in found if value is not None), None)


def _own(node: Any, key: str) -> Any:
    return next((value for name, value in _pairs(node) if name.value == key), None)


def _pairs(node: Any) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _bases(node: Any) -> Iterator[yaml.Node]:
    """The mappings that a mapping takes in by `<<`, the strongest first."""
    for name, value in _pairs(node):
        if name.tag == _MERGE:
            yield from _items(value) or [value]


def link(
    text: str, documents: Sequence[yaml.Node], pages: Mapping[str, Sequence[Record]], *, replace: bool
) -> tuple[str, list[Record]]:
    """The text with the annotations of the known alerts, and a row for each alert.

    An edit after which the text would say something else is left to be done by hand.
    """
    editor = _Editor(text, documents)
    rules = find_rules(documents)
    rows = [_row(rule, pages, replace=replace) for rule in rules]
    made = [
        editor.edit(r, row["url"]) if row["state"] == "linked" else None
        for r, row in zip(rules, rows, strict=True)
    ]
    edits = {number: edit for number, edit in enumerate(made) if edit is not None}

    def outcome(chosen: frozenset[int]) -> tuple[str, list[Record]]:
        told = [
            row | {"state": "by_hand"} if row["state"] == "linked" and number not in chosen else row
            for number, row in enumerate(rows)
        ]
        return apply(text, [edits[number] for number in chosen]), told

    return outcome(choose([*edits], frozenset(), lambda chosen: check(documents, *outcome(chosen))))


def choose(
    offered: Sequence[int], kept: frozenset[int], holds: Callable[[frozenset[int]], bool]
) -> frozenset[int]:
    """`kept`, and as much of what is offered as holds together with it; what does not is found by halves."""
    if not offered or holds(kept.union(offered)):
        return kept.union(offered)
    if len(offered) == 1:
        return kept
    half = len(offered) // 2
    return choose(offered[half:], choose(offered[:half], kept, holds), holds)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits that do not overlap."""
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _row(rule: Rule, pages: Mapping[str, Sequence[Record]], *, replace: bool) -> Record:
    """What is to become of a rule: linked, kept, or unknown to the atlas."""
    known = pages.get(rule.alert, ())
    url = str(known[0]["url"]) if known else ""
    if rule.runbook and not (known and replace):
        state, url = "kept", rule.runbook
    elif not known:
        state = "unknown"
    else:
        state = "linked"
    return {
        "alert": rule.alert,
        "line": rule.line,
        "state": state,
        "url": url,
        "pages": [page["id"] for page in known],
        "near": [] if known else get_close_matches(rule.alert, pages, n=2, cutoff=0.75),
    }


class _Editor:
    """Makes edits of a text, each where no other rule sees it."""

    def __init__(self, text: str, documents: Iterable[yaml.Node]) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        is_json = _is_json(text)
        self._key, self._annotations = (json.dumps(n) if is_json else n for n in (KEY, "annotations"))
        nodes = list(_walk(documents))
        uses = Counter(id(part) for node in nodes for pair in _pairs(node) for part in pair)
        self._shared = {id for id, count in uses.items() if count > 1}
        self._bases = {id(base) for node in nodes for base in _bases(node)}

    def edit(self, rule: Rule, url: str) -> Edit | None:
        """What gives a rule its runbook; None where that would give it to another, or take something away."""
        own = _own(rule.mapping, "annotations")
        if id(rule.mapping) in self._bases or own is not _value(rule.mapping, "annotations"):
            return None
        quoted = json.dumps(url)
        return self._annotate(rule, quoted) if own is None else self._fill(rule, own, quoted)

    def _annotate(self, rule: Rule, quoted: str) -> Edit | None:
        """Annotations for a rule without any."""
        name, alert = next((p for p in _pairs(rule.mapping) if p[0].value == "alert"), (None, None))
        if name is None or alert is None or id(alert) in self._shared:
            return None
        if rule.mapping.flow_style:
            at = name.start_mark.index
            return Edit(at, at, f"{self._annotations}: {{{self._key}: {quoted}}}, ")
        indent = " " * name.start_mark.column
        end = self._end_of_line(alert.end_mark.index)
        lines = ["", f"{indent}annotations:", f"{indent}  {KEY}: {quoted}"]
        return Edit(end, end, self._newline.join(lines))

    def _fill(self, rule: Rule, annotations: yaml.Node, quoted: str) -> Edit | None:
        """A runbook in annotations that stand there."""
        present = _own(annotations, KEY)
        if {id(annotations), id(present)} & self._shared:
            return None
        if present is not None:
            return self._replace(present, quoted)
        if not _pairs(annotations):
            hollow = isinstance(annotations, yaml.MappingNode) or annotations.tag == _NULL
            return self._begin(rule, annotations, quoted) if hollow else None
        first = _pairs(annotations)[0][0].start_mark
        flow = getattr(annotations, "flow_style", False)
        gap = ", " if flow else f"{self._newline}{' ' * first.column}"
        return Edit(first.index, first.index, f"{self._key}: {quoted}{gap}")

    def _begin(self, rule: Rule, empty: yaml.Node, quoted: str) -> Edit:
        """The first annotation where nothing or an empty mapping stands."""
        if empty.start_mark.index < empty.end_mark.index or rule.mapping.flow_style:
            return self._replace(empty, f"{{{self._key}: {quoted}}}")
        name = next(name for name, value in _pairs(rule.mapping) if value is empty)
        end = self._end_of_line(empty.end_mark.index)
        return Edit(end, end, f"{self._newline}{' ' * name.start_mark.column}  {KEY}: {quoted}")

    def _replace(self, node: yaml.Node, text: str) -> Edit:
        """Another text for a value; a block's span ends behind the line break, and nothing's at its colon."""
        start, end = node.start_mark.index, node.end_mark.index
        end = start + len(self._text[start:end].rstrip())
        return Edit(start, end, text if self._text[start - 1].isspace() else f" {text}")

    def _end_of_line(self, at: int) -> int:
        """Where the line ends on which a character stands, its break not included."""
        end = self._text.find("\n", at)
        end = len(self._text) if end < 0 else end
        return end - 1 if self._text[end - 1 : end] == "\r" else end


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _walk(nodes: Iterable[yaml.Node]) -> Iterator[yaml.Node]:
    """All nodes, those once that have aliases."""
    ahead, seen = list(nodes), set()
    while ahead:
        node = ahead.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            ahead += [*_items(node), *(part for pair in _pairs(node) for part in pair)]


def check(documents: Sequence[yaml.Node], edited: str, rows: Sequence[Record]) -> bool:
    """True where the edited text says the same but for the runbooks, and these are those that are told."""
    try:
        again = compose(edited)
    except yaml.YAMLError:
        return False
    is_linked = [row["state"] == "linked" for row in rows]
    before, after = find_rules(documents), find_rules(again)
    told = [
        row["url"] if row["state"] == "linked" else rule.runbook
        for rule, row in zip(before, rows, strict=True)
    ]
    return (
        [_digest(d, {}) for d in documents] == [_digest(d, {}) for d in again]
        and [rule.runbook for rule in after] == told
        and not any(map(_has_double, _walk(rule.mapping for rule in compress(after, is_linked))))
    )


def _digest(node: yaml.Node, known: dict[int, str]) -> str:
    """What a node says but for runbooks; annotations that hold nothing else are none."""
    if id(node) not in known:
        if isinstance(node, yaml.MappingNode):
            pairs = [(name, value) for name, value in _pairs(node) if name.value != KEY]
            said = [f"{_digest(n, known)}: {_digest(v, known)}" for n, v in pairs if not _is_hollow(n, v)]
        else:
            said = [_digest(item, known) for item in _items(node)] or [node.tag, str(node.value)]
        known[id(node)] = hashlib.sha256(repr((type(node).__name__, said)).encode()).hexdigest()
    return known[id(node)]


def _is_hollow(name: yaml.Node, value: yaml.Node) -> bool:
    empty = value.tag == _NULL or (
        isinstance(value, yaml.MappingNode) and all(n.value == KEY for n, _ in _pairs(value))
    )
    return bool(name.value == "annotations" and empty)


def _has_double(node: yaml.Node) -> bool:
    names = [name.value for name, _ in _pairs(node) if isinstance(name, yaml.ScalarNode)]
    return len(names) > len(set(names))
