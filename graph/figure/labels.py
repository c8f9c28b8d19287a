"""The words under a block: what it is, its shape, and what its slabs are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.figure.blocks import Block
from graph.figure.drawing import Text
from graph.layers.base import Layer
from graph.layers.placeholder import Placeholder
from graph.shapes import shape_text

TITLE, SHAPE, SMALL = 10.0, 9.5, 8.5
LEADING = 1.25
WIDEST = 15
"""The most characters of a line, where a name can be broken between two words."""
LONGEST = 24
"""The most characters of a line that cannot."""
PARTS = re.compile(r"[A-Z]+[a-z0-9]*|[^A-Z]+")
WIDTHS = {**dict.fromkeys("ijl.,:;|!'()[]·", 0.32), **dict.fromkeys("mwMW@%—", 0.95)}
"""The width of characters of a sans-serif font, as parts of its size; the wider ones of those in use."""


@dataclass(frozen=True)
class Label:
    """Lines with their heights, centred under a block."""

    lines: tuple[Text, ...]
    width: float
    height: float


def label_of(name: str, block: Block) -> Label:
    """The label of a block."""
    layer = block.layer
    plain = layer.key in SILENT
    title = [] if plain else broken(_title(name, layer))
    plainly = [] if plain else [*_numbers(layer), "?" if block.shape is None else shape_text(block.shape)]
    slabs = [line for slab in block.slabs for line in broken(_short(slab))]
    lines: list[Text] = []
    y, widest = 0.0, 0.0
    sizes = [*((line, TITLE, True, False) for line in title), *((line, SHAPE, False, False) for line in plainly)]
    for text, size, bold, muted in [*sizes, *((line, SMALL, False, True) for line in slabs)]:
        y += size * LEADING
        lines.append(Text(0.0, y, text, size, bold, muted))
        widest = max(widest, text_width(text, size, bold))
    return Label(tuple(lines), widest, y)


SILENT = ("Add", "Subtract", "Multiply")
"""Layers whose sign says everything."""


def _title(name: str, layer: Layer) -> str:
    if layer.key == "Input":
        return "Input" if re.fullmatch(r"input(_\d+)?", name) else name
    return layer.type_name if isinstance(layer, Placeholder) else layer.key


def _numbers(layer: Layer) -> list[str]:
    """The size of a window and its stride, the number of heads, the layer inside: whichever there is."""
    said = layer.config()
    window = said.get("kernel_size", said.get("pool_size"))
    inner = getattr(layer, "layer", None)
    found = []
    if window is not None:
        sizes, strides = list(window), list(said.get("strides") or window)
        usual = sizes if "pool_size" in said else [1] * len(sizes)
        found.append(_times(sizes) + ("" if strides == usual else f" / {_times(strides)}"))
    if "num_heads" in said:
        found.append(f"{said['num_heads']} heads")
    if isinstance(inner, Layer):
        found += [*broken(inner.key), *_numbers(inner)]
    return found


def _times(sizes: Sequence[int]) -> str:
    return "×".join(map(str, sizes))


def _short(slab: Layer) -> str:
    """A slab in a word or two."""
    if slab.key == "Activation":
        return str(getattr(slab, "activation", "activation"))
    rate = getattr(slab, "rate", None)
    word = slab.key.replace("Normalization", "Norm")
    return word if rate is None else f"{word} {rate:g}"


def broken(text: str) -> list[str]:
    """Text in lines, broken between the words of a name such as GlobalAveragePooling2D where it is too long."""
    lines = [""]
    for part in PARTS.findall(text):
        if lines[-1] and len(lines[-1] + part) > WIDEST:
            lines.append("")
        lines[-1] += part
    return [line if len(line) <= LONGEST else line[: LONGEST - 1] + "…" for line in map(str.strip, lines[:3])]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a line of text is."""
    return size * (1.08 if bold else 1.0) * sum(_character(one) for one in text)


def _character(one: str) -> float:
    return WIDTHS.get(one, 0.7 if one.isupper() or ord(one) > 0x2E80 else 0.57)
