"""Layers that keep one value of a window, or of the whole image."""

from __future__ import annotations

from typing import Any

from graph.fields import Bool, Choice, Ints
from graph.layers.axes import DataFormat, as_laid_out, channels_last
from graph.layers.base import Layer, layer
from graph.layers.filters import IMAGES, STEPS, VOLUMES
from graph.layers.parameters import LARGEST_WINDOW
from graph.layers.windows import PADDINGS, places
from graph.masks import READS, STOPS, MaskRule
from graph.shapes import Refusal, Shape, Shapes


def PoolSize(count: int) -> Any:
    """The size of the window."""
    return Ints(default=(2,) * count, count=count, max=LARGEST_WINDOW, show="value", doc="The size of the window.")


def PoolStrides(count: int) -> Any:
    """The steps from one window to the next."""
    return Ints(
        default=None,
        count=count,
        optional=True,
        max=LARGEST_WINDOW,
        none_text="as the window",
        doc="Steps between places; left empty, the windows lie side by side.",
    )


class Pooling(Layer):
    """A window that moves, each channel by itself."""

    inputs = IMAGES

    pool_size: tuple[int, ...] = PoolSize(2)
    strides: tuple[int, ...] | None = PoolStrides(2)
    padding: str = Choice(
        default="valid", choices=PADDINGS, doc="valid: windows stay inside the image. same: the edge is padded."
    )
    data_format: str = DataFormat()

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        size = self.pool_size
        out = places(sizes, size, self.strides or size, self.padding, (1,) * len(size))
        return out if isinstance(out, Refusal) else as_laid_out((batch, *out, channels), self.data_format)


class Pooling1D(Pooling):
    """A window that moves along the steps of a sequence."""

    inputs = STEPS

    pool_size: tuple[int, ...] = PoolSize(1)
    strides: tuple[int, ...] | None = PoolStrides(1)


class Pooling3D(Pooling):
    """A window that moves over a volume."""

    inputs = VOLUMES

    pool_size: tuple[int, ...] = PoolSize(3)
    strides: tuple[int, ...] | None = PoolStrides(3)


@layer(category="Pooling")
class MaxPooling2D(Pooling):
    """Keep the largest value of every window of an image."""


@layer(category="Pooling")
class MaxPooling1D(Pooling1D):
    """Keep the largest value of every window of a sequence."""


@layer(category="Pooling")
class MaxPooling3D(Pooling3D):
    """Keep the largest value of every window of a volume."""


@layer(category="Pooling")
class AveragePooling2D(Pooling):
    """Keep the mean of every window of an image; padding does not count."""


@layer(category="Pooling")
class AveragePooling1D(Pooling1D):
    """Keep the mean of every window of a sequence; padding does not count."""


@layer(category="Pooling")
class AveragePooling3D(Pooling3D):
    """Keep the mean of every window of a volume; padding does not count."""


class GlobalPooling(Layer):
    """One value kept of every channel."""

    inputs = IMAGES

    data_format: str = DataFormat()
    keepdims: bool = Bool(default=False, doc="Whether the axes stay with size 1.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = channels_last(xs[0], self.data_format)
        return (
            as_laid_out((batch, *(1 for _ in sizes), channels), self.data_format)
            if self.keepdims
            else (batch, channels)
        )


@layer(category="Pooling")
class GlobalAveragePooling2D(GlobalPooling):
    """Keep the mean of every channel over height and width."""


@layer(category="Pooling")
class GlobalAveragePooling1D(GlobalPooling):
    """Keep the mean of every feature over the steps of a sequence; masked steps do not count."""

    inputs = STEPS

    @property
    def mask_rule(self) -> MaskRule:
        return READS if self.data_format == "channels_last" else STOPS


@layer(category="Pooling")
class GlobalAveragePooling3D(GlobalPooling):
    """Keep the mean of every channel over a volume."""

    inputs = VOLUMES


@layer(category="Pooling")
class GlobalMaxPooling2D(GlobalPooling):
    """Keep the largest value of every channel over height and width."""


@layer(category="Pooling")
class GlobalMaxPooling1D(GlobalPooling):
    """Keep the largest value of every feature over the steps of a sequence."""

    inputs = STEPS


@layer(category="Pooling")
class GlobalMaxPooling3D(GlobalPooling):
    """Keep the largest value of every channel over a volume."""

    inputs = VOLUMES
