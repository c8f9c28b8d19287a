"""Parameters that several layers have, spelled once."""

from __future__ import annotations

from typing import Any

from graph.activations import activations
from graph.constraints import constraints
from graph.fields import Bool, Choice, Int, Ints
from graph.fields.spec import Spec
from graph.initializers import initializers
from graph.regularizers import regularizers

LARGEST_WINDOW = 255


def Filters() -> Any:
    """How many filters a convolution has."""
    return Int(default=32, min=1, max=65_536, show="value", doc="Number of filters, and so of channels given on.")


def KernelSize(count: int) -> Any:
    """The size of a window along each of `count` axes."""
    return Ints(default=(3,) * count, count=count, max=LARGEST_WINDOW, show="value", doc="The size of a filter.")


def Strides(count: int) -> Any:
    """The distance between windows along each of `count` axes."""
    return Ints(default=(1,) * count, count=count, max=LARGEST_WINDOW, doc="Steps from one place to the next.")


def Dilation(count: int) -> Any:
    """The distance between the values in a window."""
    doc = "Distance between the values a filter looks at."
    return Ints(default=(1,) * count, count=count, max=LARGEST_WINDOW, rare=True, doc=doc)


def DepthMultiplier() -> Any:
    """How many filters every channel has for itself."""
    return Int(default=1, min=1, max=1024, doc="Number of filters for every channel.")


def ActivationName() -> Any:
    """The function applied to a layer's result."""
    doc = "Function applied to the result."
    return Choice(default="linear", choices=activations.names, what="activation", show="value", doc=doc)


def UseBias() -> Any:
    """Whether a layer has a bias."""
    return Bool(default=True, doc="Whether a bias is added to each channel.")


def InitializerName(default: str, doc: str) -> Any:
    """How a weight begins."""
    return Spec(initializers, default, doc, "initializer")


def RegularizerName(what: str) -> Any:
    """What is added to the loss for a weight."""
    return Spec(regularizers, None, f"What is added to the loss for {what}, such as l2(0.01).", "regularizer", True)


def ConstraintName(what: str) -> Any:
    """What holds a weight within bounds."""
    return Spec(constraints, None, f"What holds {what} within bounds, such as max_norm(2.0).", "constraint", True)


def Seed() -> Any:
    """The layer's own beginning of its random numbers."""
    return Int(
        default=None,
        optional=True,
        min=0,
        none_text="that of the run",
        rare=True,
        doc="Where the layer's random numbers begin; left empty, they follow from the seed of the run.",
    )
