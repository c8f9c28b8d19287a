"""Layers that bring values to a common scale."""

from __future__ import annotations

from graph.fields import Bool, Float, Int
from graph.layers.base import Layer, Port, Weight, layer
from graph.layers.named_axes import Axes, along, unknown_axes, unknown_axis, wrong_axes
from graph.layers.parameters import ConstraintName, InitializerName, RegularizerName
from graph.masks import PASSES, PASSES_AND_READS
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

EPSILON = "Added to the variance, so that it is never zero."


class Trained(Layer):
    """A factor and an offset that are trained: whether there are any, how they begin, and what holds them."""

    center: bool = Bool(default=True, doc="Whether an offset (beta) is trained.")
    scale: bool = Bool(default=True, doc="Whether a factor (gamma) is trained.")
    beta_initializer: str = InitializerName("zeros", "How the offsets begin.")
    gamma_initializer: str = InitializerName("ones", "How the factors begin.")
    beta_regularizer: str | None = RegularizerName("the offsets")
    gamma_regularizer: str | None = RegularizerName("the factors")
    beta_constraint: str | None = ConstraintName("the offsets")
    gamma_constraint: str | None = ConstraintName("the factors")

    def trained(self, *sizes: int) -> dict[str, Weight]:
        """The factors and offsets that are asked for."""
        made = {"gamma": self.weight("gamma", sizes)} if self.scale else {}
        return made | ({"beta": self.weight("beta", sizes)} if self.center else {})


class Averaged(Layer):
    """One axis, and how slowly its averages move."""

    axis: int = Int(default=-1, min=-4, max=4, doc="The axis to normalize, counted with the batch as 0.")
    momentum: float = Float(
        default=0.99,
        min=0.0,
        below=1.0,
        show="named",
        doc="How slowly the moving mean and variance follow the batches.",
    )
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc=EPSILON)


@layer(category="Normalization")
class BatchNormalization(Trained, Averaged):
    """Shift and scale every channel to mean 0 and variance 1 over the batch, then to a trained scale and centre."""

    inputs = (Port("x", "Any values; one axis is normalized.", ranks=(2, 3, 4, 5)),)
    masking = PASSES_AND_READS

    moving_mean_initializer: str = InitializerName("zeros", "How the moving means begin.")
    moving_variance_initializer: str = InitializerName("ones", "How the moving variances begin.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return unknown_axis(xs[0], self.axis) or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        shape = (xs[0][self.axis] or 1,)
        return self.trained(*shape) | {
            "moving_mean": self.weight("moving_mean", shape, trainable=False),
            "moving_variance": self.weight("moving_variance", shape, trainable=False),
        }


@layer(category="Normalization")
class Rescaling(Layer):
    """Multiply by a fixed scale and add a fixed offset: y = x · scale + offset."""

    masking = PASSES

    scale: float = Float(default=1.0, show="value", doc="Factor of every value, such as the deviation of a target.")
    offset: float = Float(default=0.0, show="value", doc="Added to every value, such as the mean of a target.")

    def card(self, xs: Shapes | None) -> str:
        offset = f" {'+' if self.offset > 0 else '−'} {abs(self.offset):,g}" if self.offset else ""
        return f"× {self.scale:,g}{offset}"


ANY = (Port("x", "Any values.", ranks=(2, 3, 4, 5)),)


class Along(Layer):
    """The axes that are normalized along, and how near to 0 a variance may come."""

    axis: tuple[int, ...] = Axes()
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc=EPSILON)


@layer(category="Normalization")
class LayerNormalization(Trained, Along):
    """Shift and scale the features of every place to mean 0 and variance 1, then to a trained scale and centre."""

    inputs = ANY
    masking = PASSES

    def output(self, xs: Shapes) -> Shape | Refusal:
        return unknown_axes(xs[0], self.axis) or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return self.trained(*along(xs[0], self.axis))


class Grouped(Layer):
    """Groups of channels."""

    groups: int = Int(
        default=32, min=-1, max=65_536, show="named", doc="Number of groups; -1 makes every channel one of its own."
    )
    axis: int = Int(default=-1, min=-4, max=4, doc="The axis of the channels, counted with the batch as 0.")
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc=EPSILON)


@layer(category="Normalization")
class GroupNormalization(Trained, Grouped):
    """Shift and scale groups of channels, each sample by itself, then to a trained scale and centre."""

    inputs = ANY
    masking = PASSES

    def output(self, xs: Shapes) -> Shape | Refusal:
        refused = unknown_axis(xs[0], self.axis)
        if refused is not None:
            return refused
        channels = xs[0][self.axis] or 1
        if self.groups == 0 or channels % self.groups:
            return Refusal(
                Message("{n} channels cannot be split into {groups} groups.", n=channels, groups=self.groups),
                Message("Choose a number of groups that divides the channels."),
                "groups",
                {"groups": max(n for n in range(1, 33) if channels % n == 0)},
            )
        return xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return self.trained(xs[0][self.axis] or 1)


@layer(category="Normalization")
class RMSNormalization(Layer):
    """Divide the features of every place by their root mean square, then scale them by trained factors."""

    inputs = ANY

    axis: tuple[int, ...] = Axes()
    epsilon: float = Float(
        default=1e-6, above=0.0, rare=True, doc="Added to the mean square, so that it is never zero."
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        rank = len(xs[0])
        refused = unknown_axes(xs[0], self.axis)
        if refused is None and sorted(axis % rank for axis in self.axis) != list(range(rank - len(self.axis), rank)):
            return Refusal(
                Message("RMSNormalization works along the last axes only, as in Keras."),
                Message("Use -1, or put a Permute before it."),
                "axis",
                {"axis": (-1,)},
            )
        return refused or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return {"scale": Weight(along(xs[0], self.axis), "ones")}


@layer(category="Normalization")
class UnitNormalization(Layer):
    """Divide the values along axes by their length, so that they have length 1."""

    inputs = ANY
    masking = PASSES

    axis: tuple[int, ...] = Axes()

    def output(self, xs: Shapes) -> Shape | Refusal:
        return wrong_axes(xs[0], self.axis) or xs[0]
