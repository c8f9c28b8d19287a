"""Layers that compute values one by one, lay them out anew, or join them."""

from __future__ import annotations

from typing import Any

from engine.formats.expressions import Dialect, expression
from engine.formats.python_text import call, python
from engine.formats.pytorch.builder import Builder, Said, alike, emitter, kept, spatial
from engine.formats.steps import Step
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.dot import Dot
from graph.layers.lambda_layer import Lambda
from graph.layers.masking import Masking
from graph.layers.maxout import Maxout
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from graph.layers.normalization import Rescaling
from graph.layers.padding import (
    Cropping1D,
    Cropping2D,
    Edged,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax
from graph.layers.regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from graph.layers.reshape import Flatten, Permute, RepeatVector, Reshape

TORCH = Dialect(
    "torch",
    lambda compared: f"({compared}).float()",
    {"maximum": "larger", "minimum": "smaller"},
    {"max": "torch.amax", "min": "torch.amin"},
)
INFIX = {Add: " + ", Subtract: " - ", Multiply: " * "}


@emitter(Activation, ActivityRegularization, Identity)
def nothing(layer: Layer, step: Step, to: Builder) -> Said:
    return alike(step, to, lambda x: x)


@emitter(Dropout, AlphaDropout)
def dropout(layer: Dropout | AlphaDropout, step: Step, to: Builder) -> Said:
    if layer.noise_shape is not None:
        shape = python((None, *layer.noise_shape[1:])) if len(layer.noise_shape) else "()"
        made = to.module(step, f"SharedDropout({layer.rate!r}, {shape})")
        return Said(f"{made}({to.last(step.xs[0])})")
    made = to.module(step, f"nn.{layer.key}({layer.rate!r})")
    return alike(step, to, lambda x: f"{made}({x})")


@emitter(SpatialDropout1D, SpatialDropout2D)
def spatial_dropout(layer: Layer, step: Step, to: Builder) -> Said:
    made = to.module(step, f"nn.{layer.key.removeprefix('Spatial')[:-1]}d({layer.config()['rate']!r})")
    return spatial(layer, step, to, lambda x: f"{made}({x})")


@emitter(GaussianNoise)
def gaussian_noise(layer: GaussianNoise, step: Step, to: Builder) -> Said:
    made = to.module(step, f"GaussianNoise({layer.stddev!r})")
    return alike(step, to, lambda x: f"{made}({x})")


@emitter(GaussianDropout)
def gaussian_dropout(layer: GaussianDropout, step: Step, to: Builder) -> Said:
    made = to.module(step, f"GaussianDropout({layer.rate!r})")
    return alike(step, to, lambda x: f"{made}({x})")


@emitter(Dense)
def dense(layer: Dense, step: Step, to: Builder) -> str:
    features = step.inferred.inputs[0][-1]
    bias = "" if layer.use_bias else ", bias=False"
    made = to.module(
        step,
        f"nn.Linear({features}, {layer.units}{bias})",
        lambda w: {"weight": w["kernel"].T} | ({"bias": w["bias"]} if "bias" in w else {}),
    )
    return f"{made}({to.last(step.xs[0])})"


@emitter(Embedding)
def embedding(layer: Embedding, step: Step, to: Builder) -> str:
    made = to.module(
        step, f"nn.Embedding({layer.input_dim}, {layer.output_dim})", lambda w: {"weight": w["embeddings"]}
    )
    return f"{made}({to.last(step.xs[0])}.long())"


@emitter(Masking)
def masking(layer: Masking, step: Step, to: Builder) -> str:
    x = to.last(step.xs[0])
    return f"{x} * ({x} != {layer.mask_value!r}).any(-1, keepdim=True)"


@emitter(Lambda)
def lambda_layer(layer: Lambda, step: Step, to: Builder) -> str:
    return expression(layer.tree, [to.last(x) for x in step.xs], step.inferred.inputs, TORCH)


@emitter(Rescaling)
def rescaling(layer: Rescaling, step: Step, to: Builder) -> Said:
    return alike(step, to, lambda x: f"{x} * {layer.scale!r} + {layer.offset!r}")


@emitter(ReLU)
def relu(layer: ReLU, step: Step, to: Builder) -> Said:
    options = {name: python(value) for name, value in layer.changed().items() if name in OWN}
    function = "rectify" if options else "F.relu"
    return alike(step, to, lambda x: call(function, [x], options))


OWN = ("max_value", "negative_slope", "threshold")


@emitter(LeakyReLU)
def leaky_relu(layer: LeakyReLU, step: Step, to: Builder) -> Said:
    return alike(step, to, lambda x: f"F.leaky_relu({x}, {layer.negative_slope!r})")


@emitter(ELU)
def elu(layer: ELU, step: Step, to: Builder) -> Said:
    return alike(step, to, lambda x: f"F.elu({x}, {layer.alpha!r})")


@emitter(PReLU)
def prelu(layer: PReLU, step: Step, to: Builder) -> str:
    made = to.module(step, f"PReLU({python(step.inferred.weights['alpha'].shape)})", kept)
    return f"{made}({to.last(step.xs[0])})"


@emitter(Softmax)
def softmax(layer: Softmax, step: Step, to: Builder) -> Said | str:
    if layer.activation_behind == "softmax":
        return alike(step, to, lambda x: x)
    return f"torch.softmax({to.last(step.xs[0])}, {layer.axis})"


@emitter(Maxout)
def maxout(layer: Maxout, step: Step, to: Builder) -> str:
    return f"maxout({to.last(step.xs[0])}, {layer.num_units}, {layer.axis})"


@emitter(Add, Subtract, Multiply)
def arithmetic(layer: Layer, step: Step, to: Builder) -> Said:
    given, moved = inputs(step, to, "1.0")
    return Said(INFIX[type(layer)].join(given), moved)  # type: ignore[index]


@emitter(Average)
def average(layer: Average, step: Step, to: Builder) -> Said:
    given, moved = inputs(step, to, "0.0")
    return Said(f"({' + '.join(given)}) / {len(given)}", moved)


@emitter(Maximum, Minimum)
def extreme(layer: Layer, step: Step, to: Builder) -> Said:
    """The first input where no input is there."""
    function, absent = ("maximum", "-torch.inf") if isinstance(layer, Maximum) else ("minimum", "torch.inf")
    (first, *others), moved = inputs(step, to, absent)
    for other in others:
        first = f"torch.{function}({first}, {other})"
    if step.mask is None:
        return Said(first, moved)
    return Said(f"torch.where({step.mask}[..., None], {first}, {aligned(step, to)[0]})")


def inputs(step: Step, to: Builder, absent: str) -> tuple[list[str], bool]:
    """The inputs with the same number of axes, and whether their channels stand first.

    What is masked takes no part where the layer reads masks.
    """
    ranks = {len(x) for x in step.inferred.inputs}
    masked = any(mask is not None for mask in step.masks)
    if len(ranks) == 1 and not masked and all(x in to.moved for x in step.xs):
        return list(step.xs), True
    given = [to.last(x) for x in step.xs]
    for i, mask in enumerate(step.masks):
        if mask is not None and step.layer.mask_rule.reads:
            given[i] = f"present({given[i]}, {mask.text}, {absent})"
    return aligned(step, to, given), False


def aligned(step: Step, to: Builder, given: list[str] | None = None) -> list[str]:
    """The inputs with the same number of axes, the new ones behind the batch."""
    rank = max(map(len, step.inferred.inputs))
    found = []
    for x, shape in zip(given or [to.last(x) for x in step.xs], step.inferred.inputs, strict=True):
        more = ", None" * (rank - len(shape))
        found.append(f"{x}[:{more}]" if more else x)
    return found


@emitter(Concatenate)
def concatenate(layer: Concatenate, step: Step, to: Builder) -> Said:
    rank = len(step.inferred.inputs[0])
    if layer.axis % rank == rank - 1 and all(x in to.moved for x in step.xs):
        return Said(f"torch.cat([{', '.join(step.xs)}], dim=1)", moved=True)
    return Said(f"torch.cat([{', '.join(map(to.last, step.xs))}], dim={layer.axis})")


@emitter(Dot)
def dot(layer: Dot, step: Step, to: Builder) -> str:
    axes = tuple(axis % len(x) for axis, x in zip(layer.axes, step.inferred.inputs, strict=True))
    options: dict[str, Any] = {"axes": python(axes)} | ({"normalize": "True"} if layer.normalize else {})
    return call("dot", [to.last(x) for x in step.xs], options)


@emitter(Flatten)
def flatten(layer: Flatten, step: Step, to: Builder) -> str:
    """Channels that come first are laid out last, as in Keras."""
    x = to.last(step.xs[0])
    rank = len(step.inferred.inputs[0])
    if rank == 1:
        return f"{x}[:, None]"
    return f"{x}.movedim(1, -1).flatten(1)" if layer.data_format == "channels_first" and rank > 2 else f"{x}.flatten(1)"


@emitter(Reshape)
def reshape(layer: Reshape, step: Step, to: Builder) -> str:
    x = to.last(step.xs[0])
    return f"{x}.reshape({', '.join([f'len({step.xs[0]})', *map(str, layer.target_shape)])})"


@emitter(Permute)
def permute(layer: Permute, step: Step, to: Builder) -> str:
    return f"{to.last(step.xs[0])}.permute({python((0, *layer.dims))})"


@emitter(RepeatVector)
def repeat_vector(layer: RepeatVector, step: Step, to: Builder) -> str:
    return f"{to.last(step.xs[0])}[:, None].repeat(1, {layer.n}, 1)"


@emitter(Cropping1D, Cropping2D)
def cropping(layer: Edged, step: Step, to: Builder) -> Said:
    edges = ", ".join(f"{before or ''}:{-after or ''}" for before, after in layer.edges())
    return spatial(layer, step, to, lambda x: f"{x}[:, :, {edges}]")


@emitter(ZeroPadding1D, ZeroPadding2D)
def zero_padding(layer: Edged, step: Step, to: Builder) -> Said:
    edges = tuple(n for pair in reversed(layer.edges()) for n in pair)
    return spatial(layer, step, to, lambda x: f"F.pad({x}, {python(edges)})")


@emitter(UpSampling1D)
def upsampling(layer: UpSampling1D, step: Step, to: Builder) -> str:
    return f"{to.last(step.xs[0])}.repeat_interleave({layer.size}, 1)"


@emitter(UpSampling2D)
def upsampling_images(layer: UpSampling2D, step: Step, to: Builder) -> Said:
    size = python(layer.size)
    if layer.interpolation == "nearest":
        return spatial(layer, step, to, lambda x: f"F.interpolate({x}, scale_factor={size})")
    return spatial(layer, step, to, lambda x: f"upsample_bilinear({x}, {size})")
