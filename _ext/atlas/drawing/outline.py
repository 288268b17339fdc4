"""Numbers and path data of drawings: rounded, flattened, thinned out. Knows no XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
Box = tuple[float, float, float, float]

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", re.ASCII)
_COMMAND = re.compile(r"([MLCZ])([^A-Za-z]*)")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE.,+\-\s]*", re.ASCII)


def number(value: float) -> str:
    """A length in px, to one decimal and no longer than it needs to be."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def numbers(text: str) -> list[float]:
    """All numbers of a list of points or path data, in order."""
    return [float(found) for found in _NUMBER.findall(text)]


def points(text: str) -> list[Point]:
    """The numbers of a list of points, as pairs."""
    values = numbers(text)
    return list(zip(values[::2], values[1::2], strict=False))


def tidy(path: str) -> str:
    """Path data with rounded numbers; empty when it holds anything but commands and numbers."""
    if not _PATH.fullmatch(path):
        return ""
    return _NUMBER.sub(lambda found: number(float(found[0])), " ".join(path.split()))


def is_absolute(path: str) -> bool:
    """True of path data in absolute `M L C Z` alone, which is what `flatten` and `curve` read."""
    return not set(re.findall(r"[A-Za-z]", path)) - set("MLCZe")


def flatten(path: str, steps: int = 4) -> list[list[Point]]:
    """The polylines of path data in absolute `M L C Z`, each curve cut into steps."""
    lines: list[list[Point]] = []
    for command, arguments in _COMMAND.findall(path):
        pairs = points(arguments)
        if command == "M":
            lines.append(pairs)
        elif command == "L" and lines:
            lines[-1] += pairs
        elif command == "C" and lines:
            for i in range(0, len(pairs) - 2, 3):
                lines[-1] += _curve(lines[-1][-1], *pairs[i : i + 3], steps=steps)
    return lines


def curve(path: str, at: Point = (0.0, 0.0)) -> str:
    """Path data in absolute `M L C Z`, moved, rounded and written tightly."""
    stretches = [
        command + " ".join(f"{number(x + at[0])} {number(y + at[1])}" for x, y in points(arguments))
        for command, arguments in _COMMAND.findall(path)
    ]
    return "".join(stretches).replace(" -", "-")


def _curve(a: Point, b: Point, c: Point, d: Point, *, steps: int) -> list[Point]:
    curve = []
    for step in range(1, steps + 1):
        t = step / steps
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        x, y = (sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
        curve.append((x, y))
    return curve


def thin(line: Sequence[Point], tolerance: float) -> list[Point]:
    """The polyline with as few of its points as keep it within a tolerance in px (Douglas and Peucker)."""
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda i: distance(line[i], line[first], line[last]), default=first)
        if far != first and distance(line[far], line[first], line[last]) > tolerance:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[i] for i in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    """How far a point is from the stretch between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length)) if length else 0.0
    return hypot(px - ax - t * dx, py - ay - t * dy)


def polyline(line: Sequence[Point], *, closed: bool = False) -> str:
    """Path data of straight stretches."""
    data = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in line)
    return data.replace(" -", "-") + ("Z" if closed else "")


def box(line: Sequence[Point]) -> Box:
    """Left, top, right and bottom of points."""
    xs, ys = zip(*line, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def circle(line: Sequence[Point]) -> tuple[float, float, float] | None:
    """Middle and radius, where the points lie all around a circle."""
    left, top, right, bottom = box(line)
    x, y, radius = (left + right) / 2, (top + bottom) / 2, (right - left) / 2
    if len(line) < 8 or any(abs(hypot(px - x, py - y) - radius) > 0.02 * radius for px, py in line):
        return None
    return x, y, radius


def halfway(line: Sequence[Point]) -> Point:
    """The point in the middle of a polyline's length."""
    stretches = [(a, b, hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise(line)]
    rest = sum(length for *_, length in stretches) / 2
    for a, b, length in stretches:
        if length and rest <= length:
            return a[0] + (b[0] - a[0]) * rest / length, a[1] + (b[1] - a[1]) * rest / length
        rest -= length
    return line[0]
