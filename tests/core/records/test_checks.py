"""The ledger of checks: what fits, what contradicts itself, and what is written is what is read."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from atlas.records.checks import (
    HEAD,
    check_of,
    checks_of,
    evidence_id,
    evidence_key,
    fact_key,
    read_checks,
    render_checks,
)
from atlas.records.model import Extent, Fact, Place, Source, Tier
from atlas.records.plan import Check, Cited, Newest
from atlas.records.toml import Document, read_lines

TODAY = date(2026, 11, 30)
AT = "a" * 40
PATH = "source/_data/checks/queued.toml"
FACT = Fact("queued/manual:limit", "1 M jobs", "the limit", Place("x"), text="1 million jobs")
DERIVED = replace(FACT, id="queued/manual:twice", derived="limit * 2")
SOURCE = Source(
    *(
        "queued/manual",
        "manual",
        "https://github.com/example/queued",
        "queued",
        Tier.DOCS,
        TODAY,
        Extent.FULL,
    ),
    *(Place("x"),),
    facts=(FACT, DERIVED),
)
STANDS = Check(
    FACT.id,
    Place(PATH, 2),
    fact_key(SOURCE, FACT),
    TODAY,
    Cited.SEEN,
    "words",
    Newest.STANDS,
    AT,
    date(2026, 8, 1),
)
MOVED = replace(
    STANDS, id="queued/manual:moved", newest=Newest.MOVED, path="docs/new.md", place=Place(PATH, 3)
)
UNREAD = Check(
    evidence_id("queued/manual", 'a "word" \x7f'),
    Place(PATH, 4),
    "k",
    TODAY,
    Cited.UNREAD,
    why="no copy of it",
)
ONLY_CITED = replace(STANDS, id="queued/manual:post", newest=None, at="", of=None, place=Place(PATH, 5))


def document(text: str, path: str = PATH) -> Document:
    return Document(path, tomllib.loads(text), read_lines(text))


def read(*checks: Check, path: str = PATH):
    return read_checks([document(render_checks(checks), path)], today=TODAY)


def test_what_is_written_is_read_one_line_a_claim_in_order():
    ordered = sorted((MOVED, UNREAD, STANDS, ONLY_CITED), key=lambda c: c.id)
    text = render_checks(reversed(ordered))
    assert text.startswith(HEAD)
    assert text.count("\n") == 5
    checks, findings = read_checks([document(text)], today=TODAY)
    assert not findings
    assert [replace(c, place=Place("")) for c in checks.values()] == [
        replace(c, place=Place("")) for c in ordered
    ]
    assert [c.place.line for c in checks.values()] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (replace(STANDS, id="kafka/docs:x"), "is not of queued"),
        (replace(STANDS, on=date(2026, 12, 9)), "lies in the future"),
        (replace(STANDS, of=date(2026, 12, 9)), "lies in the future"),
        (replace(STANDS, at=""), "not in which text"),
        (replace(STANDS, of=None, newest=Newest.GONE), "not in which text"),
        (replace(MOVED, path=""), "does not say where it moved"),
        (replace(STANDS, path="docs/new.md"), "gives a `path` where nothing moved"),
        (replace(UNREAD, why=""), "does not say why it was not read"),
        (replace(STANDS, newest=Newest.UNREAD), "does not say why it was not read"),
    ],
)
def test_a_row_that_contradicts_itself_is_left_out(check, told):
    checks, findings = read(check)
    assert not checks
    [finding] = findings
    assert finding.rule == "CHECK001"
    assert told in finding.message
    assert finding.place == Place(PATH, 2)


def test_a_row_that_does_not_fit_is_left_out():
    checks, findings = read_checks([document('"queued/manual:x" = { cited = "perhaps" }\n')], today=TODAY)
    assert not checks
    assert {f.rule for f in findings} == {"LEDGER002"}


def test_of_two_rows_the_first_counts():
    documents = [
        document(render_checks([STANDS])),
        document(render_checks([STANDS]), PATH.replace("checks", "old")),
    ]
    checks, findings = read_checks(documents, today=TODAY)
    assert list(checks) == [STANDS.id]
    assert [f.rule for f in findings] == ["CHECK002"]
    assert f"{PATH}:2" in findings[0].message


def test_a_check_is_of_words_as_they_stood():
    assert check_of(SOURCE, FACT, {FACT.id: STANDS}) is STANDS
    assert check_of(SOURCE, replace(FACT, text="2 million jobs"), {FACT.id: STANDS}) is None
    assert check_of(SOURCE, FACT, {}) is None
    assert list(checks_of([SOURCE], {FACT.id: STANDS})) == [(SOURCE, FACT, STANDS)]
    assert evidence_key(SOURCE) != evidence_key(replace(SOURCE, commit=AT))


def test_what_was_seen_and_what_stands():
    assert STANDS.seen
    assert STANDS.stands
    assert MOVED.stands
    assert replace(STANDS, cited=Cited.BESIDE).seen
    assert not UNREAD.seen
    assert not replace(STANDS, newest=Newest.CHANGED).stands
    assert not ONLY_CITED.stands
