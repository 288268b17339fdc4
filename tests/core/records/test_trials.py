"""The ledger of trials: what fits, what does not, and what is written is what is read."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from atlas.records.model import Place
from atlas.records.plan import Trial
from atlas.records.toml import Document, read_lines
from atlas.records.trials import commands_key, read_trials, render_trial

TODAY = date(2026, 11, 30)
COMMANDS = [("look", "queuectl depth", r"\d+"), ("drain", "queuectl drain", "nothing")]
KEY = commands_key(COMMANDS)
SHOWS = ("FULL", "FULL->DRAIN")
LAWFUL = render_trial(
    guide="debugging/queue-full",
    software="queued 2.1",
    day=date(2026, 11, 30),
    commands=("look", "drain"),
    key=KEY,
    shows=SHOWS,
)


def document(text: str, path: str = "source/_data/trials/x.toml") -> Document:
    return Document(path, tomllib.loads(text), read_lines(text))


def test_what_is_written_is_read():
    trials, findings = read_trials([document(LAWFUL)], today=TODAY)
    assert not findings
    place = Place("source/_data/trials/x.toml", 2)
    day = date(2026, 11, 30)
    wanted = Trial("debugging/queue-full", place, "queued 2.1", day, ("look", "drain"), KEY, SHOWS)
    assert trials == {"debugging/queue-full": wanted}


def test_a_key_knows_texts_and_expectations_and_no_order():
    assert commands_key(reversed(COMMANDS)) == KEY
    assert commands_key([("look", "queuectl depth -a", r"\d+"), COMMANDS[1]]) != KEY
    assert commands_key([("look", "queuectl depth", r"\d\d"), COMMANDS[1]]) != KEY


def test_a_guide_may_say_why_it_was_not_tried():
    text = '[trial]\nguide = "debugging/x"\nuntried = "no server of it can be had"\n'
    trials, findings = read_trials([document(text)], today=TODAY)
    assert (trials["debugging/x"].untried, findings) == ("no server of it can be had", [])


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("[trial]", "[trail]", "LEDGER002"),
        ('software = "queued 2.1"\n', "", "LEDGER002"),
        ("day = 2026-11-30\n", "", "LEDGER002"),
        ('commands = ["look", "drain"]', "commands = []", "LEDGER002"),
        ("day = 2026-11-30", 'day = "today"', "LEDGER002"),
        ("day = 2026-11-30", 'day = 2026-11-30\nuntried = "no"', "LEDGER002"),
        ('guide = "debugging/queue-full"\n', "", "LEDGER002"),
        ("day = 2026-11-30", "day = 2026-12-02", "LEDGER002"),
    ],
)
def test_a_planted_fault_is_seen_and_its_trial_left_out(good, bad, rule):
    assert good in LAWFUL
    trials, findings = read_trials([document(LAWFUL.replace(good, bad, 1))], today=TODAY)
    assert not trials
    assert findings
    assert {f.rule for f in findings} == {rule}


def test_a_guide_stands_once():
    trials, findings = read_trials([document(LAWFUL, "a.toml"), document(LAWFUL, "b.toml")], today=TODAY)
    assert [(f.rule, f.place.path) for f in findings] == [("LEDGER003", "b.toml")]
    assert trials["debugging/queue-full"].place.path == "a.toml"
