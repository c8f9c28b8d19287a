"""Where blocks stand and wires run: in columns from left to right, in rows like lines of text.

Columns, their order and the heights in them are those of the canvas's layout. A wire leaves its block to the right,
turns in the gap between two columns, and passes the columns between in a lane of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.arrange import rows
from graph.columns import LANE, Columns, centres, columns_of
from graph.figure.drawing import Point
from graph.figure.labels import Label
from graph.figure.solids import Solid
from graph.network import Network

ACROSS, DOWN, BETWEEN_ROWS = 26.0, 12.0, 46.0
TURN = 13.0
"""How far outside of a row a wire turns that leads to the next one."""


@dataclass(frozen=True)
class Placed:
    """The middle of every block, the corners of every wire from its source to its target, and where wires part."""

    middles: Mapping[str, Point]
    wires: Mapping[tuple[str, str], tuple[Point, ...]]
    forks: tuple[Point, ...]


@dataclass(frozen=True)
class _Spot:
    """A block or a lane in its column: its middle, its row and what is below that, where wires come in and go out."""

    x: float
    y: float
    row: int
    below: float
    enter: float
    leave: float
    turn: float
    round: bool


def placed(network: Network, solids: Mapping[str, Solid], labels: Mapping[str, Label], width: float) -> Placed:
    """Place the blocks of a network on a page of so much width."""
    names = list(network.layers)
    found = columns_of(network)
    spots = _spots(found, [solids[name] for name in names], [labels[name] for name in names], width)
    wires: dict[tuple[str, str], tuple[Point, ...]] = {}
    forks: list[Point] = []
    for source in range(len(names)):
        ways = [_way(found, source, first) for first in found.after[source]]
        for way in ways:
            corners = _corners([spots[place] for place in way])
            wires[names[source], names[way[-1]]] = corners
            if len(ways) > 1 and len(corners) > 2:
                forks.append(corners[1])
    middles = {name: (spots[place].x, spots[place].y) for place, name in enumerate(names)}
    return Placed(middles, wires, tuple(dict.fromkeys(forks)))


def _way(found: Columns, source: int, first: int) -> list[int]:
    """The places from a source to a target, over the lanes between."""
    way = [source, first]
    while way[-1] >= found.cards:
        way.append(found.after[way[-1]][0])
    return way


def _spots(found: Columns, solids: Sequence[Solid], labels: Sequence[Label], width: float) -> dict[int, _Spot]:
    over = _over(found)
    raised = {lane for lanes in over for lane in lanes}
    sides = [(solid.height / 2, solid.height / 2 + label.height) for solid, label in zip(solids, labels, strict=True)]
    widths = [
        max((max(solids[place].width, labels[place].width) for place in column if place < found.cards), default=0.0)
        for column in found.columns
    ]
    spots: dict[int, _Spot] = {}
    top = 0.0
    for row, (first, last) in enumerate(rows(found, widths, width, ACROSS)):
        columns = found.columns[first:last]
        middles = _middles(found, [[place for place in column if place not in raised] for column in columns], sides)
        for lanes in over:
            middles |= _raised(lanes, columns, middles, sides)
        reach = {place: sides[place] if place < found.cards else (0.0, 0.0) for place in middles}
        highest = min(y - reach[place][0] for place, y in middles.items())
        lowest = max(y + reach[place][1] for place, y in middles.items())
        left, under = 0.0, top + lowest - highest + BETWEEN_ROWS / 2
        for column, wide in zip(columns, widths[first:last], strict=True):
            for i, place in enumerate(column):
                card = place < found.cards
                x, half = left + wide / 2, solids[place].width / 2 if card else wide / 2
                turn = left + wide + ACROSS * (i + 1) / (len(column) + 1)
                y = top + middles[place] - highest
                spots[place] = _Spot(x, y, row, under, x - half, x + half, turn, card and solids[place].round)
            left += wide + ACROSS
        top = under + BETWEEN_ROWS / 2
    return spots


def _over(found: Columns) -> list[list[int]]:
    """The lanes of each wire that passes blocks of a chain; it goes over them, the shortest one lowest."""
    chain = {p for column in found.columns for p in column if sum(place < found.cards for place in column) == 1}
    ways = [
        _way(found, source, first)[:-1] for source in chain if source < found.cards for first in found.after[source]
    ]
    return sorted((way[1:] for way in ways if len(way) > 1 and chain.issuperset(way)), key=len)


def _middles(
    found: Columns, columns: Sequence[Sequence[int]], sides: Sequence[tuple[float, float]]
) -> dict[int, float]:
    """The heights of the blocks of a row. All are spaced alike, so that those of neighbouring columns are in line."""
    cards = [place for column in columns for place in column if place < found.cards]
    label = max(below - above for above, below in (sides[place] for place in cards))
    card = 2 * max(sides[place][0] for place in cards) + label
    return centres(found, columns, [card] * found.cards + [label] * (len(found.before) - found.cards), DOWN)


def _raised(
    lanes: Sequence[int],
    columns: Sequence[Sequence[int]],
    middles: Mapping[int, float],
    sides: Sequence[tuple[float, float]],
) -> dict[int, float]:
    """The height of a wire's lanes in this row, which is above all that stands there."""
    passed = [column for column in columns if not set(column).isdisjoint(lanes)]
    tops = [
        middles[place] - (sides[place][0] if place < len(sides) else 0.0)
        for column in passed
        for place in column
        if place in middles
    ]
    return dict.fromkeys(
        [place for column in passed for place in column if place in lanes], min(tops, default=0) - LANE
    )


def _corners(way: Sequence[_Spot]) -> tuple[Point, ...]:
    """The corners of a wire along these spots. Into a circle it comes from above, where it is above it."""
    last = way[-1]
    points: list[Point] = [(way[0].leave, way[0].y)]
    for one, other in pairwise(way):
        if one.row != other.row:
            back = other.enter - TURN
            points += [(one.turn, one.y), (one.turn, one.below), (back, one.below), (back, other.y)]
        elif other is last and other.round and one.y < other.y:
            return _plain([*points, (other.x, one.y), (other.x, other.y - (other.leave - other.x))])
        elif one.y != other.y:
            points += [(one.turn, one.y), (one.turn, other.y)]
    return _plain([*points, (last.enter, last.y)])


def _plain(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same way without points that lie on a straight line between their neighbours."""
    kept = list(points[:1])
    for here, after in pairwise(points[1:]):
        before = kept[-1]
        if here != before and not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
            kept.append(here)
    return (*kept, points[-1])
