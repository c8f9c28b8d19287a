"""The whole figure: blocks with their labels, wires between them, frames round what is repeated, and a legend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.figure.blocks import Blocks, Repeat, blocks_of
from graph.figure.colors import COLORS, tone
from graph.figure.drawing import Disc, Drawing, Face, Line, Mark, Point, Text
from graph.figure.fold import folded
from graph.figure.labels import SMALL, Label, label_of, text_width
from graph.figure.place import Placed, placed
from graph.figure.solids import Solid, solid_of
from graph.inference import Inference
from graph.layers.base import CATEGORIES

WIDTH = 960.0
MARGIN = 12.0
FORK = 1.8
FRAME = 7.0
"""The room between a frame and what it holds."""
PATCH, LINE, APART = 9.0, 26.0, 16.0
"""The legend: the side of a patch, the height of its line, and the room between two entries."""
EXPLAINED = ("Input & output", "Merge")
"""Categories that need no entry in the legend."""

Box = tuple[float, float, float, float]


def figure(inference: Inference, width: float = WIDTH) -> Drawing:
    """The figure of a network, as wide as `width` at most where its blocks allow it."""
    blocks = folded(blocks_of(inference))
    solids = {name: solid_of(block) for name, block in blocks.blocks.items()}
    labels = {name: label_of(name, block) for name, block in blocks.blocks.items()}
    spots = placed(blocks.network, solids, labels, width - 2 * MARGIN)
    marks: list[Mark] = [Line(corners, head=True) for corners in spots.wires.values()]
    marks += [Disc(x, y, FORK) for x, y in spots.forks]
    for name, (x, y) in spots.middles.items():
        marks += [mark.moved(x, y) for mark in solids[name].marks]
        marks += [line.moved(x, y + solids[name].height / 2) for line in labels[name].lines]
    for repeat in blocks.repeats:
        marks += _frame(repeat, spots, solids, labels)
    left, top, right, bottom = box_of(marks)
    marks += _legend(blocks, left, bottom, max(right - left, width / 2))
    left, top, right, bottom = box_of(marks)
    dx, dy = MARGIN - left, MARGIN - top
    return Drawing(
        round(right + dx + MARGIN, 2), round(bottom + dy + MARGIN, 2), tuple(mark.moved(dx, dy) for mark in marks)
    )


def _frame(repeat: Repeat, spots: Placed, solids: Mapping[str, Solid], labels: Mapping[str, Label]) -> list[Mark]:
    """A dashed frame round the blocks of a repeated part, with how often it stands there."""
    points: list[Point] = []
    for name in repeat.names:
        (x, y), solid, label = spots.middles[name], solids[name], labels[name]
        half = max(solid.width, label.width) / 2
        points += [(x - half, y - solid.height / 2), (x + half, y + solid.height / 2 + label.height)]
    inside = set(repeat.names)
    left, top, right, bottom = _around(points)
    corners = [point for (_, end), wire in spots.wires.items() if end in inside for point in wire]
    left, top, right, bottom = _around([*points, *(point for point in corners if left < point[0] < right)])
    left, top, right, bottom = left - FRAME, top - FRAME, right + FRAME, bottom + FRAME
    frame = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return [
        Line(frame, dashed=True, width=0.8),
        Text(right, top - 4, f"× {repeat.count}", 11.0, bold=True, anchor="end"),
    ]


def _legend(blocks: Blocks, left: float, bottom: float, width: float) -> list[Mark]:
    """What every colour in the figure stands for: a kind of layer, or the category of several kinds."""
    drawn = [layer for block in blocks.blocks.values() for layer in (block.layer, *block.slabs)]
    marks: list[Mark] = []
    x, y = left, bottom + LINE
    for category in CATEGORIES:
        kinds = {layer.key for layer in drawn if layer.category == category}
        if not kinds or category in EXPLAINED:
            continue
        said = kinds.pop() if len(kinds) == 1 else category
        wide = PATCH + 5 + text_width(said, SMALL) + APART
        if x > left and x + wide > left + width:
            x, y = left, y + LINE * 0.6
        color = COLORS[category]
        patch = ((x, y - PATCH), (x + PATCH, y - PATCH), (x + PATCH, y), (x, y))
        marks.append(Face(patch, tone(color, -0.12), tone(color, 0.45)))
        marks.append(Text(x + PATCH + 5, y - 1, said, SMALL, anchor="start"))
        x += wide
    return marks


def box_of(marks: Iterable[Mark]) -> Box:
    """The box round all marks."""
    points: list[Point] = [(0.0, 0.0)]
    for mark in marks:
        match mark:
            case Disc(x, y, radius):
                points += [(x - radius, y - radius), (x + radius, y + radius)]
            case Text(x, y, text, size, bold):
                wide = text_width(text, size, bold)
                before = {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
                points += [(x - before, y - size), (x - before + wide, y + size / 4)]
            case Face(points=corners) | Line(points=corners):
                points += corners
    return _around(points)


def _around(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
