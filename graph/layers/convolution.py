"""Layers that slide filters over their input."""

from __future__ import annotations

from graph.fields import Choice, Int
from graph.layers.axes import channels_last
from graph.layers.base import Layer, Weight, layer
from graph.layers.filters import AlongSteps, Dilated, Filtered, InVolumes, Kernels, Sliding
from graph.layers.windows import PADDINGS
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

CAUSAL_DOC = "valid: filters stay inside. same: zeros on both sides. causal: zeros before, so that none looks ahead."


class Grouped(Layer):
    """Channels and filters in parts that do not see each other."""

    groups: int = Int(
        default=1,
        min=1,
        max=65_536,
        rare=True,
        doc="Number of parts that channels and filters are split into; each part of the filters sees its own channels.",
    )


class Convolution(Kernels, Grouped, Dilated, Sliding, Filtered):
    """Filters over one axis or more, and the sum over channels."""

    def output(self, xs: Shapes) -> Shape | Refusal:
        channels = channels_last(xs[0], self.data_format)[-1]
        return self.unfit(channels) or self._ungrouped(channels) or self.places(xs[0], self.filters)

    def _ungrouped(self, channels: int | None) -> Refusal | None:
        """A refusal where channels or filters cannot be split into the groups."""
        for count, what in ((channels, Message("channels")), (self.filters, Message("filters"))):
            if (count or 0) % self.groups:
                return Refusal(
                    Message("{n} {what} cannot be split into {groups} groups.", n=count, what=what, groups=self.groups),
                    Message("Choose a number of groups that divides both channels and filters."),
                    "groups",
                    {"groups": 1},
                )
        return None

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        shape = (*self.kernel_size, self.channels(xs) // self.groups, self.filters)
        return {"kernel": self.weight("kernel", shape)} | self.bias(self.filters)

    def macs(self, xs: Shapes, y: Shape) -> int:
        count = self.filters * self.channels(xs) // self.groups
        for n in (*self.kernel_size, *channels_last(y, self.data_format)[1:-1]):
            count *= n or 1
        return count


@layer(category="Convolution")
class Conv2D(Convolution):
    """Slide filters over height and width, and sum over channels."""


@layer(category="Convolution")
class Conv1D(AlongSteps, Convolution):
    """Slide filters over the steps of a sequence, and sum over features."""

    padding: str = Choice(default="valid", choices=(*PADDINGS, "causal"), show="value", doc=CAUSAL_DOC)


@layer(category="Convolution")
class Conv3D(InVolumes, Convolution):
    """Slide filters over depth, height and width, and sum over channels."""
