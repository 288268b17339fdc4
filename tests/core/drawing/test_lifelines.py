"""Sequences with narrow lifelines: where words are broken, and that none is lost."""

from __future__ import annotations

import pytest

from atlas.drawing import lifelines
from atlas.drawing.scene import Figure, Scene, Shape, Stroke

ORDER = ["A", "B", "C", "D"]
LONG = "a message of so many words that no page has room for them in one line"


def narrow(line: str) -> str:
    return lifelines.narrow(line, ORDER, 130)


@pytest.mark.parametrize(
    "line",
    [
        f"  participant A as {LONG}", f"  create actor A as {LONG}", f"  A->>B: {LONG}", f"  A-->>+B: {LONG}",
        f"  A-xB : {LONG}", f"  A--)-B: {LONG}", f"  A<<-->>B: {LONG}", f"  A->>A: {LONG}",
        f"  X->>Y: {LONG}", f"  Note over A,B: {LONG}", f"  note right of A: {LONG}",
    ],
)  # fmt: skip
def test_words_are_broken_and_all_kept(line):
    broken = narrow(line)
    assert broken.count("<br/>") >= 1
    assert broken.replace("<br/>", " ") == line


@pytest.mark.parametrize(
    "line",
    [
        "sequenceDiagram",
        "  box edge",
        "  loop every member of it, as long as it lasts",
        "  participant A",
        "  A->>B: ok",
        "",
    ],
)
def test_what_fits_or_is_no_message_stays(line):
    assert narrow(line) == line


def test_a_message_past_other_lifelines_has_their_room():
    assert narrow(f"A->>D: {LONG}").count("<br/>") < narrow(f"A->>B: {LONG}").count("<br/>")
    assert narrow(f"Note over A,D: {LONG}").count("<br/>") < narrow(f"Note over A: {LONG}").count("<br/>")


def test_what_belongs_together_is_not_parted():
    broken = narrow("A->>B: ping by UDP, one member each 1 s, then force-leave db.r6g.2xlarge-in-us-east-1a")
    for whole in ("1 s,", "force-leave", "db.r6g.2xlarge-in-us-east-1a"):
        assert whole in broken


def test_breaks_of_the_author_are_kept():
    assert narrow("A->>B: one<br>two\\nthree") == "A->>B: one<br/>two<br/>three"


def test_frames_and_lifelines_end_below_the_last_message():
    group = Figure("group", "edge", (Shape("rect", (), (0, 0, 100, 200)),))
    life = Stroke("life", "", "M50 20L50 200")
    scene = Scene((0, 0, 100, 200), (group,), (life, Stroke("flow", "i1", "M0 1L2 3")))
    deeper = lifelines.deepen(scene)
    assert (deeper.view, deeper.figures[0].box) == ((0, 0, 100, 210), (0, 0, 100, 210))
    assert [stroke.data for stroke in deeper.strokes] == ["M50 20L50 210", "M0 1L2 3"]


def test_without_frames_nothing_has_to_be_deeper():
    scene = Scene((0, 0, 100, 200), (), (Stroke("life", "", "M50 20L50 200"),))
    assert lifelines.deepen(scene) == scene
