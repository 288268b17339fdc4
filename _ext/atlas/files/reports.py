"""Findings in four formats: text, JSON, SARIF and the annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from urllib.parse import quote

from atlas import __version__
from atlas.records.model import Finding, Place
from atlas.rules.table import RULES, Rule, severity

_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Json: TypeAlias = "str | int | float | list[Json] | dict[str, Json] | None"
Record: TypeAlias = dict[str, Json]


def dump(data: Mapping[str, object] | list[Record], *, indent: int | None = None) -> str:
    """JSON with sorted keys and a newline at its end: equal data gives equal text. An indent costs time."""
    return json.dumps(data, ensure_ascii=False, indent=indent, sort_keys=True, allow_nan=False) + "\n"


def place(place: Place) -> Record:
    return {"path": place.path, "line": place.line}


def finding_record(finding: Finding) -> Record:
    """A finding as plain data, with the severity of its rule."""
    return {
        "rule": finding.rule,
        "severity": severity(finding.rule),
        "message": finding.message,
        "path": finding.place.path,
        "line": finding.place.line,
        "hint": finding.hint,
        "diagram": finding.diagram,
    }


def text(findings: Iterable[Finding]) -> str:
    """One line a finding: `path:line: severity RULE message (hint)`."""
    return "".join(f"{_text_line(f)}\n" for f in findings)


def _text_line(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint else ""
    said = " ".join(f"{severity(finding.rule)} {finding.rule} {finding.message}{hint}".split())
    return f"{finding.place}: {said}" if finding.place.path else said


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON list of records; their keys are `rule severity message path line hint diagram`."""
    return dump([finding_record(f) for f in findings], indent=1)


def sarif(findings: Iterable[Finding]) -> str:
    """SARIF 2.1.0 with every rule of the atlas, for code scanning services."""
    driver = {"name": "atlas", "version": __version__, "rules": [_sarif_rule(r) for r in RULES.values()]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "results": [_sarif_result(f) for f in findings],
    }
    return dump({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=1)


def _sarif_rule(rule: Rule) -> Record:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(finding: Finding) -> Record:
    said = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    result: Record = {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": severity(finding.rule),
        "message": {"text": said},
    }
    if finding.place.path:
        result["locations"] = [{"physicalLocation": _sarif_location(finding.place)}]
    return result


def _sarif_location(place: Place) -> Record:
    location: Record = {"artifactLocation": {"uri": quote(place.path)}}
    if place.line:
        location["region"] = {"startLine": place.line}
    return location


def github(findings: Iterable[Finding]) -> str:
    """Workflow commands, one a line, which GitHub shows beside the changed lines."""
    return "".join(f"{_github_line(f)}\n" for f in findings)


def _github_line(finding: Finding) -> str:
    place = finding.place
    properties = {"file": place.path, "line": place.line, "title": finding.rule}
    given = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items() if value)
    said = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{severity(finding.rule)} {given}::{_escape_data(said)}"


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Iterable[Finding]], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "github": github,
}
