"""Edges that pass beside the boxes of others."""

from __future__ import annotations

import pytest

from atlas.drawing.outline import flatten
from atlas.drawing.routing import CLEAR, CORNER, route

TAIL = (0.0, 0.0, 100.0, 40.0)
HEAD = (300.0, 200.0, 400.0, 240.0)
BESIDE = (150.0, 90.0, 250.0, 140.0)


def turn(box):
    return box[1], box[0], box[3], box[2]


def course(points, *, tail=TAIL, head=HEAD, boxes=(TAIL, HEAD, BESIDE), across=False):
    data = route(points, tail, head, boxes, across=across)
    return flatten(data, steps=40)[0] if data else []


def inside(line, box):
    left, top, right, bottom = box
    return [p for p in line if left < p[0] < right and top < p[1] < bottom]


def test_an_edge_leaves_and_enters_on_the_sides_of_the_flow():
    line = course([(90.0, 40.0), (270.0, 115.0), (310.0, 200.0)])
    assert line[0] == (100 - CORNER, 40)
    assert line[-1] == (300 + CORNER, 200)


def test_an_edge_passes_a_row_straight_beside_its_boxes():
    line = course([(90.0, 40.0), (270.0, 115.0), (310.0, 200.0)])
    assert inside(line, BESIDE) == []
    assert {x for x, y in line if 90 - CLEAR <= y <= 140 + CLEAR} == {270}


def test_an_edge_that_goes_up_is_the_same_one_backwards():
    down = course([(90.0, 40.0), (270.0, 115.0), (310.0, 200.0)])
    up = course([(310.0, 200.0), (270.0, 115.0), (90.0, 40.0)], tail=HEAD, head=TAIL)
    assert [n for p in up for n in p] == pytest.approx([n for p in down[::-1] for n in p])


def test_a_flow_from_side_to_side_is_the_same_turned():
    down = course([(90.0, 40.0), (270.0, 115.0), (310.0, 200.0)])
    boxes = [turn(box) for box in (TAIL, HEAD, BESIDE)]
    points = [(40.0, 90.0), (115.0, 270.0), (200.0, 310.0)]
    over = course(points, tail=boxes[0], head=boxes[1], boxes=boxes, across=True)
    assert over == [(y, x) for x, y in down]


def test_a_course_waits_for_the_tallest_box_of_its_row():
    tall = (120.0, -40.0, 220.0, 80.0)
    line = course([(100.0, 20.0), (350.0, 150.0), (350.0, 200.0)], boxes=(TAIL, HEAD, tall))
    assert inside(line, tall) == []


def test_two_points_are_enough():
    assert course([(50.0, 40.0), (310.0, 200.0)])[-1] == (300 + CORNER, 200)


@pytest.mark.parametrize("points", [[(100.0, 20.0), (350.0, 30.0), (300.0, 20.0)]])
def test_there_is_no_way_between_boxes_of_one_row(points):
    assert course(points, head=(300.0, 0.0, 400.0, 40.0)) == []
