"""Quantities in words, and numerals of other scripts."""

from __future__ import annotations

import pytest

from atlas.rules.spelt import typed_figures, typed_numerals, typed_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("two million users, half a billion rows", ["two million", "half a billion"]),
        ("twenty-five thousand jobs", ["twenty-five thousand"]),
        (
            "one hundred and twenty-five thousand three hundred",
            ["one hundred and twenty-five thousand three hundred"],
        ),
        ("two million three hundred thousand rows", ["two million three hundred thousand"]),
        ("a hundred and fifty nodes", ["a hundred and fifty"]),
        ("eleven hosts, Thirty operators", ["eleven", "Thirty"]),
        (
            "dozens of hosts, millions of users, tens of thousands",
            ["dozens", "millions", "tens", "thousands"],
        ),
        ("several million rows, a dozen nodes, a million", ["several million", "a dozen", "a million"]),
        ("after ten seconds, a five-minute window", ["ten", "five"]),
        ("three percent, two a day, five nines", ["three", "two", "five"]),
        ("zero seconds", ["zero"]),
        ("a couple of hundred, couple of dozens", ["couple of hundred", "couple of dozens"]),
        ("four times as many, ten times the load, tenfold", ["four", "ten", "tenfold"]),
        (
            "a third of requests, two-thirds, three quarters of it",
            ["a third", "two-thirds", "three quarters"],
        ),
        ("half of all nodes, half the disk, cut by half", ["half", "half", "half"]),
        ("half an hour, half a dozen, an hour and a half", ["half an", "half a dozen", "a half"]),
        ("one in ten failed, nine out of ten", ["one in ten", "nine out of ten"]),
    ],
)
def test_a_quantity_in_words(text: str, words: list[str]) -> None:
    assert [word.strip() for word in typed_words(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "two copies, three kinds of answer, ten members, zero lines",
        "one by one, each one more, two more of the kind, the two of us",
        "an hour later, a minute apart, a second cluster, once a day, a third replica, the third number",
        "a couple of hosts, the couple",
        "twice as many, doubled, several keys, many users, a few requests, twofold",
        "half-way, one half-open attempt, the other half, the second half of the year, half a body",
        "the short half; the others",
        "that quarter, two quarters, the first quarter",
        "Run it ten times, with pauses; three times, at last",
        "the ninety-ninth percentile",
        "two of three members, one in the store, three in one, four out there",
        "… a million series",
    ],
)
def test_what_only_tells_things_apart(text: str) -> None:
    assert typed_words(text) == []


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("XIV nodes and III hosts, xii users", ["XIV", "III", "xii"]),
        ("三万 users, 百 users", ["三万", "百"]),
        ("Type II users, World War II users, CI jobs, ML jobs, XL nodes, VI", []),
        ("三菱 and 一般", []),
    ],
)
def test_numerals_of_other_scripts(text: str, numerals: list[str]) -> None:
    assert typed_numerals(text) == numerals


def test_all_figures_in_one_go() -> None:
    assert list(typed_figures("5 users, a dozen hosts, XIV nodes")) == ["5", "a dozen", "XIV"]
