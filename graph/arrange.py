"""Automatic layout: columns from left to right, in rows where they would be too wide, and loose layers last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import networkx as nx

from graph import edits
from graph.columns import LANE, Columns, centres, columns_of
from graph.network import Network
from graph.project import Position, Project

Size = tuple[float, float]

GRID = 4
CARD: Size = (188.0, 76.0)
ACROSS, DOWN = 64.0, 44.0
BETWEEN_ROWS = 112.0
"""Room for the wire that leads from the end of a row to the beginning of the next."""
LOOSE_IN_A_ROW = 6


def arrange(
    network: Network,
    sizes: Mapping[str, Size] | None = None,
    width: float | None = None,
    origin: Position = (0.0, 0.0),
) -> dict[str, Position]:
    """The upper left corner of every card, on the grid; the same network always gives the same layout.

    `sizes` holds the cards that are not of the usual size. With a `width`, columns that would reach beyond it begin a
    new row. Parts that no wire joins stand one below the other; layers without any wire come last, side by side.
    """
    sizes = sizes or {}
    found: dict[str, Position] = {}
    left, top = origin
    parts = list(nx.weakly_connected_components(network.wiring.graph))
    for part in [part for part in parts if len(part) > 1]:
        placed, top = _arrange_part(_part(network, part, len(parts) == 1), sizes, width, (left, top))
        found |= placed
    x, highest = left, 0.0
    loose = [name for part in parts if len(part) == 1 for name in part]
    for i, name in enumerate(sorted(loose, key=list(network.layers).index)):
        wide, high = sizes.get(name, CARD)
        if x > left and (i % LOOSE_IN_A_ROW == 0 if width is None else x + wide > left + width):
            x, top, highest = left, top + highest + DOWN, 0.0
        found[name] = (grid(x), grid(top))
        x, highest = x + wide + ACROSS, max(highest, high)
    return {name: found[name] for name in network.layers}


def with_positions(project: Project) -> Project:
    """The project with a place for every card: all anew where none has one, the missing ones below the others."""
    missing = [name for name in project.network.layers if name not in project.positions]
    if not missing:
        return project
    bottom = max((y for _, y in project.positions.values()), default=-CARD[1] - DOWN) + CARD[1] + DOWN
    left = min((x for x, _ in project.positions.values()), default=0.0)
    placed = arrange(edits.extract(project, missing).network, origin=(left, bottom))
    return replace(project, positions=MappingProxyType({**project.positions, **placed}))


def grid(value: float) -> float:
    """The nearest place on the grid."""
    return float(round(value / GRID) * GRID)


def _part(network: Network, names: set[str], whole: bool) -> Network:
    return network if whole else edits.extract(Project(network), names).network


def _arrange_part(
    network: Network, sizes: Mapping[str, Size], width: float | None, origin: Position
) -> tuple[dict[str, Position], float]:
    """The places of a joined network, and where the next one may begin."""
    names = list(network.layers)
    found = columns_of(network)
    heights = [sizes.get(name, CARD)[1] for name in names] + [LANE] * (len(found.before) - len(names))
    widths = [max(sizes.get(names[p], CARD)[0] for p in column if p < len(names)) for column in found.columns]
    left, top = origin
    placed: dict[str, Position] = {}
    for first, last in rows(found, widths, width):
        row = found.columns[first:last]
        middles = centres(found, row, heights, DOWN)
        highest = min(middle - heights[place] / 2 for place, middle in middles.items())
        lowest = max(middle + heights[place] / 2 for place, middle in middles.items())
        x = left
        for column, wide in zip(row, widths[first:last], strict=True):
            for place in column:
                if place < len(names):
                    placed[names[place]] = (grid(x), grid(top + middles[place] - heights[place] / 2 - highest))
            x += wide + ACROSS
        top += lowest - highest + BETWEEN_ROWS
    return placed, top


def rows(found: Columns, widths: Sequence[float], width: float | None, across: float = ACROSS) -> list[tuple[int, int]]:
    """The first column of every row and the one after its last; columns stand `across` from each other.

    A row is broken where the fewest wires cross, in the last third of what would fit.
    """
    cuts: list[tuple[int, int]] = []
    first = 0
    while first < len(widths):
        last, wide = first + 1, widths[first]
        while last < len(widths) and (width is None or wide + across + widths[last] <= width):
            wide += across + widths[last]
            last += 1
        if last < len(widths):
            wires = [sum(len(found.after[place]) for place in column) for column in found.columns]
            last = min(range(last, max(first, last - (last - first) // 3 - 1), -1), key=lambda end: wires[end - 1])
        cuts.append((first, last))
        first = last
    return cuts
