"""The penalty on the output of a layer: the values go on as they are, and the loss and their slope get more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, ViewKernel, kernel
from engine.penalties import penalty_of
from graph.fields.spec import read_spec
from graph.layers.regularization import ActivityRegularization, OutputPenalty
from graph.regularizers import regularizers


@kernel(ActivityRegularization)
class ActivityRegularizationKernel(ViewKernel[ActivityRegularization]):
    """y = x; its penalty is a step of its own, as that of other layers is"""


@kernel(OutputPenalty)
class OutputPenaltyKernel(Kernel[OutputPenalty]):
    """y = x;  dx = dy + the slope of the penalty;  the penalty and its slope are divided by the samples of the batch"""

    in_place = True
    reads_output = True

    def __init__(self, layer: OutputPenalty, site: Site) -> None:
        super().__init__(layer, site)
        self.penalty = penalty_of(read_spec(regularizers, layer.regularizer))
        self.s = site.scratch(*site.y)
        self.samples = site.y[0]
        self.value = 0.0
        """What is added to the loss of the batch."""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if y is not xs[0]:
            np.copyto(y, xs[0])
        self.value = self.penalty.value(y, self.s) / self.samples

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.penalty.slope(y, self.s)
        self.s /= self.samples
        np.add(dy, self.s, out=dxs[0])
