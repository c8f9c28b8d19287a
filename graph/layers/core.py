"""Dense and Embedding: a matrix multiplied, and a row looked up; and Identity."""

from __future__ import annotations

from graph.activations import activations
from graph.fields import Bool, Choice, Int
from graph.layers.base import Layer, Port, Weight, layer
from graph.layers.parameters import ConstraintName, InitializerName, RegularizerName
from graph.masks import MAKES, PASSES, STOPS, MaskRule
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, size


@layer(category="Core")
class Dense(Layer):
    """Multiply by a weight matrix and add a bias."""

    inputs = (Port("x", "Features on the last axis.", ranks=(2, 3, 4, 5)),)
    masking = PASSES

    units: int = Int(default=64, min=1, max=65_536, show="value", doc="Number of output features.")
    activation: str = Choice(
        default="linear",
        choices=activations.names,
        what="activation",
        show="value",
        doc="Function applied to the result.",
    )
    use_bias: bool = Bool(default=True, doc="Whether a bias is added.")
    kernel_initializer: str = InitializerName("glorot_uniform", "How the weight matrix begins.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    kernel_regularizer: str | None = RegularizerName("the weight matrix")
    bias_regularizer: str | None = RegularizerName("the bias")
    activity_regularizer: str | None = RegularizerName("the output")
    kernel_constraint: str | None = ConstraintName("the weight matrix")
    bias_constraint: str | None = ConstraintName("the bias")

    def output(self, xs: Shapes) -> Shape | Refusal:
        if xs[0][-1] is None:
            return Refusal(
                Message("The last size of the input is not known, so the weight matrix has no size."),
                Message("State the number of features in the Input node or in input_shape."),
            )
        return (*xs[0][:-1], self.units)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        kernel = {"kernel": self.weight("kernel", (xs[0][-1] or 1, self.units))}
        return kernel | ({"bias": self.weight("bias", (self.units,))} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        rows = size(tuple(d or 1 for d in xs[0][1:-1])) or 1
        return rows * (xs[0][-1] or 1) * self.units


@layer(category="Core")
class Embedding(Layer):
    """Look up a trained vector for every whole number, such as a word's place in a vocabulary."""

    inputs = (Port("x", "Whole numbers from 0 to input_dim - 1.", ranks=(2, 3)),)

    input_dim: int = Int(default=1000, min=1, max=10_000_000, show="value", doc="Size of the vocabulary.")
    output_dim: int = Int(default=64, min=1, max=65_536, show="value", doc="Length of each vector.")
    mask_zero: bool = Bool(
        default=False, doc="Whether 0 is no word but padding: it is masked, and the layers behind skip it."
    )
    embeddings_initializer: str = InitializerName("random_uniform", "How the vectors begin.")
    embeddings_regularizer: str | None = RegularizerName("the vectors")
    embeddings_constraint: str | None = ConstraintName("the vectors")

    @property
    def mask_rule(self) -> MaskRule:
        return MAKES if self.mask_zero else STOPS

    def stated_input(self) -> Shape | Refusal | None:
        """Here `input_dim` is the vocabulary, so only `input_length` and `input_shape` say the input's shape."""
        if self.input_length is None:
            return None if self.input_shape is None else (self.batch_size, *self.input_shape)
        if self.input_shape is not None and self.input_shape not in ((self.input_length,), (None,)):
            return Refusal(
                Message(
                    "input_shape is {given}, but input_length is {n}.", given=self.input_shape, n=self.input_length
                ),
                Message("Keep one of the two: input_length is the number of words in a sample."),
                "input_length",
                {"input_shape": None},
            )
        return (self.batch_size, self.input_length)

    def output(self, xs: Shapes) -> Shape | Refusal:
        return (*xs[0], self.output_dim)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return {"embeddings": self.weight("embeddings", (self.input_dim, self.output_dim))}

    def card(self, xs: Shapes | None) -> str:
        return f"{self.input_dim:,} → {self.output_dim}"


@layer(category="Core")
class Identity(Layer):
    """Give on what comes in, for example to name a place in the network."""

    masking = PASSES
