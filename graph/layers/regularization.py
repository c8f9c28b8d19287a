"""Layers that only work while training, to keep a network from learning its samples by heart."""

from __future__ import annotations

from typing import Any

from graph.fields import Float, Sizes
from graph.fields.spec import Spec, write_spec
from graph.layers.axes import DataFormat
from graph.layers.base import Layer, layer
from graph.layers.filters import IMAGES, STEPS
from graph.layers.parameters import Seed
from graph.masks import PASSES
from graph.message import Message
from graph.regularizers import L1L2, regularizers
from graph.shapes import Refusal, Shape, Shapes, shape_text


def Rate() -> Any:
    """The part of the values that is dropped."""
    return Float(default=0.5, min=0.0, below=1.0, show="value", doc="The part of the values that is dropped.")


def NoiseShape() -> Any:
    """Along which axes one random number serves all."""
    return Sizes(
        default=None,
        optional=True,
        unknown=True,
        none_text="as the input",
        rare=True,
        doc="The sizes of the random numbers, the batch first: 1 where one number serves a whole axis, else unknown.",
    )


class Noisy(Layer):
    """Random numbers, one for every value or one for many."""

    masking = PASSES

    def noise(self, x: tuple[int, ...]) -> tuple[int, ...]:
        """How many random numbers are drawn along each axis of an input of these sizes."""
        shape = self.config().get("noise_shape")
        return x if shape is None else tuple(n if one is None else one for n, one in zip(x, shape, strict=True))

    def output(self, xs: Shapes) -> Shape | Refusal:
        x, shape = xs[0], self.config().get("noise_shape")
        fits = shape is None or (
            len(shape) == len(x)
            and all(one in (None, 1) or (i and one == n) for i, (one, n) in enumerate(zip(shape, x, strict=True)))
        )
        if fits:
            return x
        return Refusal(
            Message("noise_shape is {shape}, which does not fit {x} samples.", shape=shape, x=shape_text(x)),
            Message("Give one size for every axis, the batch first: 1 or unknown."),
            "noise_shape",
            {"noise_shape": None},
        )


@layer(category="Regularization")
class ActivityRegularization(Layer):
    """Give on what comes in, and add to the loss the more the larger it is."""

    masking = PASSES

    l1: float = Float(default=0.0, min=0.0, show="named", doc="Factor of the sum of the sizes, for each sample.")
    l2: float = Float(default=0.0, min=0.0, show="named", doc="Factor of the sum of the squares, for each sample.")

    @property
    def penalty(self) -> str:
        return write_spec(L1L2(self.l1, self.l2))


class OutputPenalty(Layer):
    """Stand behind a layer whose output adds to the loss; no layer of a network."""

    masking = PASSES

    regularizer: str = Spec(regularizers, "l2", "What is added to the loss for the output.", "regularizer")


@layer(category="Regularization")
class Dropout(Noisy):
    """Set a random part of the values to zero while training, and scale up the others."""

    rate: float = Rate()
    noise_shape: tuple[int | None, ...] | None = NoiseShape()
    seed: int | None = Seed()


@layer(category="Regularization")
class SpatialDropout1D(Noisy):
    """Set random features to zero for all steps of a sequence while training, and scale up the others."""

    inputs = STEPS

    rate: float = Rate()
    seed: int | None = Seed()

    def noise(self, x: tuple[int, ...]) -> tuple[int, ...]:
        return (x[0], 1, x[2])


@layer(category="Regularization")
class SpatialDropout2D(Noisy):
    """Set random channels of an image to zero while training, and scale up the others."""

    inputs = IMAGES

    rate: float = Rate()
    data_format: str = DataFormat()
    seed: int | None = Seed()

    def noise(self, x: tuple[int, ...]) -> tuple[int, ...]:
        return (x[0], x[1], 1, 1) if self.data_format == "channels_first" else (x[0], 1, 1, x[3])


@layer(category="Regularization")
class GaussianNoise(Noisy):
    """Add normal random numbers to the values while training."""

    stddev: float = Float(default=0.1, min=0.0, max=1.0, show="value", doc="Standard deviation of the numbers.")
    seed: int | None = Seed()


@layer(category="Regularization")
class GaussianDropout(Noisy):
    """Multiply the values by normal random numbers around 1 while training."""

    rate: float = Float(
        default=0.5,
        min=0.0,
        below=1.0,
        show="value",
        doc="How strong: the numbers have the standard deviation sqrt(rate / (1 - rate)).",
    )
    seed: int | None = Seed()


@layer(category="Regularization")
class AlphaDropout(Noisy):
    """Set a random part of the values to selu's lower limit while training, and keep mean and variance."""

    rate: float = Rate()
    noise_shape: tuple[int | None, ...] | None = NoiseShape()
    seed: int | None = Seed()
