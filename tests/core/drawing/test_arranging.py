"""The layout that fits the reader: what holds of every drawing, however it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise, product
from math import dist
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.drawing import arranging, channels, outline, ruler
from atlas.drawing.outline import Box
from atlas.drawing.reading import size_of
from atlas.drawing.scene import Figure, Label, Line, Scene, Shape, Stroke

ROOT = Path(__file__).parents[3]
Ends = dict[str, tuple[str, str]]
Drawing = tuple[Scene, Ends, dict[str, str]]
SOUND = settings(max_examples=80, deadline=None, derandomize=True, database=None)


def rect(width: float, height: float) -> Shape:
    box = (-width / 2, -height / 2, width / 2, height / 2)
    sizes = zip(("x", "y", "width", "height"), (*box[:2], width, height), strict=True)
    return Shape("rect", tuple((name, f"{value}") for name, value in sizes), box)


def scene_of(
    boxes: Mapping[str, tuple[float, float, float]],
    ends: Ends,
    words: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, str],
    places: Mapping[str, str],
) -> Scene:
    """A scene as an engine may have drawn it: boxes by width, height and how far down; groups by title."""
    deep = {id: [y for name, (_, _, y) in boxes.items() if id in around(name, places)] for id in groups}
    figures = [
        Figure(
            "group",
            id,
            (rect(9, 9),),
            (Line(0, 0, title),) if title else (),
            (0.0, sum(deep[id]) / max(len(deep[id]), 1)),
        )
        for id, title in groups.items()
    ]
    figures += [
        Figure("node", id, (rect(w, h),), (Line(0, 0, id),), (0.0, y)) for id, (w, h, y) in boxes.items()
    ]
    strokes = [Stroke("flow", id, "M0 0L1 1", ((0.0, 0.0),), ((0.0, 0.0),), end="point") for id in ends]
    labels = [Label(id, texts, (0.0, 0.0)) for id, texts in words.items()]
    return Scene((0.0, 0.0, 5000.0, 5000.0), tuple(figures), tuple(strokes), tuple(labels))


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Up to 14 boxes, 20 edges (some to themselves, some double), three groups (some in each other)."""
    count = draw(st.integers(1, 14))
    names = [f"N{i}" for i in range(count)]
    groups = {f"G{i}": f"group {i}" * (i % 2) for i in range(draw(st.integers(0, 3)))}
    places: dict[str, str] = {}
    for i, group in enumerate(groups):
        places[group] = draw(st.sampled_from(["", *list(groups)[:i]]))
    # Each group holds something, and what it holds lies together as a rule, or no link could lead to it.
    apart = draw(st.booleans())
    for i, name in enumerate(names):
        places[name] = list(groups)[i] if i < len(groups) else draw(st.sampled_from(["", *groups]))
    boxes = {}
    for i, name in enumerate(names):
        level = 10 * (list(groups).index(places[name]) + 1) if places[name] else draw(st.integers(0, 40))
        depth = float(i if apart else level + draw(st.integers(0, 3)))
        boxes[name] = (draw(st.integers(14, 320)), draw(st.integers(14, 130)), depth)
    targets = [*names, *groups] if draw(st.booleans()) else names
    pairs = draw(st.lists(st.tuples(st.sampled_from(targets), st.sampled_from(names)), max_size=20))
    # What lies above all of a group may lead to it as a whole.
    if groups and count > len(groups) and draw(st.booleans()):
        places[names[-1]], boxes[names[-1]] = "", (80, 40, -1.0)
        pairs.append((draw(st.sampled_from([*groups])), names[-1]))
    ends = {f"E{i}": (a, b) if draw(st.booleans()) else (b, a) for i, (a, b) in enumerate(pairs)}
    said = st.lists(
        st.sampled_from(["", "one", "some words on it", "supercalifragilistic and much more than that"]),
        min_size=1,
        max_size=2,
    )
    words = {id: tuple(text for text in texts if text) for id in ends if any(texts := draw(said))}
    return scene_of(boxes, ends, words, groups, places), ends, places


def overlap(a: Box, b: Box, slack: float = 0.1) -> bool:
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def within(a: Box, b: Box) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


def points_of(stroke: Stroke) -> list[tuple[float, float]]:
    """Its course, a point every few px."""
    line = outline.flatten(stroke.data, steps=8)[0]
    found = [line[0]]
    for a, b in pairwise(line):
        count = int(dist(a, b) / 4) + 1
        found += [
            (a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count) for i in range(1, count + 1)
        ]
    return found


def around(name: str, places: Mapping[str, str]) -> list[str]:
    return [places[name], *around(places[name], places)] if places[name] else []


def box_of(label: Label) -> Box:
    (x, y), (width, height) = label.at, size_of(label.texts)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def title_of(frame: Figure) -> Box:
    left, top, *_ = frame.box
    width = ruler.width(frame.lines[0].text, 14, bold=True)
    return left + 8, top + 4, left + 16 + width, top + 4 + 14 * 1.35


def shared(a: Stroke, b: Stroke) -> float:
    """How much of a line lies within 3 px of another, in px."""
    cells = defaultdict(list)
    for x, y in points_of(b):
        for cell in product((-1, 0, 1), repeat=2):
            cells[round(x / 8) + cell[0], round(y / 8) + cell[1]].append((x, y))
    return 4 * sum(
        any(dist(point, other) < 3 for other in cells.get((round(point[0] / 8), round(point[1] / 8)), ()))
        for point in points_of(a)
    )


def faults(scene: Scene, ends: Ends, places: Mapping[str, str]) -> list[str]:
    """What is wrong with a drawing, in words."""
    found = []
    boxes = {figure.id: figure.box for figure in scene.figures if figure.kind == "node"}
    frames = {figure.id: figure.box for figure in scene.figures if figure.kind == "group"}
    labels = {label.id: box_of(label) for label in scene.labels}
    titles = {
        figure.id: title_of(figure) for figure in scene.figures if figure.kind == "group" and figure.lines
    }
    solid = {**boxes, **{f"words of {id}": box for id, box in labels.items()}}
    found += [f"{a} lies on {b}" for a, b in combinations(solid, 2) if overlap(solid[a], solid[b])]
    for frame, outer in frames.items():
        for name, box in {**boxes, **frames}.items():
            inside = frame in around(name, places)
            if inside and not within(box, outer):
                found.append(f"{name} is not within {frame}")
            if (
                not inside
                and name != frame
                and frame not in around(name, places)
                and name not in around(frame, places)
                and overlap(box, outer)
            ):
                found.append(f"{name} lies on {frame}")
    left, top, width, height = scene.view
    view = (left, top, left + width, top + height)
    for stroke in scene.strokes:
        for point in points_of(stroke):
            spot = (point[0], point[1], point[0], point[1])
            found += [
                f"{stroke.id} runs through {id}"
                for id, box in boxes.items()
                if id not in ends[stroke.id] and overlap(spot, box, -0.5)
            ]
            found += [
                f"{stroke.id} runs through the words of {id}"
                for id, box in labels.items()
                if id != stroke.id and overlap(spot, box)
            ]
            found += [
                f"{stroke.id} runs over the title of {id}"
                for id, box in titles.items()
                if overlap(spot, box, -0.5)
            ]
            if not within(spot, view):
                found.append(f"{stroke.id} leaves the drawing")
    return sorted(set(found))


@SOUND
@given(drawings())
def test_boxes_words_and_lines_keep_clear_of_each_other(drawing):
    scene, ends, places = drawing
    arranged = arranging.arrange(scene, ends, places)
    if arranged:
        assert faults(arranged, ends, places) == []
        assert arranged.view[2] <= arranging.WIDTHS[-1] + 8


@SOUND
@given(drawings())
def test_all_that_was_drawn_is_drawn_once(drawing):
    scene, ends, places = drawing
    arranged = arranging.arrange(scene, ends, places)
    if arranged:
        assert [(f.kind, f.id, f.lines) for f in arranged.figures] == [
            (f.kind, f.id, f.lines) for f in scene.figures
        ]
        assert [f.shapes for f in arranged.figures if f.kind == "node"] == [
            f.shapes for f in scene.figures if f.kind == "node"
        ]
        assert [(s.id, s.kind, s.start, s.end) for s in arranged.strokes] == [
            (s.id, s.kind, s.start, s.end) for s in scene.strokes
        ]
        assert [(a.id, " ".join(a.texts)) for a in arranged.labels] == [
            (b.id, " ".join(b.texts)) for b in scene.labels
        ]


@SOUND
@given(drawings())
def test_lines_between_other_boxes_share_no_track(drawing):
    scene, ends, places = drawing
    arranged = arranging.arrange(scene, ends, places)
    strokes = arranged.strokes if arranged else ()
    strangers = [(a, b) for a, b in combinations(strokes, 2) if {*ends[a.id]}.isdisjoint(ends[b.id])]
    assert [(a.id, b.id) for a, b in strangers if shared(a, b) > 40] == []


@SOUND
@given(drawings())
def test_the_same_scene_is_arranged_the_same(drawing):
    scene, ends, places = drawing
    assert arranging.arrange(scene, ends, places) == arranging.arrange(
        scene, dict(reversed(ends.items())), places
    )


def test_most_drawings_are_arranged_and_some_with_all_that_they_may_hold():
    """Or the tests above would hold of nothing."""
    kinds: defaultdict[str, list[bool]] = defaultdict(list)

    @SOUND
    @given(drawings())
    def try_all(drawing: Drawing) -> None:
        scene, ends, places = drawing
        done = bool(arranging.arrange(scene, ends, places))
        groups = [figure.id for figure in scene.figures if figure.kind == "group"]
        for kind, holds in {
            "any": True,
            "a loop": any(tail == head for tail, head in ends.values()),
            "a group in a group": any(places[group] for group in groups),
            "an edge to a group": any(end in groups for pair in ends.values() for end in pair),
        }.items():
            kinds[kind] += [done] if holds else []

    try_all()
    assert sum(kinds["any"]) > 0.5 * len(kinds["any"])
    assert all(sum(done) >= 5 for done in kinds.values()), kinds


def graph(count: int, ends: list[tuple[int, int]], **words: str) -> Drawing:
    """A drawing of boxes of one size, each a little further down than the one before."""
    boxes = {f"N{i}": (180.0, 50.0, float(i)) for i in range(count)}
    links = {f"E{i}": (f"N{a}", f"N{b}") for i, (a, b) in enumerate(ends)}
    places = dict.fromkeys(boxes, "")
    return scene_of(boxes, links, {id: (text,) for id, text in words.items()}, {}, places), links, places


def arranged(drawing: Drawing, direction: str = "TB") -> Scene:
    found = arranging.arrange(*drawing, direction)
    assert found
    return found


def centres(scene: Scene) -> dict[str, tuple[float, float]]:
    return {figure.id: figure.at for figure in scene.figures}


def test_a_drawing_of_fifty_boxes_and_120_edges_ends_and_is_right_or_left_to_dagre():
    ends = [(i, (i * 7 + j * 11) % 50) for i in range(50) for j in range(3)][:120]
    drawing = graph(50, [(a, b) for a, b in ends if a != b])
    scene = arranging.arrange(*drawing)
    assert not scene or not faults(scene, *drawing[1:])


@pytest.mark.parametrize("leaves", [8, 24])
def test_what_hangs_on_a_hub_stands_in_rows_within_its_frame(leaves):
    """A row with one box less makes its frame no narrower, for that is then as wide over two rows."""
    boxes = {f"N{i}": (180.0, 50.0, float(i)) for i in range(leaves + 1)}
    ends = {f"E{i}": ("N0", f"N{i}") for i in range(1, leaves + 1)}
    places = {"N0": "", "G": "", **{f"N{i}": "G" for i in range(1, leaves + 1)}}
    drawing = scene_of(boxes, ends, {}, {"G": "Leaves"}, places), ends, places
    scene = arranged(drawing)
    assert scene.view[2] <= arranging.WIDTHS[0] + 8
    assert len({centres(scene)[f"N{i}"][1] for i in range(1, leaves + 1)}) > 1
    assert not faults(scene, ends, places)


def test_a_chain_is_straight():
    at = centres(arranged(graph(5, [(0, 1), (1, 2), (2, 3), (3, 4)])))
    assert len({x for x, _ in at.values()}) == 1
    assert sorted(at, key=lambda name: at[name][1]) == ["N0", "N1", "N2", "N3", "N4"]


def test_the_answers_of_a_decision_stand_in_one_row_in_the_authors_order():
    at = centres(arranged(graph(6, [(0, 1), (1, 2), (1, 3), (1, 4), (3, 5)])))
    assert at["N2"][1] == at["N3"][1] == at["N4"][1]
    assert at["N2"][0] < at["N3"][0] < at["N4"][0]


def test_parts_that_hang_together_by_nothing_stand_on_shelves_in_the_authors_order():
    chains = [(i, i + 1) for i in range(0, 16, 4)] + [(i + 1, i + 2) for i in range(0, 16, 4)]
    scene = arranged(graph(16, chains))
    at = centres(scene)
    assert at["N0"][0] < at["N3"][0] <= at["N4"][0]
    assert at["N0"][1] == at["N4"][1]
    assert scene.view[2] <= arranging.WIDTHS[0] + 8


def test_groups_beside_each_other_keep_the_authors_order():
    boxes = {name: (150.0, 50.0, float(i)) for i, name in enumerate(("T", "A1", "B1", "A2", "B2"))}
    places = {
        "before": "",
        "after": "",
        "T": "",
        "A1": "before",
        "A2": "before",
        "B1": "after",
        "B2": "after",
    }
    ends = {"1": ("T", "B1"), "2": ("T", "A1"), "3": ("A1", "A2"), "4": ("B1", "B2")}
    scene = arranged(
        (scene_of(boxes, ends, {}, {"before": "Before", "after": "After"}, places), ends, places)
    )
    left, right = (next(f.box for f in scene.figures if f.id == name) for name in ("before", "after"))
    assert left[2] < right[0]


def test_lines_to_one_side_of_a_box_keep_apart():
    scene = arranged(graph(8, [(i, 7) for i in range(7)]))
    ends = sorted(stroke.course[-1][0] for stroke in scene.strokes)
    assert min(b - a for a, b in pairwise(ends)) >= 17.9


def test_two_lines_that_trade_places_share_no_track():
    turns = [channels.Turn("a", 0, 100), channels.Turn("b", 100, 200), channels.Turn("c", 50, 300)]
    assert channels.stack(turns) == 3
    assert turns[1].track < turns[0].track


def test_the_arrow_of_an_edge_that_goes_up_is_at_its_upper_end():
    scene, ends, places = graph(2, [(1, 0)])
    stroke = arranged((scene, ends, places)).strokes[0]
    assert stroke.course[-1][1] < stroke.course[0][1]
    assert stroke.data.startswith("M")


def test_what_cannot_be_narrow_is_left_to_the_engine():
    boxes = {"A": (1500.0, 50.0, 0.0), "B": (50.0, 50.0, 1.0)}
    places = {"A": "", "B": ""}
    assert (
        arranging.arrange(scene_of(boxes, {"e": ("A", "B")}, {}, {}, places), {"e": ("A", "B")}, places)
        is None
    )
