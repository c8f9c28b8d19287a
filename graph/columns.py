"""Columns for the automatic layout: who stands in which, in what order, and how high.

The idea is Sugiyama's (Sugiyama, Tagawa, Toda 1981) in its plain form. Every layer stands in the column of the longest
path that leads to it. A wire that spans several columns gets a lane in each of them, so that it has a way of its own
between the cards. The order within a column follows the mean place of the neighbours in the column beside it, swept
forth and back; the order with the fewest crossings is kept. Heights then follow the mean height of the neighbours: the
nearest ones that keep order and distance, which is isotonic regression (Ayer et al. 1955, pool adjacent violators).

Places are numbers: those of the layers first, in their order, then the lanes.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from graph.network import Network

LANE = 12.0
"""The height of a lane: a wire and the air around it."""
MOST_LANES = 8_000
"""Beyond these the longest wires get none: a layout must not take seconds over a few of them."""
SWEEPS = 8
CARD_WEIGHT = 1e6


@dataclass(frozen=True)
class Columns:
    """Places by column, top to bottom, and by place what stands before and after it in the columns beside."""

    cards: int
    columns: list[list[int]]
    before: list[list[int]]
    after: list[list[int]]


def columns_of(network: Network) -> Columns:
    """The columns of a network, ordered for few crossings. Wires that close a cycle do not count."""
    names = list(network.layers)
    graph = forward_graph(network)
    column = [0] * len(names)
    for i, generation in enumerate(nx.topological_generations(graph)):
        for place in generation:
            column[place] = i
    for place in [p for p, degree in graph.in_degree() if degree == 0 and graph.out_degree(p)]:
        column[place] = min(column[after] for after in graph.successors(place)) - 1
    columns: list[list[int]] = [[] for _ in range(max(column, default=-1) + 1)]
    for place in range(len(names)):
        columns[column[place]].append(place)
    before: list[list[int]] = [[] for _ in names]
    after: list[list[int]] = [[] for _ in names]
    lanes = 0
    for source, target in sorted(graph.edges, key=lambda edge: column[edge[1]] - column[edge[0]]):
        between = range(column[source] + 1, column[target])
        lanes += len(between)
        if lanes > MOST_LANES:
            break
        path = [source]
        for i in between:
            path.append(len(before))
            columns[i].append(len(before))
            before.append([])
            after.append([])
        for left, right in zip(path, [*path[1:], target], strict=True):
            after[left].append(right)
            before[right].append(left)
    return uncrossed(Columns(len(names), columns, before, after))


def forward_graph(network: Network) -> nx.DiGraph[int]:
    """The wiring over the layers' numbers, without the wires that close a cycle."""
    place = {name: i for i, name in enumerate(network.layers)}
    cycle = {name: i for i, names in enumerate(network.wiring.cycles) for name in names}
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(place.values())
    graph.add_edges_from(
        (place[w.source], place[w.target])
        for w in network.wires
        if place[w.source] < place[w.target] or cycle.get(w.source, -1) != cycle.get(w.target, -2)
    )
    return graph


def uncrossed(found: Columns) -> Columns:
    """The same columns in the best order that the sweeps come by."""
    columns = [list(column) for column in found.columns]
    best, fewest = columns, crossings(columns, found.after)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        neighbours = found.before if sweep % 2 == 0 else found.after
        at: dict[int, float] = {}
        swept = []
        for column in columns if sweep % 2 == 0 else reversed(columns):
            centre = {place: mean([at[n] for n in neighbours[place]], i) for i, place in enumerate(column)}
            swept.append(sorted(column, key=centre.__getitem__))
            at.update((place, float(i)) for i, place in enumerate(swept[-1]))
        columns = swept if sweep % 2 == 0 else swept[::-1]
        count = crossings(columns, found.after)
        if count < fewest:
            best, fewest = columns, count
    return Columns(found.cards, best, found.before, found.after)


def crossings(columns: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> int:
    """How often wires cross between neighbouring columns."""
    count = 0
    for column, following in pairwise(columns):
        at = {place: i for i, place in enumerate(following)}
        seen: list[int] = []
        for place in column:
            ends = [at[end] for end in after[place]]
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def mean(values: Collection[float], otherwise: float) -> float:
    """The mean, or `otherwise` where there are no values."""
    return sum(values) / len(values) if values else otherwise


def centres(found: Columns, row: Sequence[Sequence[int]], heights: Sequence[float], down: float) -> dict[int, float]:
    """The height of the middle of every place in `row`, some columns in sequence."""
    inside = {place for column in row for place in column}
    lanes = pure_lanes(found)
    sides = [[leading(side[p], inside, lanes) for p in range(len(side))] for side in (found.before, found.after)]
    y: dict[int, float] = {}
    for column in row:
        y.update(zip(column, spaced(found, column, [0.0] * len(column), heights, down), strict=True))
    for sweep in range(SWEEPS + 1):
        first, second = sides if sweep % 2 == 0 else sides[::-1]
        for column in row if sweep % 2 == 0 else reversed(row):
            wanted = [mean([y[n] for n in first[p] or second[p]], y[p]) for p in column]
            y.update(zip(column, spaced(found, column, wanted, heights, down), strict=True))
    return y


def pure_lanes(found: Columns) -> set[int]:
    """The lanes of wires that pass others by: those that begin where other wires begin and end where others end."""
    pure: set[int] = set()
    for place in range(found.cards, len(found.before)):
        (source,) = found.before[place]
        if source in pure or (source < found.cards and len(found.after[source]) > 1):
            pure.add(place)
    return pure


def leading(neighbours: Collection[int], inside: Collection[int], lanes: Collection[int]) -> list[int]:
    """The neighbours whose height a place follows: a wire that only passes by does not bend what it passes."""
    near = [n for n in neighbours if n in inside]
    return [n for n in near if n not in lanes] or near


def spaced(
    found: Columns, column: Sequence[int], wanted: Sequence[float], heights: Sequence[float], down: float
) -> list[float]:
    """The middles nearest to those wanted that keep the order and the distances; a lane makes way for a card."""
    offsets = [0.0]
    for upper, lower in pairwise(column):
        cards = upper < found.cards and lower < found.cards
        offsets.append(offsets[-1] + (heights[upper] + heights[lower]) / 2 + (down if cards else LANE / 2))
    pools: list[tuple[float, float, int]] = []
    for place, want, offset in zip(column, wanted, offsets, strict=False):
        middle, weight, count = want - offset, CARD_WEIGHT if place < found.cards else 1.0, 1
        while pools and pools[-1][0] > middle:
            other, other_weight, other_count = pools.pop()
            middle = (middle * weight + other * other_weight) / (weight + other_weight)
            weight, count = weight + other_weight, count + other_count
        pools.append((middle, weight, count))
    free = [middle for middle, _, count in pools for _ in range(count)]
    return [middle + offset for middle, offset in zip(free, offsets, strict=False)]
