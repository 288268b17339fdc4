"""The ledger of trials: which guide was tried on what, when, by which of its commands, or why it was not.

A trial is written by the tests that ran it, one file a guide, and never by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from .model import Finding
from .plan import Trial
from .toml import Document, Key, misfit, take

_TRIAL: Mapping[str, Key] = MappingProxyType(
    {
        "guide": Key(str, required=True),
        "software": Key(str),
        "day": Key(date),
        "commands": Key(list),
        "key": Key(str),
        "shows": Key(list),
        "untried": Key(str),
    }
)


def read_trials(documents: Iterable[Document]) -> tuple[dict[str, Trial], list[Finding]]:
    """Guide to its trial, and what does not fit: LEDGER002, LEDGER003 for a guide that stands twice."""
    trials: dict[str, Trial] = {}
    findings: list[Finding] = []
    for document in documents:
        for name in document.tables:
            if name != "trial":
                findings.append(
                    misfit(f"`{name}` does not belong here", document.place(name), "write [trial]")
                )
                continue
            table, faults = take(document, (name,), _TRIAL)
            findings += faults
            place = document.place(name)
            if faults or (fault := _fault(table)):
                findings += (
                    [] if faults else [misfit(fault, place, "let `tox -e trials -- --record` write it")]
                )
                continue
            table |= {key: tuple(table.get(key, ())) for key in ("commands", "shows")}
            trial = Trial(place=place, **table)
            if trial.guide in trials:
                message = f"guide {trial.guide} stands at {trials[trial.guide].place} already"
                findings.append(Finding("LEDGER003", message, place, "keep one"))
            trials.setdefault(trial.guide, trial)
    return trials, findings


def _fault(table: Mapping[str, object]) -> str:
    """What a trial lacks: it says on what, when and by which commands, or why there is none."""
    tried = [key for key in ("software", "day", "commands", "key") if table.get(key)]
    if table.get("untried"):
        return f"a guide that was not tried has no `{tried[0]}`" if tried else ""
    lacking = [key for key in ("software", "day", "commands", "key") if key not in tried]
    return f"the trial has no `{lacking[0]}`" if lacking else ""


def commands_key(commands: Iterable[tuple[str, str, str]]) -> str:
    """MD5 over (id, text, expect) of the commands that were tried: where it moves, the trial is due again."""
    said = json.dumps(sorted(commands), ensure_ascii=False)
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def render_trial(
    *, guide: str, software: str, day: date, commands: Iterable[str], key: str, shows: Iterable[str] = ()
) -> str:
    """A trial as the file that `read_trials` reads."""
    fields = {"guide": guide, "software": software, "commands": [*commands], "key": key, "shows": [*shows]}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    lines.insert(2, f"day = {day}")
    return "\n".join(["# Written by the trial itself: tox -e trials -- --record", "[trial]", *lines]) + "\n"
