"""Ports: the places on a card where wires end and start. A card paints its own, so they cost no items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from graph.layers.base import Layer
from graph.project import Position
from gui.canvas.geometry import METRIC, input_point, output_point
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
    inputs = (Port("input", p.name, input_point(layer, p.name)) for p in layer.inputs)
    outputs = (Port("output", p.name, output_point(layer, p.name, width)) for p in layer.outputs)
    return (*inputs, *outputs)


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
