"""Words on edges move along their edge, and only where something is in the way."""

from __future__ import annotations

from atlas.drawing.placing import Words, place_words

EAST = tuple((float(x), 0.0) for x in range(0, 201, 10))


def test_words_stay_where_nothing_is_in_the_way():
    assert place_words([Words((50, 0), 40, 20, EAST)], [(80, -50, 200, 50)]) == [(50, 0)]


def test_words_leave_a_node_for_the_nearest_free_spot():
    (at,) = place_words([Words((50, 0), 40, 20, EAST)], [(0, -50, 60, 50)])
    assert at == (80, 0)


def test_words_keep_clear_of_each_other():
    first, second = place_words([Words((100, 0), 40, 20, EAST), Words((110, 0), 40, 20, EAST)], [])
    assert abs(first[0] - second[0]) >= 40


def test_words_step_beside_an_edge_that_has_no_room():
    assert place_words([Words((50, 0), 40, 20, EAST)], [(-50, -5, 250, 5)]) == [(50, -14)]
    assert place_words([Words((50, 0), 40, 20, EAST)], [(-50, -50, 250, 3)]) == [(50, 14)]


def test_words_without_a_way_out_cover_as_little_as_they_can():
    ((x, y),) = place_words([Words((50, 0), 40, 20, EAST)], [(-50, -50, 190, 50)])
    assert x - 20 >= 190
    assert y == 0
    assert place_words([Words((50, 0), 40, 20, EAST)], [(-500, -500, 500, 500)]) == [(50, 0)]


def test_words_that_must_not_move_do_not():
    assert place_words([Words((50, 0), 40, 20)], [(0, -50, 100, 50)]) == [(50, 0)]


def test_words_astray_come_back_to_the_middle():
    assert place_words([Words((50, 300), 40, 20, EAST)], []) == [(100, 0)]


def test_a_course_may_stand_still():
    still = ((0.0, 0.0), (0.0, 0.0), (100.0, 0.0))
    ((x, y),) = place_words([Words((0, 0), 10, 10, still)], [(-5, -5, 5, 5)])
    assert 10 <= x < 18
    assert y == 0
