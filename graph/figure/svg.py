"""A drawing as SVG. Text and lines have the colour of the page around them, black where there is none."""

from __future__ import annotations

from math import hypot
from xml.sax.saxutils import escape, quoteattr

from graph.figure.drawing import Disc, Drawing, Face, Line, Mark, Point, Text
from graph.formats import xml_text

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
CORNER = 6.0
HEAD = (7.0, 3.0)
"""How long an arrowhead is, and half as wide as it is."""
DARK = "#1A2130"
"""What stands on a light face, whatever the page is like."""


def to_svg(drawing: Drawing, title: str) -> str:
    """The drawing as an SVG picture of its own, which may also stand in a page of HTML."""
    size = f'width="{number(drawing.width)}" height="{number(drawing.height)}"'
    box = f'viewBox="0 0 {number(drawing.width)} {number(drawing.height)}"'
    said = xml_text(title)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" aria-label={quoteattr(said)} '
        f'color="#000000" font-family="{FONT}">',
        f"<title>{escape(said)}</title>",
    ]
    return "\n".join([*lines, *(_mark(mark) for mark in drawing.marks), "</svg>", ""])


def _mark(mark: Mark) -> str:
    match mark:
        case Face(points, fill, edge):
            outline = f'stroke="{edge}" stroke-width="0.8" stroke-linejoin="round"'
            return f'<polygon points="{_points(points)}" fill="{fill}" {outline}/>'
        case Disc(x, y, radius, fill):
            look = f'fill="{fill}" stroke="currentColor"' if fill else 'fill="currentColor"'
            return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" {look}/>'
        case Text():
            return _text(mark)
        case Line():
            return _line(mark)


def _text(text: Text) -> str:
    look = f'font-size="{number(text.size)}" text-anchor="{text.anchor}" fill="{DARK if text.dark else "currentColor"}"'
    look += ' font-weight="bold"' if text.bold else ""
    look += ' fill-opacity="0.68"' if text.muted else ""
    return f'<text x="{number(text.x)}" y="{number(text.y)}" {look}>{escape(xml_text(text.text))}</text>'


def _line(line: Line) -> str:
    points = shortened(line.points, HEAD[0] - 1) if line.head else line.points
    dashes = ' stroke-dasharray="4 3"' if line.dashed else ""
    drawn = f'<path d="{_path(points)}" fill="none" stroke="currentColor" stroke-width="{number(line.width)}"{dashes}/>'
    if not line.head:
        return drawn
    return f'{drawn}\n<polygon points="{_points(arrowhead(line.points))}" fill="currentColor"/>'


def shortened(points: tuple[Point, ...], by: float) -> tuple[Point, ...]:
    """The same line, ending a little earlier."""
    (x, y), (along, up) = points[-1], _direction(points)
    return (*points[:-1], (x - along * by, y - up * by))


def arrowhead(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The corners of the arrowhead at the end of a line."""
    (x, y), (along, up) = points[-1], _direction(points)
    long, half = HEAD
    back = (x - along * long, y - up * long)
    return ((x, y), (back[0] - up * half, back[1] + along * half), (back[0] + up * half, back[1] - along * half))


def _direction(points: tuple[Point, ...]) -> Point:
    """Where a line goes at its end, as a vector of length 1."""
    (x, y), (u, v) = points[-2:]
    length = hypot(u - x, v - y) or 1.0
    return (u - x) / length, (v - y) / length


def _path(points: tuple[Point, ...]) -> str:
    """A line with round corners, as the data of a path."""
    drawn = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        drawn.append(f"L{_pair(_towards(corner, before))} Q{_pair(corner)} {_pair(_towards(corner, after))}")
    return " ".join([*drawn, f"L{_pair(points[-1])}"])


def _towards(corner: Point, other: Point) -> Point:
    """Where the rounding of a corner begins: at most half-way to the next one."""
    length = hypot(other[0] - corner[0], other[1] - corner[1]) or 1.0
    part = min(CORNER / length, 0.5)
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(map(_pair, points))


def _pair(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def number(value: float) -> str:
    """A number with two digits behind the point, where they say anything."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
