"""The masks around one kernel: those it reads, and that of its first output.

Most outputs travel with the array of the input's mask. A mask may stand for more axes than an output keeps, as behind a
Flatten at every step, or than a layer reads: it is then narrowed to the axes they share. There is something at a place
where there is something at any of those that it is made of, as Keras's layers with memory take it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from engine.kernel import Array, Sizes
from graph.masks import MaskRule

Call = tuple[Callable[..., Any], tuple[Any, ...]]


class BoundMasks:
    """What a layer with this rule makes of the masks of its inputs, for a first output of the sizes `y`.

    `read` are those that its kernel reads, `given` is that of the output, and `own` the same where the kernel writes
    it. `calls` are to be made before the kernel runs.
    """

    def __init__(
        self, rule: MaskRule, masks: Sequence[Array | None], y: Sizes, allocate: Callable[[Sizes], Array]
    ) -> None:
        self._allocate = allocate
        self.calls: list[Call] = []
        self.read = tuple(self._narrowed(m, 2) if m is not None and rule.by_step else m for m in masks)
        self.given: Array | None = None
        self.own: Array | None = None
        if not rule.marks([m is not None for m in masks]):
            return
        if rule.gives == "the first":
            first = self.read[0]
            assert first is not None, "the rule asks for it"
            self.given = self._narrowed(first, shared(first.shape, y[:-1]))
        else:
            self.given = self.own = allocate(y[:-1])

    def _narrowed(self, mask: Array, axes: int) -> Array:
        """The mask for its first axes."""
        if mask.ndim <= axes:
            return mask
        narrow = self._allocate(mask.shape[:axes])
        self.calls.append((np.any, (mask, tuple(range(axes, mask.ndim)), narrow)))
        return narrow


def shared(a: Sizes, b: Sizes) -> int:
    """How many sizes are the same, from the first one on."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))))
