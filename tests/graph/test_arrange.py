"""Automatic layout: nothing overlaps, wires lead to the right, and the same network looks the same."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from graph import edits
from graph.arrange import CARD, GRID, arrange, with_positions
from graph.columns import columns_of, crossings, spaced
from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project
from tests.helpers.strategies import networks

SIZES = st.dictionaries(st.integers(0, 11), st.tuples(st.integers(100, 400), st.integers(40, 120)))


def adds(count: int, *wires: tuple[int, int]) -> Network:
    return Network.of({f"l{i}": layers.make("Add") for i in range(count)}, [Wire(f"l{a}", f"l{b}") for a, b in wires])


@example(adds(2), {0: (100, 77), 1: (100, 40)}, 200)
@given(networks(), SIZES, st.none() | st.integers(200, 2000))
def test_cards_stand_apart_on_the_grid(network: Network, drawn: dict[int, tuple[int, int]], width: int | None) -> None:
    names = list(network.layers)
    sizes = {names[i]: (float(w), float(h)) for i, (w, h) in drawn.items() if i < len(names)}
    places = arrange(network, sizes, width)
    assert list(places) == names
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    for a, b in combinations(names, 2):
        (ax, ay), (aw, ah) = places[a], sizes.get(a, CARD)
        (bx, by), (bw, bh) = places[b], sizes.get(b, CARD)
        across = max(bx - (ax + aw), ax - (bx + bw))
        down = max(by - (ay + ah), ay - (by + bh))
        assert across >= 8 or down >= 8
    assert arrange(network, sizes, width) == places


@given(networks())
def test_wires_lead_to_the_right(network: Network) -> None:
    places = arrange(network)
    for wire in network.wires:
        assert places[wire.target][0] >= places[wire.source][0] + CARD[0]


def test_a_chain_is_straight() -> None:
    assert set(arrange(adds(4, (0, 1), (1, 2), (2, 3))).values()) == {(0, 0), (252, 0), (504, 0), (756, 0)}


def test_branches_stand_around_the_middle() -> None:
    places = arrange(adds(4, (0, 1), (0, 2), (1, 3), (2, 3)))
    assert places == {"l0": (0, 60), "l1": (252, 0), "l2": (252, 120), "l3": (504, 60)}


def test_a_chain_with_shortcuts_stays_straight_and_leaves_room_for_them() -> None:
    wires = [(i, i + 1) for i in range(40)] + [(i, i + 3) for i in range(0, 36, 4)]
    assert len({y for _, y in arrange(adds(41, *wires)).values()}) == 1


def test_a_wide_chain_goes_on_in_another_row() -> None:
    places = arrange(adds(8, *((i, i + 1) for i in range(7))), width=1000)
    assert [places[f"l{i}"] for i in (0, 3, 4, 7)] == [(0, 0), (756, 0), (0, 188), (756, 188)]


def test_no_wire_runs_through_a_card() -> None:
    """A shortcut has a lane of its own in every column that it passes."""
    found = columns_of(adds(5, (0, 1), (1, 2), (2, 3), (3, 4), (0, 4)))
    assert [len(column) for column in found.columns] == [1, 2, 2, 2, 1]


def test_crossings_are_undone() -> None:
    found = columns_of(adds(6, (0, 5), (1, 4), (2, 3)))
    assert crossings(found.columns, found.after) == 0


@given(st.lists(st.integers(-500, 500).map(float), min_size=1, max_size=8))
def test_heights_keep_order_and_distance_and_move_as_little_as_they_can(wanted: list[float]) -> None:
    """The least sum of squares is at a point from which no group of neighbours can be moved for the better."""
    column = list(range(len(wanted)))
    found = columns_of(adds(len(wanted)))
    y = spaced(found, column, wanted, [76.0] * len(wanted), 44.0)
    assert all(b - a >= 120 - 1e-6 for a, b in pairwise(y))
    cost = sum((a - b) ** 2 for a, b in zip(y, wanted, strict=True))
    for first in column:
        for last in column[first:]:
            for step in (-1e-3, 1e-3):
                moved = [v + step if first <= i <= last else v for i, v in enumerate(y)]
                if all(b - a >= 120 - 1e-9 for a, b in pairwise(moved)):
                    assert sum((a - b) ** 2 for a, b in zip(moved, wanted, strict=True)) >= cost - 1e-6


def test_only_what_has_no_place_is_placed() -> None:
    project = edits.add_layer(Project(adds(2, (0, 1)), {"l0": (8.0, 8.0), "l1": (260.0, 8.0)}), layers.make("Dense"))
    bare = Project(project.network, {"l0": (8.0, 8.0), "l1": (260.0, 8.0)})
    placed = with_positions(bare)
    assert placed.positions == {"l0": (8.0, 8.0), "l1": (260.0, 8.0), "dense": (8.0, 128.0)}
    assert with_positions(placed) is placed
