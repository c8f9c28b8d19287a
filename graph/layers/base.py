"""What every layer declaration has: its ports, its shape rule, its weights, its cost and its words on a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from graph.declare import Declared, Registry
from graph.fields import Bool, Int, Sizes
from graph.masks import STOPS, MaskRule
from graph.message import Message
from graph.names import snake
from graph.shapes import Refusal, Shape, Shapes

CATEGORIES = (
    "Input & output",
    "Core",
    "Activation",
    "Convolution",
    "Pooling",
    "Normalization",
    "Regularization",
    "Recurrent",
    "Reshape",
    "Merge",
    "Attention",
)
"""The groups of the palette, in its order."""


@dataclass(frozen=True, slots=True)
class Port:
    """A place a wire ends in or starts from. `ranks` counts the batch: an image batch has rank 4.

    `many` ports take any number of wires, at least `least`, whose order is the order of the layer's inputs. `argument`
    is Keras's name for what comes in here, where it is not among the layer's plain inputs.
    """

    name: str
    doc: str = ""
    ranks: tuple[int, ...] = ()
    many: bool = False
    optional: bool = False
    argument: str = ""
    least: int = 2


@dataclass(frozen=True, slots=True)
class Weight:
    """One array of a layer: its shape, the name of its initializer, whether training changes it.

    `ones` is a range of its numbers that begin at 1 whatever the initializer says, as the bias of a forget gate does.
    `regularizer` adds to the loss, and `constraint` holds the numbers after a step.
    """

    shape: tuple[int, ...]
    initializer: str = "glorot_uniform"
    trainable: bool = True
    ones: tuple[int, int] = (0, 0)
    regularizer: str | None = None
    constraint: str | None = None


X = Port("x", "The values the layer works on.")
Y = Port("y", "What the layer gives on.")


class Layer(Declared):
    """The base of every layer.

    Subclasses give `output` and, where they have them, `weights` and `macs`. All three see the input shapes with the
    batch first, in the order of the ports; `weights` and `macs` are asked only where `output` gave a shape.
    """

    category: ClassVar[str] = "Core"
    inputs: ClassVar[tuple[Port, ...]] = (X,)
    outputs: ClassVar[tuple[Port, ...]] = (Y,)
    takes_list: ClassVar[bool] = False
    """Whether Keras's layer takes its inputs as one list."""
    call_arguments: ClassVar[tuple[str, ...]] = ()
    """The parameters that Keras takes where the layer is called, not where it is made."""
    activates_output: ClassVar[bool] = True
    """Whether the parameter `activation`, where there is one, is applied to the output, and nowhere inside."""
    only_activates: ClassVar[bool] = False
    """Whether the layer is an activation and nothing else, so that a loss may be computed before it."""
    masking: ClassVar[MaskRule] = STOPS
    """What the layer does with masks, unless a parameter decides it: see `mask_rule`."""

    trainable: bool = Bool(
        default=True, rare=True, doc="Whether training changes the weights of this layer.", kw_only=True
    )
    input_shape: tuple[int | None, ...] | None = Sizes(
        default=None,
        optional=True,
        unknown=True,
        show="never",
        none_text="from the wire",
        doc="First layer only: the sizes of one sample, without the batch. Use an Input node or the data otherwise.",
        kw_only=True,
    )
    input_dim: int | None = Int(
        default=None,
        optional=True,
        min=1,
        show="never",
        none_text="from the wire",
        doc="First layer only: the number of features; input_dim=784 is input_shape=(784,).",
        kw_only=True,
    )
    input_length: int | None = Int(
        default=None,
        optional=True,
        min=1,
        show="never",
        none_text="from the wire",
        doc="First layer only: the steps of a sequence; with input_dim it is input_shape=(input_length, input_dim).",
        kw_only=True,
    )
    batch_size: int | None = Int(
        default=None,
        optional=True,
        min=1,
        show="never",
        none_text="any",
        doc="First layer only: a fixed number of samples in every batch.",
        kw_only=True,
    )

    @property
    def activation_behind(self) -> str:
        """The function applied to the output as its last step; linear where there is none."""
        return str(getattr(self, "activation", "linear")) if self.activates_output else "linear"

    @property
    def penalty(self) -> str | None:
        """The regularizer of the output, which adds to the loss; None where there is none."""
        found = getattr(self, "activity_regularizer", None)
        return None if found is None else str(found)

    @property
    def mask_rule(self) -> MaskRule:
        """What the layer does with masks, with these parameters."""
        return self.masking

    def stated_input(self) -> Shape | Refusal | None:
        """The input shape this layer states for itself, with Keras's meaning; None where it states nothing."""
        return entry_shape(self.input_shape, self.input_dim, self.input_length, self.batch_size)

    def output(self, xs: Shapes) -> Shape | Refusal:
        """The output shape for these input shapes, or why there is none."""
        return xs[0]

    def output_shapes(self, xs: Shapes) -> Shapes | Refusal:
        """One shape for each output port. A layer with several ports gives them here instead of in `output`."""
        y = self.output(xs)
        return y if isinstance(y, Refusal) else (y,)

    def inside(self, xs: Shapes) -> dict[str, Shapes]:
        """What comes into each layer that stands in a parameter, by the parameter's name."""
        return {}

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        """The layer's arrays in Keras's order of creation: those that train first."""
        return {}

    def weight(self, of: str, shape: tuple[int, ...], trainable: bool = True, ones: tuple[int, int] = (0, 0)) -> Weight:
        """A weight that begins and is held as the parameters `{of}_initializer`, `{of}_regularizer`, ... say."""
        said = self.config()
        regularizer, constraint = said.get(f"{of}_regularizer"), said.get(f"{of}_constraint")
        return Weight(shape, said[f"{of}_initializer"], trainable, ones, regularizer, constraint)

    def macs(self, xs: Shapes, y: Shape) -> int:
        """Multiply-adds for one sample; unknown sizes count as 1."""
        return 0

    def card(self, xs: Shapes | None) -> str:
        """The second line of a card: the main parameters in the order a person would say them."""
        said = []
        for name, field in self.parameters.items():
            value = getattr(self, name)
            if field.show == "value":
                said.append(field.text(value))
            elif field.show == "named" or (field.show == "changed" and value != field.default):
                said.append(f"{name} {field.text(value)}")
        return " · ".join(said)


def entry_shape(
    input_shape: tuple[int | None, ...] | None,
    input_dim: int | None,
    input_length: int | None,
    batch_size: int | None,
) -> Shape | Refusal | None:
    """Keras's four ways to state an input as one shape with the batch, checked against each other."""
    if input_dim is not None:
        from_dim: tuple[int | None, ...] = (input_dim,) if input_length is None else (input_length, input_dim)
        if input_shape is not None and input_shape != from_dim:
            return Refusal(
                Message(
                    "input_shape is {given}, but input_dim and input_length say {said}.",
                    given=input_shape,
                    said=from_dim,
                ),
                Message("Keep one of them: input_dim=784 is short for input_shape=(784,)."),
                "input_shape",
                {"input_shape": None},
            )
        input_shape = from_dim
    elif input_length is not None:
        if input_shape is None:
            return Refusal(
                Message("input_length is {n}, but the number of features is not given.", n=input_length),
                Message("Give input_dim as well, or input_shape=({n}, features) instead.", n=input_length),
                "input_length",
                {"input_length": None},
            )
        if len(input_shape) < 1 or input_shape[0] not in (None, input_length):
            return Refusal(
                Message("input_shape is {given}, but input_length is {n}.", given=input_shape, n=input_length),
                Message("The first size of input_shape is the length; keep one of the two."),
                "input_length",
                {"input_length": None},
            )
        input_shape = (input_length, *input_shape[1:])
    if input_shape is None:
        return None
    return (batch_size, *input_shape)


layers: Registry[Layer] = Registry("layer")


L = TypeVar("L", bound=Layer)


def layer(*, category: str) -> Callable[[type[L]], type[L]]:
    """Put a layer into the registry, and into the palette under `category`."""
    if category not in CATEGORIES:
        raise ValueError(f"unknown category {category!r}")

    def decorate(cls: type[L]) -> type[L]:
        cls.category = category
        layers.add(cls, cls.__name__)
        return cls

    return decorate


def automatic_name(layer: Layer) -> str:
    """The name Keras would give the first layer of this kind: `conv2d` for a Conv2D."""
    return snake(layer.key)
