"""Layers that compute values one by one, lay them out anew, or join them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.formats.expressions import Dialect, expression
from engine.formats.numpy_code.emitter import calling, emitter
from engine.formats.python_text import python
from engine.formats.steps import Step
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.dot import Dot
from graph.layers.lambda_layer import Lambda
from graph.layers.masking import Masking
from graph.layers.maxout import Maxout
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
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

NUMPY = Dialect("np", lambda compared: f"np.float32({compared})", {"sigmoid": "sigmoid"})
P = TypeVar("P")
INFIX = {Add: " + ", Subtract: " - ", Multiply: " * "}


@emitter(
    Activation,
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    Identity,
    SpatialDropout1D,
    SpatialDropout2D,
)
def nothing(layer: Layer, step: Step) -> str:
    """What matters only while training, or is an activation and nothing else."""
    return step.xs[0]


@emitter(Dense)
def dense(layer: Dense, step: Step) -> str:
    return calling(step, "affine")


@emitter(Embedding)
def embedding(layer: Embedding, step: Step) -> str:
    return calling(step, "look_up")


@emitter(Masking)
def masking(layer: Masking, step: Step) -> str:
    x = step.xs[0]
    return f"{x} * np.any({x} != {layer.mask_value!r}, axis=-1, keepdims=True)"


@emitter(Lambda)
def lambda_layer(layer: Lambda, step: Step) -> str:
    return expression(layer.tree, list(step.xs), step.inferred.inputs, NUMPY)


@emitter(ReLU)
def relu(layer: ReLU, step: Step) -> str:
    own = ("max_value", "negative_slope", "threshold")
    return calling(step, "relu", **{key: value for key, value in layer.changed().items() if key in own})


@emitter(LeakyReLU)
def leaky_relu(layer: LeakyReLU, step: Step) -> str:
    return calling(step, "leaky_relu", negative_slope=layer.negative_slope)


@emitter(ELU)
def elu(layer: ELU, step: Step) -> str:
    return calling(step, "elu", alpha=layer.alpha)


@emitter(PReLU)
def prelu(layer: PReLU, step: Step) -> str:
    return calling(step, "prelu")


@emitter(Softmax)
def softmax(layer: Softmax, step: Step) -> str:
    return step.xs[0] if layer.activation_behind == "softmax" else calling(step, "softmax", axis=layer.axis)


@emitter(Maxout)
def maxout(layer: Maxout, step: Step) -> str:
    return calling(step, "maxout", num_units=layer.num_units, axis=layer.axis)


@emitter(Add, Subtract, Multiply)
def arithmetic(layer: Layer, step: Step) -> str:
    return INFIX[type(layer)].join(inputs(step, "1.0"))  # type: ignore[index]


@emitter(Average)
def average(layer: Average, step: Step) -> str:
    return f"average({', '.join(inputs(step, '0.0'))})"


@emitter(Maximum, Minimum)
def extreme(layer: Layer, step: Step) -> str:
    """The first input where no input is there."""
    function, absent = ("np.maximum", "-np.inf") if isinstance(layer, Maximum) else ("np.minimum", "np.inf")
    first, *others = inputs(step, absent)
    for other in others:
        first = f"{function}({first}, {other})"
    if step.mask is None:
        return first
    return f"np.where({step.mask}[..., None], {first}, {aligned(step)[0]})"


def inputs(step: Step, absent: str) -> list[str]:
    """The inputs with the same number of axes; what is masked takes no part where the layer reads masks."""
    given = list(step.xs)
    for i, mask in enumerate(step.masks):
        if mask is not None and step.layer.mask_rule.reads:
            given[i] = f"present({given[i]}, {mask.text}, {absent})"
    return aligned(step, given)


def aligned(step: Step, given: list[str] | None = None) -> list[str]:
    """The inputs with the same number of axes, the new ones behind the batch."""
    rank = max(map(len, step.inferred.inputs))
    found = []
    for x, shape in zip(given or step.xs, step.inferred.inputs, strict=True):
        more = ", None" * (rank - len(shape))
        found.append(f"{x}[:{more}]" if more else x)
    return found


@emitter(Concatenate)
def concatenate(layer: Concatenate, step: Step) -> str:
    return f"np.concatenate([{', '.join(step.xs)}], axis={layer.axis})"


@emitter(Dot)
def dot(layer: Dot, step: Step) -> str:
    axes = tuple(axis % len(x) for axis, x in zip(layer.axes, step.inferred.inputs, strict=True))
    return calling(step, "dot", step.xs, axes=axes, normalize=layer.normalize or None)


@emitter(Flatten)
def flatten(layer: Flatten, step: Step) -> str:
    """Channels that come first are laid out last, as in Keras."""
    x = step.xs[0]
    if layer.data_format == "channels_first" and len(step.inferred.inputs[0]) > 2:
        x = f"channels_last({x})"
    return f"flatten({x})"


@emitter(Reshape)
def reshape(layer: Reshape, step: Step) -> str:
    return f"{step.xs[0]}.reshape({', '.join([f'len({step.xs[0]})', *map(str, layer.target_shape)])})"


@emitter(Permute)
def permute(layer: Permute, step: Step) -> str:
    return f"{step.xs[0]}.transpose({python((0, *layer.dims))})"


@emitter(RepeatVector)
def repeat_vector(layer: RepeatVector, step: Step) -> str:
    return f"{step.xs[0]}[:, None].repeat({layer.n}, axis=1)"


@emitter(Cropping1D, Cropping2D)
def cropping(layer: Edged, step: Step) -> str:
    edges = [f"{before or ''}:{-after or ''}" for before, after in layer.edges()]
    return f"{step.xs[0]}[{', '.join(placed(layer, ':', edges))}]"


@emitter(ZeroPadding1D, ZeroPadding2D)
def zero_padding(layer: Edged, step: Step) -> str:
    return f"np.pad({step.xs[0]}, {python(placed(layer, (0, 0), list(layer.edges())))})"


def placed(layer: Layer, nothing: P, edges: list[P]) -> list[P]:
    """What is done at the edges, in the order of all axes."""
    first = layer.config().get("data_format") == "channels_first"
    return [nothing, nothing, *edges] if first else [nothing, *edges, nothing]


@emitter(UpSampling1D)
def upsampling(layer: UpSampling1D, step: Step) -> str:
    return f"upsample({step.xs[0]}, ({layer.size},))"


@emitter(UpSampling2D)
def upsampling_images(layer: UpSampling2D, step: Step) -> str:
    function = "upsample" if layer.interpolation == "nearest" else "upsample_bilinear"
    return last(layer, lambda x: f"{function}({x}, {python(layer.size)})", step.xs[0])


def last(layer: Layer, compute: Callable[[str], str], x: str, axis: int = 1) -> str:
    """The computation with channels last, whatever the layer has."""
    if layer.config().get("data_format") != "channels_first":
        return compute(x)
    at = "" if axis == 1 else f", {axis}"
    return f"channels_first({compute(f'channels_last({x}{at})')}{at})"
