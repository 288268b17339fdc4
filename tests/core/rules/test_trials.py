"""Trials: what they make of a page's boxes, when they are due again, and who owes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.core.conftest import HERE, TODAY, note

from atlas.records.model import Place, Standing
from atlas.records.notes import CommandNote, Edge, Graph, Node, Notes
from atlas.records.plan import Ledgers, Trial
from atlas.records.trials import commands_key
from atlas.rules.atlas import Atlas
from atlas.rules.seal import seal
from atlas.rules.trials import is_due, tell
from atlas.views.metrics import count_tried

ID = "debugging/x"
LOOK = CommandNote("look", ID, HERE, "queuectl depth", ID, effect="reads", on=("queued",), expect=r"\d+")
DRAIN = replace(LOOK, id="drain", text="queuectl drain", effect="changes")
KEY = commands_key([("look", LOOK.text, LOOK.expect)])
TRIED = Trial(ID, Place("t"), "queued 2.1", date(2026, 11, 20), ("look",), KEY, ("A", "A->B"))
GRAPH = Graph("flowchart", nodes=(Node("A", "a", 1), Node("B", "b", 2)), edges=(Edge("A", "B", "x", 3),))


def sealed(*trials: Trial, look: CommandNote = LOOK) -> Atlas:
    ledgers = Ledgers(trials={t.guide: t for t in trials})
    return seal(Notes(diagrams=(note(ID, GRAPH),), commands=(look, DRAIN)), ledgers, today=TODAY)


def rules(atlas: Atlas) -> list[str]:
    return [f.rule for f in atlas.findings if f.rule.startswith("TRIAL")]


def test_what_a_trial_has_seen_is_tried():
    atlas = sealed(TRIED)
    told = {key: str(standing) for key, standing in atlas.diagrams[ID].standing.items()}
    assert told == {"A": "tried", "B": "advice", "A->B": "tried"}
    assert count_tried(atlas) == 1
    assert rules(atlas) == []


def test_a_command_that_moved_makes_it_due():
    moved = replace(LOOK, text="queuectl depth --all")
    atlas = sealed(TRIED, look=moved)
    assert set(atlas.diagrams[ID].standing.values()) == {Standing.ADVICE}
    assert (is_due(TRIED, [LOOK, DRAIN]), is_due(TRIED, [moved]), is_due(TRIED, [DRAIN])) == (
        False,
        True,
        True,
    )
    assert count_tried(atlas) == 0


def test_a_claim_above_the_version_that_was_tried_makes_it_due():
    for on, due in (
        (("queued >= 2.1", "linux"), False),
        (("Queued >= 2.2",), True),
        (("queued >= 2.10",), True),
        (("other >= 3.0",), False),
    ):
        assert is_due(TRIED, [replace(LOOK, on=on)]) is due


def test_readers_are_told():
    assert tell(None, []) == ""
    assert tell(Trial(ID, HERE, untried="no cluster"), []) == "not tried: no cluster"
    assert tell(TRIED, [LOOK, DRAIN]) == "1 of 2 commands tried on queued 2.1, 2026-11-20"
    assert tell(TRIED, [DRAIN]).endswith(", and due again: its commands or their versions have changed since")


def test_a_trial_has_seen_only_what_is_drawn():
    atlas = sealed(replace(TRIED, shows=("A", "A->B", "B->A", "C")))
    told = [f.message for f in atlas.findings if f.rule == "TRIAL003"]
    assert told == [f"trial of {ID} has seen {part}, which is not drawn" for part in ("B->A", "C")]
    undrawn = seal(Notes(diagrams=(note(ID, None),)), Ledgers(trials={ID: TRIED}), today=TODAY)
    assert "TRIAL003" not in {f.rule for f in undrawn.findings}


def test_who_owes_a_trial():
    assert rules(sealed()) == []
    assert rules(sealed(Trial(ID, HERE, untried="no cluster"))) == []
    assert rules(sealed(Trial(ID, HERE, untried="TODO"))) == ["TRIAL002"]
    assert count_tried(sealed(Trial(ID, HERE, untried="no cluster"))) == 0
    other = replace(TRIED, guide="debugging/gone")
    assert sorted(rules(sealed(other))) == ["TRIAL001", "TRIAL002"]
