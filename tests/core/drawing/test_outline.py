"""Numbers and paths: rounded, flattened, thinned."""

from __future__ import annotations

from math import cos, pi, sin

import pytest

from atlas.drawing import outline

RING = [(5 + 7 * cos(i * pi / 8), 3 + 7 * sin(i * pi / 8)) for i in range(17)]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.04, "0"), (1.25, "1.2"), (-7.96, "-8"), (100, "100"), (0.5, "0.5")]
)
def test_numbers_are_short(value, text):
    assert outline.number(value) == text


@pytest.mark.parametrize(
    ("path", "tidied"),
    [
        ("M0,15.638 a103.74,15.6 0,0,0 207.48,0\nl0,54.601", "M0,15.6 a103.7,15.6 0,0,0 207.5,0 l0,54.6"),
        ("M 1e-7 .5z", "M 0 0.5z"),
        ("M0 0 url(https://evil.example/)", ""),
        ('M0 0"/><script>', ""),
        ("", ""),
    ],
)
def test_only_path_data_is_tidied(path, tidied):
    assert outline.tidy(path) == tidied


@pytest.mark.parametrize(
    ("path", "answer"), [("M0 0L1 1C1 2, 3 4, 5e-3 6Z", True), ("M0 0l1 1", False), ("A1", False)]
)
def test_absolute_paths_are_told(path, answer):
    assert outline.is_absolute(path) is answer


def test_curves_are_cut_into_straight_stretches():
    (line, second) = outline.flatten("L9 9C1 1 1 1 1 1M0 0L10 0C10 0,20 10,20 10M5 5", steps=2)
    assert line == [(0, 0), (10, 0), (15, 5), (20, 10)]
    assert second == [(5, 5)]


def test_a_curve_is_written_tightly():
    assert outline.curve("M0,0L4.16,-82C264.2,82 1,1 0,0", (1, 1)) == "M1 1L5.2-81C265.2 83 2 2 1 1"
    assert outline.curve("") == ""


def test_thinning_keeps_the_course():
    line = [(float(i), 0.1 * (i % 2)) for i in range(10)] + [(9.0, 9.0)]
    assert outline.thin(line, 0.3) == [(0, 0), (9, 0.1), (9, 9)]
    assert outline.thin(line, 0.01) == line
    assert outline.thin([(1.0, 1.0)], 1) == [(1.0, 1.0)]


@pytest.mark.parametrize(("point", "far"), [((5, 3), 3), ((-4, 3), 5), ((13, 4), 5)])
def test_distance_is_to_the_stretch(point, far):
    assert outline.distance(point, (0, 0), (10, 0)) == pytest.approx(far)


def test_distance_to_a_point():
    assert outline.distance((3, 4), (0, 0), (0, 0)) == 5


def test_polylines():
    assert outline.polyline([(0, 0), (-1.26, 2)]) == "M0 0L-1.3 2"
    assert outline.polyline([(0, 0), (1, 2), (3, -4)], closed=True) == "M0 0L1 2L3-4Z"
    assert outline.box([(0, 5), (-1, 2), (3, 4)]) == (-1, 2, 3, 5)


def test_circles_are_seen():
    assert outline.circle(RING) == pytest.approx((5, 3, 7))
    assert outline.circle(RING[:4]) is None
    assert outline.circle([*RING[:8], (90, 90)]) is None


@pytest.mark.parametrize(
    ("line", "middle"),
    [
        ([(0, 0), (10, 0)], (5, 0)),
        ([(0, 0), (0, 0), (2, 0), (2, 8)], (2, 3)),
        ([(1, 1), (1, 1)], (1, 1)),
        ([(1, 1)], (1, 1)),
    ],
)
def test_halfway(line, middle):
    assert outline.halfway(line) == middle
