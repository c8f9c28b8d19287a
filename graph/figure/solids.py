"""How a block looks: a box in proportion to its tensor, or a circle where several become one.

Sides grow with the logarithm of sizes. An image is as high and deep as its pixels and as wide as its channels, a
sequence as wide as its steps and as high as its features, a vector as high as its values. Slabs stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from graph.figure.blocks import Block
from graph.figure.colors import COLORS, tone
from graph.figure.drawing import Disc, Face, Mark, Point, Text
from graph.layers.axes import channels_last
from graph.shapes import Shape

SLAB = 5.0
RADIUS = 11.0
FLAT = 5.0
"""How deep a box is that has no third side."""
SLANT = 0.34
"""How much of a depth is seen, both to the right and upwards."""
STEPS = 8
"""The most steps of a sequence that are parted by lines."""
UNKNOWN = 8
"""What an unknown size is drawn as."""
SIGNS = {
    "Add": "+",
    "Subtract": "−",
    "Multiply": "×",
    "Average": "avg",
    "Maximum": "max",
    "Minimum": "min",
    "Concatenate": "∥",
    "Dot": "·",
}


@dataclass(frozen=True)
class Solid:
    """Marks around the middle of their box, and the box."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    round: bool = False


def solid_of(block: Block) -> Solid:
    """The look of a block."""
    if block.layer.category == "Merge":
        return _circle(block)
    wide, high, deep, parts = _sides(block)
    depth = deep * SLANT
    whole = wide + SLAB * len(block.slabs) + depth
    left, top = -whole / 2, -(high + depth) / 2
    color = COLORS[block.layer.category]
    marks: list[Mark] = list(_box(left, top, wide, high, depth, color, end=not block.slabs))
    marks += [_step(left + wide * i / parts, top + depth, high, color) for i in range(1, parts)]
    for i, slab in enumerate(block.slabs):
        last = i + 1 == len(block.slabs)
        marks += _box(left + wide + SLAB * i, top, SLAB, high, depth, COLORS[slab.category], end=last)
    return Solid(whole, high + depth, tuple(marks))


def _circle(block: Block) -> Solid:
    sign = SIGNS.get(block.layer.key, "")
    size = 9.0 if len(sign) > 1 else 16.0
    marks = (Disc(0.0, 0.0, RADIUS, COLORS["Merge"]), Text(0.0, size * 0.35, sign, size, dark=True))
    return Solid(2 * RADIUS, 2 * RADIUS, marks, round=True)


def _sides(block: Block) -> tuple[float, float, float, int]:
    """Width, height and depth of the box of a block, and into how many steps it is parted."""
    shape = () if block.shape is None else channels_last(block.shape, getattr(block.layer, "data_format", ""))
    match _known(shape):
        case [*_, high, wide, channels] if len(shape) > 3:
            return 4 + 4.5 * log2(1 + channels), _grown(high), _grown(wide), 1
        case [steps, features]:
            return 12 + 9 * log2(1 + steps), 8 + 7.5 * log2(1 + features), FLAT / SLANT, min(steps, STEPS)
        case [units]:
            return 11.0, 14 + 10.5 * log2(1 + units), FLAT / SLANT, 1
    return 26.0, 34.0, FLAT / SLANT, 1


def _known(shape: Shape) -> list[int]:
    return [UNKNOWN if size is None else size for size in shape[1:]]


def _grown(size: int) -> float:
    return 8 + 13 * log2(1 + size)


def _box(left: float, top: float, wide: float, high: float, depth: float, color: str, end: bool) -> list[Mark]:
    """The front, the top and, at the `end`, the right side of a box whose frame begins at `left` and `top`."""
    edge = tone(color, 0.45)
    right, bottom = left + wide, top + depth + high

    def face(amount: float, *points: Point) -> Face:
        return Face(points, tone(color, amount), edge)

    front = face(-0.12, (left, top + depth), (right, top + depth), (right, bottom), (left, bottom))
    lid = face(-0.42, (left, top + depth), (left + depth, top), (right + depth, top), (right, top + depth))
    side = face(0.16, (right, top + depth), (right + depth, top), (right + depth, bottom - depth), (right, bottom))
    return [front, lid, side] if end else [front, lid]


def _step(x: float, top: float, high: float, color: str) -> Face:
    """A line that parts two steps."""
    return Face(((x, top), (x, top + high)), color, tone(color, 0.3))
