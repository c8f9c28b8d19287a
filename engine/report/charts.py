"""Charts as SVG: curves over epochs, and predicted beside true values.

Texts and axes have the colour of the page; lines carry a class, so that a page can give them others in the dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from engine.figures import figure
from engine.report.html import Html
from graph.figure.svg import number
from graph.formats import xml_text

WIDTH, HEIGHT = 340.0, 210.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 12.0, 26.0, 34.0
MOST_POINTS = 600
"""The points of a curve that are drawn; more cannot be told apart."""
LARGEST = 1e100
"""What is as large as this is left out, as what is no number is."""
TRAINING, VALIDATION = "#0072B2", "#D55E00"
"""Blue and vermilion of Okabe and Ito, which everyone tells apart."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """A line with its name, the class it has in a page, and its colour outside of one."""

    name: str
    points: Sequence[Point]
    color: str


@dataclass(frozen=True)
class _Axes:
    """Where values lie in the chart."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        (left, right), (low, high) = self.x, self.y
        across, up = (x - left) / (right - left), (y - low) / (high - low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def curve_chart(title: str, curves: Sequence[Curve], best: int | None = None) -> Html:
    """Curves over epochs, with a mark at the `best` one. What cannot be drawn is left out."""
    curves = [Curve(one.name, [p for p in one.points if _drawable(p[1])], one.color) for one in curves]
    curves = [one for one in curves if one.points]
    points = [point for one in curves for point in one.points]
    if not points:
        return _chart(title, _text(WIDTH / 2, HEIGHT / 2, "nothing that can be drawn", "middle"))
    axes = _around(points)
    parts = [_grid(axes, whole=True), _label(WIDTH / 2, "epoch")]
    if best is not None and axes.x[0] <= best <= axes.x[1]:
        x, _ = axes.at(best, axes.y[0])
        parts.append(_line(((x, TOP), (x, HEIGHT - BOTTOM)), 'stroke-dasharray="3 3" stroke-opacity="0.6"'))
        parts.append(_text(WIDTH - RIGHT, TOP - 4, f"best epoch {best}", "end"))
    parts += [_drawn(axes, curve) for curve in curves]
    left = LEFT
    for curve in curves if len(curves) > 1 else ():
        parts.append(_line(((left, TOP - 7), (left + 14, TOP - 7)), _look(curve)))
        parts.append(_text(left + 18, TOP - 4, curve.name, "start"))
        left += 34 + 6 * len(curve.name)
    return _chart(title, *parts)


def scatter_chart(title: str, true: Sequence[float], predicted: Sequence[float]) -> Html:
    """Predicted over true values; on the dashed line a prediction is exact."""
    both = [p for p in zip(true, predicted, strict=True) if _drawable(p[0]) and _drawable(p[1])]
    if not both:
        return _chart(title, _text(WIDTH / 2, HEIGHT / 2, "nothing that can be drawn", "middle"))
    values = [value for point in both for value in point]
    axes = _around([(min(values), min(values)), (max(values), max(values))])
    axes = _Axes(axes.y, axes.y)
    exact = (axes.at(axes.x[0], axes.x[0]), axes.at(axes.x[1], axes.x[1]))
    parts = [_grid(axes), _label(WIDTH / 2, "true"), _line(exact, 'stroke-dasharray="4 3"')]
    for point in _thinned(both):
        x, y = axes.at(*point)
        look = f'class="training" fill="{TRAINING}" stroke="none" fill-opacity="0.6"'
        parts.append(Html(f'<circle cx="{number(x)}" cy="{number(y)}" r="2.2" {look}/>'))
    parts.append(_text(LEFT, TOP - 6, "predicted", "start"))
    return _chart(title, *parts)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about as many as wanted, in steps of 1, 2 or 5 times a power of ten."""
    step = 10.0 ** floor(log10((high - low) / wanted))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= wanted + 0.5)
    return [step * i for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _drawable(value: float) -> bool:
    return abs(value) < LARGEST


def _around(points: Iterable[Point]) -> _Axes:
    """Axes with room for all points."""
    xs, ys = zip(*points, strict=True)
    low, high = min(ys), max(ys)
    size = max(abs(low), abs(high))
    air = (high - low) * 0.05 if high - low > 1e-9 * size else size * 0.1 or 1.0
    return _Axes((min(xs), max(xs) if max(xs) > min(xs) else min(xs) + 1), (low - air, high + air))


def _grid(axes: _Axes, whole: bool = False) -> Html:
    parts = []
    for value in ticks(*axes.y):
        (left, y), (right, _) = axes.at(axes.x[0], value), axes.at(axes.x[1], value)
        parts.append(_line(((left, y), (right, y)), 'stroke-opacity="0.15"'))
        parts.append(_text(LEFT - 5, y + 3, _said(value), "end"))
    for value in ticks(*axes.x):
        if not whole or value == round(value):
            x, y = axes.at(value, axes.y[0])
            parts.append(_text(x, y + 13, f"{value:g}" if whole else _said(value), "middle"))
    base = (axes.at(axes.x[0], axes.y[0]), axes.at(axes.x[1], axes.y[0]))
    return Html("".join([*parts, _line(base, 'stroke-opacity="0.5"')]))


def _said(value: float) -> str:
    """A number at an axis."""
    return f"{value:.4g}" if not value or 1e-4 <= abs(value) < 1e6 else figure(value)


def _drawn(axes: _Axes, curve: Curve) -> Html:
    points = [axes.at(*point) for point in _thinned(curve.points)]
    if len(points) == 1:
        (x, y) = points[0]
        return Html(f'<circle cx="{number(x)}" cy="{number(y)}" r="2.5" {_look(curve)} fill="{curve.color}"/>')
    return _line(points, f'{_look(curve)} stroke-linejoin="round"')


def _thinned(points: Sequence[Point]) -> list[Point]:
    """So many of the points as can be seen, the last among them."""
    step = ceil(len(points) / MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _look(curve: Curve) -> str:
    return f'class="{curve.name}" stroke="{curve.color}" stroke-width="1.8"'


def _line(points: Sequence[Point], look: str) -> Html:
    said = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    color = "" if "stroke=" in look else ' stroke="currentColor"'
    return Html(f'<polyline points="{said}" fill="none"{color} {look}/>')


def _text(x: float, y: float, text: str, anchor: str, look: str = 'font-size="9"') -> Html:
    place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
    return Html(f'<text {place} fill="currentColor" {look}>{escape(xml_text(text))}</text>')


def _label(x: float, text: str) -> Html:
    return _text(x, HEIGHT - 6, text, "middle")


def _chart(title: str, *parts: str) -> Html:
    said = escape(xml_text(title))
    size = f'width="{number(WIDTH)}" height="{number(HEIGHT)}" viewBox="0 0 {number(WIDTH)} {number(HEIGHT)}"'
    look = 'color="#000000" font-family="Helvetica, Arial, sans-serif"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}" {look}>'
    head = _text(2, 11, title, "start", 'font-size="11" font-weight="bold"')
    return Html("".join([opened, f"<title>{said}</title>", head, *parts, "</svg>"]))
