"""Which values of a size fit the input of a layer, found by asking its shape rule."""

from __future__ import annotations

from graph.fields import Field, IntField, IntsField
from graph.layers import Layer
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shape, Shapes

TRIED = 64
"""So many values are tried at most; a limit above is not worth a hint."""


def fitting(layer: Layer, name: str, xs: Shapes) -> tuple[int, ...] | None:
    """The values of a parameter that the layer's input takes, or None where all are taken or too many to try."""
    field = layer.parameters[name]
    tried = candidates(field)
    if not tried or not xs or wrong_rank(layer, xs):
        return None
    fit = tuple(n for n in tried if fits(layer, name, n, xs))
    return fit if 0 < len(fit) < len(tried) else None


def candidates(field: Field) -> range:
    """The values worth trying: of a window's size from the smallest, of a small range all."""
    if isinstance(field, IntsField):
        return range(field.min, min(field.max or TRIED, field.min + TRIED))
    if isinstance(field, IntField) and field.min is not None and field.max is not None:
        return range(field.min, field.max + 1) if field.max - field.min <= TRIED else range(0)
    return range(0)


def fits(layer: Layer, name: str, value: int, xs: Shapes) -> bool:
    """Whether the layer has an output with this value."""
    return not isinstance(layer.with_(**{name: value}).output_shapes(xs), Refusal)


def ranges(values: tuple[int, ...]) -> str:
    """Numbers as people list them: "1 to 8", "-3 to -1, 1 to 3"."""
    runs: list[list[int]] = []
    for n in values:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs)


def sample_text(x: Shape) -> str:
    """The axes a window moves over, without batch and channels: "8 × 8"."""
    sizes = x[1:-1] if len(x) > 2 else x[1:]
    return " × ".join("?" if n is None else str(n) for n in sizes)
