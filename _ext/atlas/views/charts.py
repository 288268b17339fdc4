"""Charts: bars as small SVGs by hand, drawn in `currentColor` so that they read on light and on dark."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from xml.sax.saxutils import escape

ROWS = 14
_WIDTH, _LABEL, _NUMBER, _ROW, _BAR = 460, 150, 90, 22, 12
_GAP = 8
_LETTERS, _TITLE_LETTERS = 22, 80
_OPACITIES = (".9", ".5", ".2")

Row = tuple[str, Sequence[int]]


def bar_chart(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """One bar a row for counts from 0 up; rows past `ROWS` become one row “others”."""
    return stacked_chart(title, ("",), [(label, (count,)) for label, count in rows])


def stacked_chart(title: str, series: Sequence[str], rows: Sequence[Row]) -> str:
    """Bars of up to three parts, `series` naming them; each row has a count (from 0 up) for every part.

    Returns an SVG of under 6 kB with `role="img"`, a title, classes and presentation attributes, no style.
    """
    shown = _fold(rows)
    top = _ROW * any(series)
    height = top + _ROW * len(shown)
    attributes = (
        f'class="atlas-chart" role="img" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" fill="currentColor" font-size="12"'
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>',
        f"<title>{_text(title, _TITLE_LETTERS)}</title>",
        *_draw_legend(series),
        *_draw_bars(series, shown, top),
        *_draw_words(shown, top),
        "</svg>",
    ]
    return "".join(parts)


def describe_chart(series: Sequence[str], rows: Sequence[Row]) -> str:
    """The same in words: `Incidents: 12 sourced, 1 honest-empty; …`; without `series`, `Incidents: 12; …`."""
    names = series or ("",)
    told = (", ".join(f"{n:,} {s}".strip() for n, s in zip(counts, names, strict=True)) for _, counts in rows)
    return "; ".join(f"{label}: {text}" for (label, _), text in zip(rows, told, strict=True)) + "."


def _fold(rows: Sequence[Row]) -> list[Row]:
    if len(rows) <= ROWS:
        return list(rows)
    rest = rows[ROWS - 1 :]
    sums = [sum(column) for column in zip(*(counts for _, counts in rest), strict=True)]
    return [*rows[: ROWS - 1], (f"{len(rest)} others", sums)]


def _draw_legend(series: Sequence[str]) -> list[str]:
    """A swatch and a name for each part, in a row above the bars."""
    column = _WIDTH // max(len(series), 1)
    drawn = []
    for index, name in enumerate(series):
        if name:
            drawn.append(_bar_path(index, f"M{index * column} 6h10v10h-10z"))
            drawn.append(f'<text x="{index * column + 14}" y="15">{_text(name)}</text>')
    return drawn


def _draw_bars(series: Sequence[str], rows: Sequence[Row], top: int) -> list[str]:
    """One path a part over all rows, which is a third of the bytes of a rectangle each."""
    largest = max((sum(counts) for _, counts in rows), default=0) or 1
    scale = (_WIDTH - _LABEL - _NUMBER - 2 * _GAP) / largest
    paths = [""] * len(series)
    for number, (_, counts) in enumerate(rows):
        y = top + number * _ROW + (_ROW - _BAR) // 2
        starts = accumulate(counts, initial=0)
        for index, (start, count) in enumerate(zip(starts, counts, strict=False)):
            if count:
                width = max(round(count * scale, 1), 1)
                paths[index] += f"M{_LABEL + _GAP + start * scale:.1f} {y}h{width:g}v{_BAR}h-{width:g}z"
    return [_bar_path(index, path) for index, path in enumerate(paths) if path]


def _bar_path(index: int, path: str) -> str:
    opacity = _OPACITIES[index % len(_OPACITIES)]
    return (
        f'<path class="atlas-chart-part-{index}" fill-opacity="{opacity}" stroke="currentColor" '
        f'stroke-width=".5" d="{path}"/>'
    )


def _draw_words(rows: Sequence[Row], top: int) -> list[str]:
    labels, numbers = ['<g text-anchor="end">'], ["<g>"]
    for number, (label, counts) in enumerate(rows):
        y = top + number * _ROW + 15
        labels.append(f'<text x="{_LABEL}" y="{y}">{_text(label)}</text>')
        told = " · ".join(f"{n:,}" for n in counts)
        numbers.append(f'<text x="{_WIDTH - _NUMBER}" y="{y}">{told}</text>')
    return [*labels, "</g>", *numbers, "</g>"]


def _text(text: str, letters: int = _LETTERS) -> str:
    """A text as it may stand in XML, cut to what its column holds."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    return escape(clean if len(clean) <= letters else clean[: letters - 1] + "…")
