"""A graph of ONNX operators under construction: what runs on what, in order, and the arrays it needs.

It knows no package: `proto` makes the file of it. Operators are those of
https://onnx.ai/onnx/operators/ from opset 17 on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.kernel import Array
from graph.names import fresh

Tensor = str
"""The name of a value in the graph."""
REDUCTIONS_TAKE_AXES = 18
"""The opset from which the axes of ReduceMean and its like are an input; those of ReduceSum are one since 13."""


@dataclass(frozen=True)
class Operation:
    """One node. An empty name among the inputs stands for one that is left out."""

    kind: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Body:
    """A graph inside of an operator: its inputs and outputs with their element type, and its nodes.

    It may read every value that was made before the operator.
    """

    inputs: tuple[tuple[Tensor, type], ...]
    outputs: tuple[tuple[Tensor, type], ...]
    operations: tuple[Operation, ...]


@dataclass
class Draft:
    """The nodes and the arrays so far. `scope` is the layer that new values are named after."""

    opset: int = 17
    scope: str = ""
    operations: list[Operation] = field(default_factory=list)
    arrays: dict[Tensor, Array] = field(default_factory=dict)
    taken: set[Tensor] = field(default_factory=set)
    _known: dict[Any, tuple[Tensor, ...]] = field(default_factory=dict)

    def name(self, wanted: str) -> Tensor:
        """A name that nothing has yet: `wanted`, or the same with a number behind it."""
        made = fresh(wanted, self.taken)
        self.taken.add(made)
        return made

    def op(self, kind: str, *inputs: Tensor, **attributes: Any) -> Tensor:
        """The value of one operator."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, count: int, *inputs: Tensor, **attributes: Any) -> tuple[Tensor, ...]:
        """The values of an operator that has several. What was computed before is not computed again."""
        key = (kind, count, inputs, tuple(sorted((name, str(value)) for name, value in attributes.items())))
        if key not in self._known or any(isinstance(value, Body) for value in attributes.values()):
            outputs = tuple(self.name(f"{self.scope}/{kind}") for _ in range(count))
            self.operations.append(Operation(kind, inputs, outputs, attributes))
            self._known[key] = outputs
        return self._known[key]

    def named(self, x: Tensor, name: Tensor) -> None:
        """Give a value a name that was taken for it."""
        self.operations.append(Operation("Identity", (x,), (name,), {}))

    def constant(self, value: Any, dtype: type = np.float32) -> Tensor:
        """A number or an array that is part of the graph; the same numbers are kept once."""
        array: Array = np.asarray(value, dtype)
        key = ("constant", array.dtype.str, array.shape, array.tobytes())
        if key not in self._known:
            name = self.name("constant")
            self.arrays[name] = array
            self._known[key] = (name,)
        return self._known[key][0]

    def ints(self, *values: int) -> Tensor:
        """A row of whole numbers."""
        return self.constant(values, np.int64)

    def array(self, name: str, array: Array) -> Tensor:
        """An array under its own name: a weight."""
        key = ("array", name)
        if key not in self._known:
            own = self.name(name)
            self.arrays[own] = np.ascontiguousarray(array).reshape(array.shape)
            self._known[key] = (own,)
        return self._known[key][0]

    @contextmanager
    def body(self) -> Iterator[list[Operation]]:
        """While it lasts, operators go into the list that is given, to be the nodes of a `Body`."""
        outer, known = self.operations, self._known
        self.operations, self._known = [], {key: v for key, v in known.items() if key[0] in ("constant", "array")}
        try:
            yield self.operations
        finally:
            made = {key: v for key, v in self._known.items() if key[0] in ("constant", "array")}
            self.operations, self._known = outer, known | made

    def transpose(self, x: Tensor, order: Sequence[int]) -> Tensor:
        """`x` with its axes in another order."""
        return x if list(order) == list(range(len(order))) else self.op("Transpose", x, perm=list(order))

    def cast(self, x: Tensor, dtype: type) -> Tensor:
        """`x` as another kind of number."""
        return self.op("Cast", x, to=dtype)

    def unsqueeze(self, x: Tensor, *axes: int) -> Tensor:
        """`x` with axes of size 1 at the places they have in the result."""
        return self.op("Unsqueeze", x, self.ints(*axes)) if axes else x

    def squeeze(self, x: Tensor, *axes: int) -> Tensor:
        """`x` without axes of size 1."""
        return self.op("Squeeze", x, self.ints(*axes)) if axes else x

    def reduce(self, kind: str, x: Tensor, axes: Sequence[int], keepdims: bool) -> Tensor:
        """`x` with values along axes made one: `kind` is Sum, Mean, Max or Min."""
        if kind == "Sum" or self.opset >= REDUCTIONS_TAKE_AXES:
            return self.op(f"Reduce{kind}", x, self.ints(*axes), keepdims=int(keepdims))
        return self.op(f"Reduce{kind}", x, axes=list(axes), keepdims=int(keepdims))

    def size(self, x: Tensor, axis: int) -> Tensor:
        """The size of an axis that is known only when the graph runs, as a row of one number."""
        return self.op("Shape", x, start=axis, end=axis + 1)

    def sizes(self, sizes: Sequence[int | Tensor]) -> Tensor:
        """Sizes as one row, some of which are found when the graph runs."""
        if all(isinstance(size, int) for size in sizes):
            return self.ints(*(int(size) for size in sizes))
        return self.op("Concat", *(self.ints(n) if isinstance(n, int) else n for n in sizes), axis=0)

    def reshape(self, x: Tensor, sizes: Sequence[int | Tensor]) -> Tensor:
        """`x` in another shape: 0 is the size that the axis has already, -1 what is left."""
        found = [i for i, size in enumerate(sizes) if not isinstance(size, int)]
        if len(found) == 1 and -1 not in sizes:
            sizes = [-1 if i in found else size for i, size in enumerate(sizes)]
        return self.op("Reshape", x, self.sizes(sizes))

    def slice(self, x: Tensor, axis: int, start: int | None, stop: int | None, step: int = 1) -> Tensor:
        """A range of places along an axis, as Python counts them."""
        far = np.iinfo(np.int64).max
        if step < 0:
            start, stop = far if start is None else start, -far if stop is None else stop
        start, stop = start or 0, far if stop is None else stop
        return self.op("Slice", x, self.ints(start), self.ints(stop), self.ints(axis), self.ints(step))

    def flip(self, x: Tensor, axis: int) -> Tensor:
        """`x` with the places along an axis in the opposite order."""
        return self.slice(x, axis, None, None, -1)

    def fold(self, kind: str, xs: Sequence[Tensor]) -> Tensor:
        """Values joined by an operator of two, from the first to the last."""
        y = xs[0]
        for x in xs[1:]:
            y = self.op(kind, y, x)
        return y
