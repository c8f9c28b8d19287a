"""What masks do where several inputs are made one, as in Keras: https://keras.io/api/layers/merging_layers/

A mask stands for the first axes of its input, and all axes are brought to those of the output.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Site, Sizes

Place = tuple[slice, ...]


class JoinedMask:
    """The mask of an output that several inputs are joined to: something is there where it is in any input.

    With `parts`, each input has a part of the output for itself, and one without a mask has all of it.
    """

    def __init__(self, site: Site, parts: Sequence[Place] = ()) -> None:
        assert site.mask is not None, "the layer makes a mask"
        self.mask, self.parts = site.mask, parts
        self.nowhere = site.scratch(*site.mask.shape, dtype=np.bool_)
        """The other way round: where no input has anything."""
        pairs = zip(site.masks, site.xs, strict=True)
        self.given = [None if m is None else raised(m, x, len(site.y))[..., 0] for m, x in pairs]
        self.filled = bool(parts) or any(m is None for m in site.masks)

    def write(self) -> None:
        """Write the mask for those of the inputs."""
        self.mask.fill(self.filled)
        for i, m in enumerate(self.given):
            if m is not None and self.parts:
                np.copyto(self.mask[self.parts[i]], m)
            elif m is not None:
                np.logical_or(self.mask, m, out=self.mask)
        np.logical_not(self.mask, out=self.nowhere)


class Present:
    """Inputs whose masked values take no part: `absent` stands in their place, which changes nothing."""

    def __init__(self, site: Site, absent: float) -> None:
        self.absent = absent
        self.masks = [None if m is None else raised(m, x, len(x)) for m, x in zip(site.masks, site.xs, strict=True)]
        self.kept = [None if m is None else site.scratch(*x) for m, x in zip(self.masks, site.xs, strict=True)]

    def read(self, xs: Sequence[Array]) -> Sequence[Array]:
        """What takes part of the inputs `xs`."""
        for x, m, kept in zip(xs, self.masks, self.kept, strict=True):
            if m is not None and kept is not None:
                kept.fill(self.absent)
                np.copyto(kept, x, where=m)
        return self.again(xs)

    def again(self, xs: Sequence[Array]) -> Sequence[Array]:
        """The same once more, for the way back."""
        return [x if kept is None else kept for x, kept in zip(xs, self.kept, strict=True)]

    def give(self, dxs: Sequence[Array | None], i: int) -> None:
        """What took no part has no slope."""
        dx, m = dxs[i], self.masks[i]
        if dx is not None and m is not None:
            dx *= m


def raised(mask: Array, x: Sizes, rank: int) -> Array:
    """A mask of an input with the sizes `x`, seen with `rank` axes as the input itself is."""
    return mask.reshape(aligned((*mask.shape, *(1,) * (len(x) - mask.ndim)), rank))


def aligned(x: Sizes, rank: int) -> Sizes:
    """A shape brought to `rank` axes, the new ones behind the batch."""
    return (x[0], *(1,) * (rank - len(x)), *x[1:])
