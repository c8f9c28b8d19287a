"""Ports: the places on a card where wires end and start. A card paints its own, so they cost no items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from graph.layers.base import Layer
from graph.project import Position
from gui.canvas.geometry import METRIC, heights
from gui.theme import Theme, mixed

REACH = 12.0
"""How near the pointer must be to a port to take hold of it, in pixels of the screen."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a card: its side, its name, and its place from the card's upper left corner."""

    side: Literal["input", "output"]
    name: str
    place: Position


def ports_of(layer: Layer, width: float) -> tuple[Port, ...]:
    """The ports of a layer's card, inputs first."""
    return _ports(tuple([p.name for p in layer.inputs]), tuple([p.name for p in layer.outputs]), width)


@lru_cache(maxsize=1024)
def _ports(inputs: tuple[str, ...], outputs: tuple[str, ...], width: float) -> tuple[Port, ...]:
    left = (Port("input", name, (0.0, height)) for name, height in zip(inputs, heights(len(inputs)), strict=True))
    right = (Port("output", name, (width, height)) for name, height in zip(outputs, heights(len(outputs)), strict=True))
    return (*left, *right)


def paint_port(painter: QPainter, port: Port, theme: Theme, lit: bool) -> None:
    """A ring on the edge of the card; lit, a larger one filled with the accent."""
    centre = QPointF(*port.place)
    radius = METRIC["port"] / 2 - 0.5
    if lit:
        glow = theme.color("accent")
        glow.setAlphaF(0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(glow)
        painter.drawEllipse(centre, radius + 4.5, radius + 4.5)
    painter.setPen(QPen(theme.color("accent") if lit else mixed(theme.color("wire"), theme.color("text"), 0.1), 1.6))
    painter.setBrush(theme.color("accent") if lit else theme.color("canvas"))
    painter.drawEllipse(centre, radius, radius)
