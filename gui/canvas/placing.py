"""Where new cards go, and how others make room for them."""

from __future__ import annotations

import networkx as nx

from graph.project import Position, Project
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_ACROSS, GAP_DOWN, GRID, CardIndex, snap

NEAR = 16.0
"""The least room between two cards that were put next to each other."""


def free_place(cards: CardIndex, wanted: Position, width: float = CARD_WIDTH) -> Position:
    """The place nearest below `wanted` where a card covers no other."""
    x, y = snap(wanted[0]), snap(wanted[1])
    while True:
        covered = cards.near((x - NEAR, y - NEAR, x + width + NEAR, y + CARD_HEIGHT + NEAR))
        if not covered:
            return (x, y)
        y = snap(max(cards.boxes[name][3] for name in covered) + GAP_DOWN / 2 + GRID / 2)


def after(cards: CardIndex, name: str) -> Position:
    """A free place to the right of a card."""
    box = cards.boxes[name]
    return free_place(cards, (box[2] + GAP_ACROSS, box[1]))


def before(cards: CardIndex, name: str) -> Position:
    """A free place to the left of a card."""
    box = cards.boxes[name]
    return free_place(cards, (box[0] - GAP_ACROSS - CARD_WIDTH, box[1]))


def make_room(project: Project, cards: CardIndex, source: str, name: str, target: str) -> dict[str, Position]:
    """The places of cards once `name` stands between `source` and `target`: all behind it moves on as far as needed."""
    place = project.positions
    if place[target][0] <= place[source][0]:
        return {}
    width = cards.boxes[name][2] - cards.boxes[name][0] if name in cards.boxes else CARD_WIDTH
    x = snap(max(place[name][0], cards.boxes[source][2] + GAP_ACROSS / 2))
    short = snap(x + width + GAP_ACROSS / 2 - place[target][0])
    moved: dict[str, Position] = {name: (x, place[name][1])}
    if short > 0:
        behind = {target, *nx.descendants(project.network.wiring.graph, target)} - {name, source}
        for other in behind:
            left, top = place[other]
            if left >= place[target][0]:
                moved[other] = (left + short, top)
    return moved
