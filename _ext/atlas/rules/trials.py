"""What a trial has shown of a page, whether it is due again, and what contradicts the ledger of trials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from atlas.records.model import Finding, Role
from atlas.records.notes import CommandNote, DiagramNote
from atlas.records.plan import Ledgers, Trial
from atlas.records.trials import commands_key

from .evidence import key_of
from .figures import offer

_CLAIM = re.compile(r"(.+?) >= ([\d.]+)")


def is_due(trial: Trial, commands: Iterable[CommandNote]) -> bool:
    """True where a command that was tried says something else today, is gone, or is for newer versions."""
    said = {c.id: c for c in commands}
    tried = [said[id] for id in trial.commands if id in said]
    key = commands_key((c.id, c.text, c.expect) for c in tried)
    return len(tried) < len(trial.commands) or key != trial.key or _is_older(trial.software, tried)


def _is_older(software: str, tried: Iterable[CommandNote]) -> bool:
    """True where a command claims versions above the one that it was tried on."""
    name, _, version = software.rpartition(" ")
    claims = [claim for c in tried for tool in c.on if (claim := _CLAIM.fullmatch(tool))]
    return any(c[1].lower() == name.lower() and _numbers(c[2]) > _numbers(version) for c in claims)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def seen_parts(trial: Trial | None, commands: Iterable[CommandNote]) -> frozenset[str]:
    """The keys of boxes and arrows that a trial of the present commands has seen."""
    if trial is None or trial.untried or is_due(trial, commands):
        return frozenset()
    return frozenset(trial.shows)


def tell(trial: Trial | None, commands: Iterable[CommandNote]) -> str:
    """What readers are told of the trial of a page; nothing where the page was never to be tried."""
    if trial is None:
        return ""
    if trial.untried:
        return f"not tried: {trial.untried}"
    known = tuple(commands)
    due = ", and due again: its commands or their versions have changed since" if is_due(trial, known) else ""
    return f"{len(trial.commands)} of {len(known)} commands tried on {trial.software}, {trial.day}{due}"


def check_trials(diagrams: Mapping[str, DiagramNote], ledgers: Ledgers) -> Iterator[Finding]:
    """TRIAL001 for a trial of no page, TRIAL002 for a guide that was not tried and does not say why, TRIAL003
    for a trial that has seen what is not drawn. An atlas without a single trial owes none.
    """
    for id, trial in ledgers.trials.items():
        if id not in diagrams:
            hint = offer(id, diagrams, "delete it, or restore the page")
            yield Finding("TRIAL001", f"trial of the unknown page {id}", trial.place, hint)
        elif graph := diagrams[id].graph:
            drawn = [*map(key_of, graph.nodes), *map(key_of, graph.edges)]
            for part in trial.shows:
                if part not in drawn:
                    hint = offer(part, drawn, "name a box, or an arrow as TAIL->HEAD, in SHOWS of the trial")
                    yield Finding(
                        "TRIAL003", f"trial of {id} has seen {part}, which is not drawn", trial.place, hint
                    )
    for id, note in diagrams.items() if ledgers.trials else ():
        role = ledgers.house.role(note.category or id.partition("/")[0])
        if role is Role.GUIDE and id not in ledgers.trials:
            hint = f"try it (tests/trials), or say why not in {ledgers.folder}/trials: guide and untried"
            yield Finding("TRIAL002", f"guide {id} was not tried, and does not say why", note.place, hint, id)
