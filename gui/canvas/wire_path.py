"""The way of a wire: a smooth curve from port to port that goes round the cards between them.

A wire to the right is one curve; one to the left leaves in a half turn, runs straight between the rows and comes in
by another half turn. Where that would cross a card, other heights for a straight run are tried: just above and just
below each card in the way, the nearest first. If there is no way round, the wire goes straight through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from graph.project import Position
from gui.canvas.geometry import Box, inflated, touching

Curve = tuple[Position, Position, Position, Position]
"""A cubic Bézier curve: its beginning, two handles, its end."""
Cards = Callable[[Box], Sequence[Box]]
"""The boxes of the cards that touch a box."""

CLEAR = 8.0
LANE = 22.0
STEP = 14.0
STRETCH = 16
"""So many points of a curve are held against the cards together first."""
MOST_LANES = 32


def direct(start: Position, end: Position) -> list[Curve]:
    """The way where no card is regarded."""
    (x, y), (u, v) = start, end
    if u > x:
        # Between cards that nearly touch, a wire that swings out would run into both.
        swing = min(40.0, abs(v - y) / 4) if u - x >= 2 * LANE else 0.0
        pull = max((u - x) / 2, swing)
        return [(start, (x + pull, y), (u - pull, v), end)]
    return _back(start, end, (y + v) / 2 if abs(v - y) > 4 * LANE else min(y, v) - 80)


def route(start: Position, end: Position, cards: Cards, ends: tuple[Box, Box]) -> list[Curve]:
    """The way that crosses no card, if there is one. `ends` are the cards at its two ends."""
    forward = end[0] > start[0]
    first = direct(start, end) if forward else _back(start, end, _between(ends))
    if not _blocked(first, cards, ends, forward):
        return first
    for lane in _lanes(start, end, cards, ends, forward)[:MOST_LANES]:
        tried = _over(start, end, lane) if forward else _back(start, end, lane)
        if not _blocked(tried, cards, ends, forward):
            return tried
    return first


def _blocked(way: Sequence[Curve], cards: Cards, ends: tuple[Box, Box], forward: bool) -> bool:
    """Whether a way runs through a card, or too near to one that is not its own."""
    return any(_hits(curve, _walls(cards(_bounds(curve)), ends, forward)) for curve in way)


def _walls(near: Sequence[Box], ends: tuple[Box, Box], forward: bool) -> list[Box]:
    # A wire to the right leaves its own cards at once; one that turns back may run into them, but may touch them.
    strangers = [inflated(box, CLEAR - 2) for box in near if box not in ends]
    return strangers if forward else [*strangers, *(box for box in near if box in ends)]


def _hits(curve: Curve, walls: Sequence[Box]) -> bool:
    if not walls:
        return False
    (x, y), (_, y1), (_, y2), (u, v) = curve
    if y == y1 == y2 == v:
        low, high = sorted((x, u))
        return any(left < high and low < right and top < y < bottom for left, top, right, bottom in walls)
    points = list(_points(curve))
    for i in range(0, len(points), STRETCH):
        stretch = points[i : i + STRETCH]
        xs, ys = zip(*stretch, strict=True)
        area = (min(xs), min(ys), max(xs), max(ys))
        for left, top, right, bottom in walls:
            if touching((left, top, right, bottom), area) and any(
                left < x < right and top < y < bottom for x, y in stretch
            ):
                return True
    return False


def _points(curve: Curve) -> Iterator[Position]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    count = int(max(abs(x3 - x0), abs(y3 - y0), abs(x1 - x0)) / STEP) + 4
    for i in range(1, count):
        t = i / count
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        yield (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)


def _bounds(curve: Curve) -> Box:
    xs, ys = zip(*curve, strict=True)
    return (min(xs) - CLEAR, min(ys) - CLEAR, max(xs) + CLEAR, max(ys) + CLEAR)


def _line(start: Position, end: Position) -> Curve:
    (x, y), (u, v) = start, end
    return (start, (x + (u - x) / 3, y + (v - y) / 3), (u - (u - x) / 3, v - (v - y) / 3), end)


def _over(start: Position, end: Position, lane: float) -> list[Curve]:
    """To the height `lane` at once, along it, and down to the end as late as may be."""
    (x, y), (u, v) = start, end
    turn = min(56.0, (u - x) / 2)
    a, b = (x + turn, lane), (u - turn, lane)
    rise = (start, (x + turn / 2, y), (a[0] - turn / 2, lane), a)
    fall = (b, (b[0] + turn / 2, lane), (u - turn / 2, v), end)
    return [rise, _line(a, b), fall]


def _back(start: Position, end: Position, lane: float) -> list[Curve]:
    """Half a turn to the height `lane`, straight back along it, half a turn into the end."""
    (x, y), (u, v) = start, end
    inset = 24.0 if u < x else 0.0
    out, back = _bulge(lane - y), _bulge(v - lane)
    a, b = (x, lane), (u + inset, lane)
    leave = (start, (x + out, y), (x + out, lane), a)
    enter = (b, (u - back, lane), (u - back, v), end)
    return [leave, _line(a, b), enter]


def _bulge(height: float) -> float:
    return min(52.0, max(30.0, abs(height) / 3))


def _between(ends: tuple[Box, Box]) -> float:
    """The height between the rows of two cards, or above both where they stand in one row."""
    source, target = ends
    if target[1] - source[3] >= 2 * CLEAR:
        return (source[3] + target[1]) / 2
    if source[1] - target[3] >= 2 * CLEAR:
        return (target[3] + source[1]) / 2
    return min(source[1], target[1]) - LANE


def _lanes(start: Position, end: Position, cards: Cards, ends: tuple[Box, Box], forward: bool) -> list[float]:
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    corridor = (left - LANE, top - 400, right + LANE, bottom + 400)
    boxes = [*cards(corridor), *([] if forward else ends)]
    heights = {box[1] - LANE for box in boxes} | {box[3] + LANE for box in boxes}
    if forward:
        heights |= {start[1], end[1]}
    elif not touching((0, ends[0][1], 1, ends[0][3]), (0, ends[1][1], 1, ends[1][3])):
        heights.add(_between(ends))
    return sorted(heights, key=lambda h: (abs(h - start[1]) + abs(h - end[1]), h))
