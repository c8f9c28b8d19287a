"""The summary table: one row a layer, and the totals."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from graph.inference import Inference
from graph.shapes import Shape, Shapes

BYTES = 4
"""Bytes of one number: a float32."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer. `outputs` is None where its shape is not known; sizes that are not known count as 1 in bytes.

    `masked`: its first output has a mask that says which steps are padding.
    """

    name: str
    type: str
    inputs: Shapes
    outputs: Shapes | None
    parameters: int
    trainable: int
    macs: int
    bytes: int
    masked: bool

    @property
    def output(self) -> Shape | None:
        """The shape at its first port."""
        return self.outputs[0] if self.outputs else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The rows in the order of computation, and their sums. Multiply-adds and bytes are for one sample."""

    rows: tuple[Row, ...]
    parameters: int
    trainable: int
    macs: int
    bytes: int

    @property
    def frozen(self) -> int:
        """The parameters that training does not change."""
        return self.parameters - self.trainable


def summarize(inference: Inference) -> Summary:
    """The table of a network whose shapes were inferred."""
    rows = tuple(_row(name, inference) for name in inference.layers)
    return Summary(
        rows,
        sum(row.parameters for row in rows),
        sum(row.trainable for row in rows),
        sum(row.macs for row in rows),
        sum(row.bytes for row in rows),
    )


def _row(name: str, inference: Inference) -> Row:
    layer, found = inference.network.layers[name], inference.layers[name]
    trained = sum(prod(w.shape) for w in found.weights.values() if w.trainable) if layer.trainable else 0
    values = sum(prod(size or 1 for size in shape[1:]) for shape in found.outputs or ())
    shapes, costs = (found.inputs, found.outputs), (found.parameters, trained, found.macs, values * BYTES)
    return Row(name, layer.key, *shapes, *costs, found.masked)
