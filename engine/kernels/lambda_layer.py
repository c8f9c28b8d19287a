"""An expression, computed node by node, and differentiated backwards through the same nodes.

Every node of the tree has a place for its value and one for its gradient; parts that are the same are one node.
Backwards, the first node that reaches a gradient writes it and the others add to it; which is first is known
beforehand, because the order is that of the tree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from engine.kernel import Array, Kernel, Site, Sizes, kernel
from engine.kernels.lambda_operations import FORMULAS, where
from graph.expression import Call, Input, Node, Number, Part, Range, Reduce, shapes_of
from graph.expression.shapes import reduced_axes, spelled_out
from graph.layers.lambda_layer import Lambda


class Tape:
    """The value and the gradient of every node by its place; those of inputs and output are the plan's own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.values: list[Any] = [None] * len(site.xs)
        self.gradients: list[Array | None] = [None] * len(site.xs)
        self.sizes: list[Sizes] = list(site.xs)
        self.wanted = list(site.needs_dx)
        self.terms: list[Term] = []
        self._places: dict[Node, int] = {}

    def add(self, node: Node, shapes: dict[Node, Sizes]) -> int:
        """The place of a node, which is bound with all that it reads if it is new."""
        if isinstance(node, Input):
            return node.place
        if node not in self._places:
            if isinstance(node, Number):
                place = self.keep(node.value, None, (), False)
            else:
                read = node.arguments if isinstance(node, Call) else (node.argument,)
                term = TERMS[type(node)](self, node, [self.add(one, shapes) for one in read], shapes[node])
                self.terms.append(term)
                place = term.y
            self._places[node] = place
        return self._places[node]

    def keep(self, value: Any, gradient: Array | None, sizes: Sizes, wanted: bool) -> int:
        """A new place."""
        self.values.append(value)
        self.gradients.append(gradient)
        self.sizes.append(sizes)
        self.wanted.append(wanted)
        return len(self.values) - 1


class Share:
    """The part of a gradient that one node writes: `i` is which of its xs, `first` whether nobody wrote before."""

    def __init__(self, tape: Tape, place: int, i: int, sizes: Sizes) -> None:
        self.tape, self.place, self.i = tape, place, i
        self.first = False
        x = tape.sizes[place]
        self.repeated = tuple(axis for axis, (n, m) in enumerate(zip(x, sizes, strict=True)) if n < m)
        self.sum = tape.site.for_backward(*x) if self.repeated else None

    @property
    def gradient(self) -> Array:
        """The whole gradient."""
        found = self.tape.gradients[self.place]
        assert found is not None, "only what is wanted is shared"
        return found

    def give(self, slope: Array) -> None:
        """Add `slope`, summed along the axes where the x was repeated."""
        if self.sum is not None:
            slope = np.sum(slope, axis=self.repeated, keepdims=True, out=self.sum)
        if self.first:
            np.copyto(self.gradient, slope)
        else:
            np.add(self.gradient, slope, out=self.gradient)


class Term(ABC):
    """One node: `xs` and `y` are the places of what it reads and writes."""

    def __init__(self, tape: Tape, xs: list[int], sizes: Sizes, live: Sequence[bool], slope_sizes: Sizes) -> None:
        self.tape, self.xs = tape, xs
        scratch, spare = tape.site.scratch, tape.site.for_backward
        shared = [i for i, x in enumerate(xs) if live[i] and tape.wanted[x]]
        self.shares = [Share(tape, xs[i], i, slope_sizes) for i in shared]
        self.y = tape.keep(scratch(*sizes), spare(*sizes) if shared else None, sizes, bool(shared))
        self.s = spare(*slope_sizes) if shared else None

    @abstractmethod
    def forward(self) -> None:
        """Write the value."""

    @abstractmethod
    def backward(self, dy: Array) -> None:
        """Give the gradient of what was read."""


class CallTerm(Term):
    """An operation on values one by one."""

    def __init__(self, tape: Tape, node: Call, xs: list[int], sizes: Sizes) -> None:
        formula = FORMULAS[node.operation]
        super().__init__(tape, xs, sizes, [slope is not None for slope in formula.slopes], sizes)
        self.function, self.slopes = formula.forward, formula.slopes
        if self.function is where:
            self.function = partial(where, mask=tape.site.scratch(*tape.sizes[xs[0]], dtype=np.bool_))

    def forward(self) -> None:
        values = self.tape.values
        self.function(*[values[x] for x in self.xs], out=values[self.y])

    def backward(self, dy: Array) -> None:
        values = self.tape.values
        xs = [values[x] for x in self.xs]
        for share in self.shares:
            slope = self.slopes[share.i]
            assert slope is not None
            share.give(slope(self.s, dy, values[self.y], *xs))


class ReduceTerm(Term):
    """One value of those along axes.

    sum: dx = dy;  mean: dx = dy / their number;  max and min: dx = dy for the value itself, shared by equal ones
    """

    def __init__(self, tape: Tape, node: Reduce, xs: list[int], sizes: Sizes) -> None:
        x = tape.sizes[xs[0]]
        super().__init__(tape, xs, sizes, [True], x)
        self.axes = reduced_axes(node, len(x))
        self.kept = tuple(1 if axis in self.axes else n for axis, n in enumerate(x))
        self.function = {"mean": np.add, "sum": np.add, "max": np.maximum, "min": np.minimum}[node.operation]
        self.share = 1.0 / prod(x[axis] for axis in self.axes) if node.operation == "mean" else 1.0
        self.picks = node.operation in ("max", "min")
        self.part = tape.site.for_backward(*self.kept)

    def forward(self) -> None:
        x, y = self.tape.values[self.xs[0]], self.tape.values[self.y].reshape(self.kept)
        self.function.reduce(x, axis=self.axes, keepdims=True, out=y)
        y *= self.share

    def backward(self, dy: Array) -> None:
        x, y = self.tape.values[self.xs[0]], self.tape.values[self.y].reshape(self.kept)
        dy, s = dy.reshape(self.kept), self.s
        assert s is not None
        if self.picks:
            np.equal(x, y, out=s)
            np.sum(s, axis=self.axes, keepdims=True, out=self.part)
            np.divide(dy, self.part, out=self.part)
            s *= self.part
        else:
            np.multiply(dy, self.share, out=self.part)
            np.copyto(s, self.part)
        self.shares[0].give(s)


class PartTerm(Term):
    """A part: y = x[places];  dx = dy there and 0 elsewhere"""

    def __init__(self, tape: Tape, node: Part, xs: list[int], sizes: Sizes) -> None:
        super().__init__(tape, xs, sizes, [True], tape.sizes[xs[0]])
        self.places = tuple(
            slice(place.start, place.stop, place.step) if isinstance(place, Range) else place
            for place in spelled_out(node, len(tape.sizes[xs[0]]))
        )

    def forward(self) -> None:
        np.copyto(self.tape.values[self.y], self.tape.values[self.xs[0]][self.places])

    def backward(self, dy: Array) -> None:
        share = self.shares[0]
        if share.first:
            share.gradient.fill(0.0)
        share.gradient[self.places] += dy


TERMS: dict[type[Any], type[Any]] = {Call: CallTerm, Reduce: ReduceTerm, Part: PartTerm}


@kernel(Lambda)
class LambdaKernel(Kernel[Lambda]):
    """y = the expression;  each dx by the chain rule"""

    reads_output = True

    def __init__(self, layer: Lambda, site: Site) -> None:
        super().__init__(layer, site)
        self.tape = tape = Tape(site)
        shapes = {node: sizes_of(shape) for node, shape in shapes_of(layer.tree, site.xs).items()}
        self.root = tape.add(layer.tree, shapes)
        reached = {self.root}
        self.backwards: list[Term] = []
        for term in reversed(tape.terms):
            if term.y in reached and term.shares:
                self.backwards.append(term)
                for share in term.shares:
                    share.first = share.place not in reached
                    reached.add(share.place)
        self.unreached = [i for i in range(len(site.xs)) if i not in reached]

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        values = self.tape.values
        values[: len(xs)] = xs
        if self.root < len(xs):
            np.copyto(y, xs[self.root])
            return
        values[self.root] = y
        with np.errstate(all="ignore"):
            for term in self.tape.terms:
                term.forward()

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        gradients = self.tape.gradients
        gradients[: len(dxs)] = dxs
        if self.root < len(xs):
            dx = dxs[self.root]
            if dx is not None:
                np.copyto(dx, dy)
        else:
            gradients[self.root] = dy
        for i in self.unreached:
            dx = dxs[i]
            if dx is not None:
                dx.fill(0.0)
        with np.errstate(all="ignore"):
            for term in self.backwards:
                own = gradients[term.y]
                assert own is not None
                term.backward(own)


def sizes_of(shape: tuple[int | None, ...]) -> Sizes:
    """A shape of which every size is known."""
    return tuple(n for n in shape if n is not None)
