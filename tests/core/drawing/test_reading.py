"""What a scene says about its layout, and how lines meet the outlines of boxes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atlas.drawing import reading
from atlas.drawing.scene import Figure, Label, Line, Scene, Shape, Stroke

SQUARE = Shape("rect", (), (-50, -20, 50, 20))
A = Figure("node", "A", (SQUARE,), (Line(0, 0, "A"),), (0, 0))
B = Figure("node", "B", (SQUARE,), (Line(0, 0, "B"),), (300, 100))
FRAME = Figure("group", "G", (Shape("rect", (), (-60, -40, 60, 40)),), (Line(0, -30, "Group"),))
EDGE = Stroke("flow", "e", "M0 0L1 1", end="point")
ENDS = {"e": ("A", "B")}
PLACES = {"A": "", "B": ""}
SCENE = Scene((0, 0, 400, 200), (A, B), (EDGE,))


def read(scene, ends=ENDS, places=PLACES, direction="TB"):
    return reading.read_plan(scene, ends, places, direction)


def test_a_link_runs_from_what_the_engine_drew_above_to_what_it_drew_below():
    found = read(SCENE)
    assert [(link.upper, link.lower) for link in found.plan.links] == [("A", "B")]
    assert not found.upwards
    back = read(SCENE, {"e": ("B", "A")})
    assert [(link.upper, link.lower) for link in back.plan.links] == [("A", "B")]
    assert back.upwards == {"e"}


@pytest.mark.parametrize(("direction", "upper"), [("TB", "A"), ("BT", "A"), ("LR", "A"), ("RL", "B")])
def test_a_flow_to_the_side_is_turned_down(direction, upper):
    assert read(SCENE, direction=direction).plan.links[0].upper == upper


@pytest.mark.parametrize(
    ("scene", "ends", "places"),
    [
        (Scene((0, 0, 0, 0)), {}, {}),
        (replace(SCENE, figures=(A, B, replace(B, at=(0, 9)))), ENDS, PLACES),
        (replace(SCENE, figures=(A, B, replace(A, kind="note", id="N"))), ENDS, PLACES | {"N": ""}),
        (replace(SCENE, strokes=(EDGE, EDGE)), ENDS, PLACES),
        (replace(SCENE, strokes=(replace(EDGE, id="tie"),)), ENDS, PLACES),
        (replace(SCENE, labels=(Label("e", ("x",), (0, 0)), Label("e", ("y",), (0, 0)))), ENDS, PLACES),
        (replace(SCENE, labels=(Label("f", ("x",), (0, 0)),)), ENDS, PLACES),
        (SCENE, {"e": ("A", "C")}, PLACES),
        (SCENE, ENDS, {"A": ""}),
        (SCENE, ENDS, {"A": "lost", "B": ""}),
        (replace(SCENE, figures=(A, B, FRAME)), ENDS, PLACES | {"G": ""}),
        (replace(SCENE, figures=(A, B, FRAME)), {"e": ("A", "G")}, {"A": "G", "B": "", "G": ""}),
        (replace(SCENE, figures=(A, B, FRAME)), {"e": ("G", "A")}, {"A": "G", "B": "", "G": ""}),
        (replace(SCENE, figures=(A, B, FRAME)), {"e": ("G", "G")}, {"A": "G", "B": "", "G": ""}),
        (
            replace(SCENE, figures=(A, replace(B, at=(0, -90)), FRAME, replace(A, id="C", at=(0, -50)))),
            {"e": ("C", "G")},
            {"A": "G", "B": "G", "C": "", "G": ""},
        ),
    ],
    ids=[
        "nothing", "a box twice", "a note", "an edge twice", "a tie", "two labels of an edge",
        "a label of none", "no such end", "no such box", "no such group", "an empty group",
        "an edge to what is around it",
        "an edge from what is around it", "a group to itself", "a group around the other end",
    ],
)  # fmt: skip
def test_what_rows_do_not_know_is_left_to_the_engine(scene, ends, places):
    assert read(scene, ends, places) is None


def test_an_edge_to_a_group_is_known_where_all_of_it_lies_beyond():
    inside = replace(B, id="C", at=(0, 150))
    frame = replace(FRAME, at=(0, 140))
    found = read(
        replace(SCENE, figures=(A, B, frame, inside)),
        {"e": ("A", "G")},
        {"A": "", "B": "", "G": "", "C": "G"},
    )
    assert [(link.upper, link.lower) for link in found.plan.links] == [("A", "G")]
    assert list(found.plan.pairs()) == [("A", "C")]


def test_words_are_broken_evenly_and_never_within():
    long = "a very long label that never ends because somebody went on and on"
    lines = reading.break_words((long, "short"))
    assert " ".join(lines) == f"{long} short"
    widths = [reading.size_of((line,))[0] for line in lines[:-1]]
    assert max(widths) <= 218
    assert min(widths) > 0.5 * max(widths)
    assert reading.break_words(("x" * 60,)) == ("x" * 60,)
    assert reading.size_of(()) == (0, 0)


def test_words_that_have_no_room_between_boxes_are_seen():
    beside = replace(SCENE, figures=(A, replace(B, at=(160, 0))))
    assert reading.hides_words(replace(beside, labels=(Label("e", ("too long for a gap",), (80, 0)),)))
    assert not reading.hides_words(replace(beside, labels=(Label("e", ("short",), (80, 0)),)))
    assert not reading.hides_words(replace(beside, labels=(Label("e", ("too long for a gap",), (80, 60)),)))
    assert not reading.hides_words(beside)


def test_lines_are_broken_where_the_author_broke_them():
    label = Label("e", ("empty nodes: scatter", "reads", "from 6:00"), (0, 0))
    assert reading.as_written(label, {"e": "empty nodes: scatter reads\nfrom 6:00"}) == [
        "empty nodes: scatter reads",
        "from 6:00",
    ]
    assert reading.as_written(label, {"e": "other words"}) == label.texts
    assert reading.as_written(label, {}) == label.texts


DIAMOND = Shape("path", (("d", "M0 40L40 0L0 -40L-40 0Z"),), (-40, -40, 40, 40))
CIRCLE = Shape("circle", (), (-20, -20, 20, 20))
ARC = Shape("path", (("d", "M0 0a5 5 0 1 0 10 0"), ("transform", "translate(1 1)")), (-30, -10, 30, 10))
OPEN = Shape("path", (("d", "M-30 -10L30 10"),), (-30, -10, 30, 10), open=True)
LINE = Shape("path", (("d", "M-30 5L30 5"),), (-30, 5, 30, 5), open=True)


@pytest.mark.parametrize(
    ("shape", "at", "side", "expected"),
    [
        (SQUARE, 30, 1, -20), (SQUARE, 30, 3, 20), (SQUARE, 10, 2, 50), (SQUARE, 10, 0, -50),
        (DIAMOND, 10, 3, 30), (DIAMOND, 10, 1, -30), (DIAMOND, 0, 3, 40), (DIAMOND, 10, 2, 30),
        (CIRCLE, 12, 3, 16), (CIRCLE, 12, 1, -16), (CIRCLE, 99, 1, -20),
        (ARC, 5, 1, -10), (OPEN, 15, 3, 5), (LINE, 0, 2, 30),
    ],
)  # fmt: skip
def test_lines_meet_the_outline_of_a_shape(shape, at, side, expected):
    figure = Figure("node", "A", (shape,), (), (500, 300))
    assert reading.reach(figure, at, side=side) == pytest.approx(expected)


def test_lines_leave_a_rectangle_anywhere_and_what_is_round_in_its_middle():
    blocks = [
        read(replace(SCENE, figures=(replace(A, shapes=(shape,)), B))).plan.blocks["A"]
        for shape in (SQUARE, DIAMOND, CIRCLE)
    ]
    assert [(block.low, block.high) for block in blocks] == [(-36, 36), (-24, 24), (-14, 14)]


def test_an_edge_of_a_box_to_itself_makes_room_at_its_side():
    scene = replace(
        SCENE, strokes=(EDGE, replace(EDGE, id="again")), labels=(Label("again", ("once more",), (0, 0)),)
    )
    found = read(scene, {"e": ("A", "A"), "again": ("A", "A")})
    assert found.loops == {"A": ("e", "again")}
    block = found.plan.blocks["A"]
    assert block.left == 50
    assert block.right == 50 + reading.LOOP + reading.size_of(("once more",))[0]
    assert block.height == 2 * reading.LOOP
