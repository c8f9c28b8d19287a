"""Binding a network to arrays: one kernel and one array after another, in the order of the network.

A tensor that feeds one consumer has its gradient written by it. With several, each writes an array of its own, and
they are added before the producer's backward runs. Layers that only reshape are no step: their output is their input's
array seen in another shape, and so is its gradient.

A mask travels with its tensor. Most layers give on the array of their input; those that make a mask have one of their
own, of the output's sizes but the last. See `bound_masks`.

What a layer's `activation` parameter asks for is a step of its own behind the layer, and so is the penalty of its
`activity_regularizer`. An activation whose slope follows from its output alone works in place where nobody else wants
its input: it may be written over. Two layers may be one step: see `joint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import engine.kernels  # noqa: F401  (fills the registry)
from engine.arrays import Arrays, Tensor
from engine.bound_masks import BoundMasks, Call
from engine.joint import joint_layers
from engine.kernel import Array, Kernel, ManyKernel, Site, Sizes, kernel_of
from engine.parameters import Parameters
from engine.states import States
from graph.infer import Inference
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.regularization import OutputPenalty
from graph.message import Message
from graph.shapes import Refusal, Shape


@dataclass(frozen=True)
class Purpose:
    """What a plan is for: training or inference, which results give their logits, whether inputs have gradients."""

    training: bool = True
    logits: tuple[str, ...] = ()
    input_gradients: bool = False


@dataclass
class Step:
    """One kernel with its tensors, and the arrays its backward writes."""

    layer: str
    kernel: Kernel[Any] | ManyKernel[Any]
    xs: tuple[Tensor, ...]
    ys: tuple[Tensor, ...]
    dxs: tuple[Array | None, ...]
    in_place: bool
    runs_backward: bool


class Binder:
    """Makes the arrays and the calls of one plan."""

    def __init__(
        self,
        inference: Inference,
        batch_size: int,
        parameters: Parameters,
        generators: Mapping[str, np.random.Generator],
        purpose: Purpose,
        states: States,
    ) -> None:
        self.inference = inference
        self.states = states
        self.batch_size = batch_size
        self.parameters = parameters
        self.generators = generators
        self.training = purpose.training
        self.arrays = Arrays(parameters.values.dtype, reuse=not purpose.training)
        self.steps: list[Step] = []
        self.inputs: dict[str, Array] = {}
        self.outputs: dict[str, Array] = {}
        self.masks: dict[str, Array] = {}
        self.logits: dict[str, Array] = {}
        self.output_gradients: dict[str, Array] = {}
        self.input_gradients: dict[str, Array] = {}
        self._differentiate_inputs = purpose.training and purpose.input_gradients
        self._entries: dict[str, Tensor] = {}
        self._fused = {found[0]: name for name in purpose.logits if (found := last_activation(inference, name))}
        self.forward: list[Call] = []
        self._bind()
        self.backward: list[Call] = self._backward() if self.training else []

    def _bind(self) -> None:
        network = self.inference.network
        joint = joint_layers(self.inference)
        joined = {first for first, _ in joint.values()}
        tensors: dict[tuple[str, str], Tensor] = {}
        results = set(self.inference.results)
        for name in network.order:
            if self.inference.layers[name].left_out or name in joined:
                continue
            first, layer = joint.get(name, (name, network.layers[name]))
            if self.inference.layers[first].entry:
                xs: tuple[Tensor, ...] = (self._entry(first),)
            else:
                xs = tuple(tensors[wire.source, wire.source_port] for wire in network.into(first))
            ys = self._bind_layer(first, layer, xs)
            wires = network.wiring.out_of.get(name, ())
            for port, y in zip(network.layers[name].outputs, ys, strict=True):
                tensors[name, port.name] = y
                y.root.readers += [wire.source_port for wire in wires].count(port.name)
            ys[0].disposable &= name not in results and len(wires) == 1
            if name in results:
                self._result(name, ys[0])
            for y in ys:
                self.arrays.read(y)

    def _entry(self, name: str) -> Tensor:
        """Where the samples of an entry come in; whoever runs the plan may write them once and run it twice."""
        sizes = concrete(self.inference.layers[name].inputs[0], self.batch_size, name)
        entry = self._entries[name] = Tensor(self.arrays.values(sizes), self._differentiate_inputs, readers=2)
        self.inputs[name] = entry.y
        return entry

    def _result(self, name: str, y: Tensor) -> None:
        y.root.readers += 1
        self.outputs[name] = y.y
        if y.mask is not None:
            self.masks[name] = y.mask
        if self.training and y.needs_gradient and name not in self._fused.values():
            self.output_gradients[name] = self._contribution(y)

    def _bind_layer(self, name: str, layer: Layer, xs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        fused = self._fused.get(name)
        if layer.only_activates:
            ys = self._add(name, layer, xs, fused)
        else:
            ys = self._add(name, layer, xs)
            if layer.activation_behind != "linear":
                ys = self._add(name, Activation(layer.activation_behind), ys, fused)
        if layer.penalty is None:
            return ys
        return tuple(self._add(name, OutputPenalty(layer.penalty), (y,))[0] for y in ys)

    def _add(self, name: str, layer: Layer, xs: tuple[Tensor, ...], fused: str | None = None) -> tuple[Tensor, ...]:
        """Bind one kernel. `fused` names the result whose loss is computed before it."""
        cls = kernel_of(layer)
        sizes = tuple(x.y.shape for x in xs)
        outputs = layer.output_shapes(sizes)
        assert not isinstance(outputs, Refusal), "a network is checked before it is bound"
        y_sizes = tuple(concrete(y, self.batch_size, name) for y in outputs)
        masks = BoundMasks(layer.mask_rule, [x.mask for x in xs], y_sizes[0], self.arrays.mask)
        self.forward += masks.calls
        if cls.view == "always" or (cls.view == "in inference" and not self.training):
            return (Tensor(xs[0].y.reshape(y_sizes[0]), xs[0].needs_gradient, seen_in=xs[0], mask=masks.given),)
        in_place = cls.in_place and xs[0].disposable and fused is None
        weights = self.parameters.of(name) if layer.weights(sizes) else {}
        needs_gradient = bool(weights and self.parameters.gradients_of(name)) or any(x.needs_gradient for x in xs)
        ys = tuple(
            Tensor(
                xs[0].y if in_place else self.arrays.values(sizes_of_y),
                needs_gradient,
                disposable=len(y_sizes) == 1 and not (cls.reads_output and self.training),
            )
            for sizes_of_y in y_sizes
        )
        ys[0].mask = masks.given
        backward = self.training and needs_gradient and fused is None
        dxs: tuple[Array | None, ...] = (None,) * len(xs)
        if in_place:
            ys[0].seen_in = xs[0]
        elif backward:
            dxs = tuple(self._contribution(x) if x.needs_gradient else None for x in xs)
        if fused is not None:
            self.logits[fused] = xs[0].y
            xs[0].root.readers += 1
            if self.training and xs[0].needs_gradient:
                self.output_gradients[fused] = self._contribution(xs[0])
        needs_dx = (True,) if in_place else tuple(dx is not None for dx in dxs)
        made = cls(layer, self._site(name, sizes, y_sizes, weights, needs_dx, masks))
        step = Step(name, made, xs, ys, dxs, in_place, backward)
        self.steps.append(step)
        self.forward.append((made.forward, (tuple(x.y for x in xs), _said(step, [y.y for y in ys]), self.training)))
        for x in xs[1:] if in_place else xs:
            self.arrays.read(x)
        return ys

    def _site(
        self,
        name: str,
        xs: tuple[Sizes, ...],
        ys: tuple[Sizes, ...],
        weights: Mapping[str, Array],
        needs_dx: tuple[bool, ...],
        masks: BoundMasks,
    ) -> Site:
        """What one kernel of the layer `name` is given."""
        gradients = self.parameters.gradients_of(name) if weights else {}
        dtype, states, batch = self.parameters.values.dtype, self.states, self.batch_size
        whole = self.inference.layers[name].inputs[0][0] or batch  # what keeps states was refused without a fixed size
        return Site(
            xs=xs,
            ys=ys,
            dtype=dtype,
            weights=weights,
            gradients={k: gradients[k] if k in gradients else self._unread(w) for k, w in weights.items()},
            needs_dx=needs_dx,
            generator=self.generators[name],
            training=self.training,
            allocate=self.arrays.scratch,
            masks=masks.read,
            mask=masks.own,
            carry=lambda key, sizes: states.rows(f"{name}/{key}", whole, batch, sizes, dtype),
        )

    def _contribution(self, x: Tensor) -> Array:
        """A new array for one consumer's gradient, in the shape the consumer sees."""
        dx = self.arrays.gradient(x.y.shape)
        x.root.contributions.append(dx.reshape(x.root.y.shape))
        return dx

    def _backward(self) -> list[Call]:
        calls: list[Call] = []
        for step in reversed(self.steps):
            if not step.runs_backward:
                continue
            dys = [self._gradient(y.root, calls).reshape(y.y.shape) for y in step.ys]
            xs, ys = tuple(x.y for x in step.xs), [y.y for y in step.ys]
            dxs = (dys[0],) if step.in_place else step.dxs
            calls.append((step.kernel.backward, (_said(step, dys), xs, _said(step, ys), dxs)))
        if self._differentiate_inputs:
            for name, entry in self._entries.items():
                self.input_gradients[name] = self._gradient(entry, calls)
        return calls

    def _gradient(self, tensor: Tensor, calls: list[Call]) -> Array:
        """The gradient of a tensor once `calls` have added up what its consumers wrote; zeros where none did."""
        first, *others = tensor.contributions or [self.arrays.gradient(tensor.y.shape)]
        calls += [(np.add, (first, other, first)) for other in others]
        tensor.contributions = [first]
        return first

    def _unread(self, w: Array) -> Array:
        """A place for a gradient that nobody reads: that of a frozen weight, or of one that is no part of the slope."""
        return self.arrays.gradient(w.shape) if self.training else w


def _said(step: Step, arrays: list[Array]) -> Array | tuple[Array, ...]:
    """The arrays of a step's outputs, as its kernel takes them."""
    return tuple(arrays) if isinstance(step.kernel, ManyKernel) else arrays[0]


def concrete(shape: Shape, batch_size: int, name: str) -> Sizes:
    """A shape with the batch filled in. Raises UnknownSize where another size is still open."""
    sizes = (batch_size, *shape[1:])
    known = tuple(n for n in sizes if n is not None)
    if len(known) < len(sizes):
        text = "{name}: the shape {shape} has sizes that are not known. State them, or choose data first."
        raise UnknownSize(Message(text, name=name, shape=shape))
    return known


class UnknownSize(ValueError):
    """A network whose shapes are not all known cannot be run; the text names the layer."""


def last_activation(inference: Inference, result: str) -> tuple[str, str] | None:
    """The layer and the name of the activation that a result comes from, if nothing else reads its output.

    Output nodes are looked through. None where the last activation is linear, its output goes elsewhere too, or has a
    penalty.
    """
    network = inference.network
    wiring = network.wiring
    if result in wiring.out_of:
        return None
    name = result
    while network.layers[name].key == "Output" and name in wiring.into:
        name = wiring.into[name][0].source
        if len(wiring.out_of[name]) > 1:
            return None
    layer = network.layers[name]
    activation = layer.activation_behind
    return None if activation == "linear" or layer.penalty is not None else (name, activation)
