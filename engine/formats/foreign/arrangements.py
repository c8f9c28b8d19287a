"""How an array of another program is laid out as a weight of ours: the ways, each with a name that tables use.

PyTorch has outputs first and channels before sizes, Keras the other way round. A way gives an array of any shape, or
fails with ValueError; that it is the right one is seen by its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from engine.kernel import Array
from graph.message import Message


@dataclass(frozen=True)
class Place:
    """Where an array is to go: the shape of the weight, and for a Dense layer behind a Flatten what that lays out."""

    shape: tuple[int, ...]
    flattened: tuple[int, ...] | None = None


Way = Callable[[Sequence[Array], Place], Array]


@dataclass(frozen=True)
class Arrangement:
    """One way, in words, and of how many arrays it makes one."""

    title: Message
    lay: Way
    count: int = 1


def filters(array: Array) -> Array:
    """(out, in, *size) as (*size, in, out)."""
    return np.moveaxis(array, (0, 1), (-1, -2))


def of_rows(arrays: Sequence[Array], place: Place) -> Array:
    """(out, channels · size) as (size · channels, out): a Flatten takes channels last, PyTorch has them first."""
    if place.flattened is None:
        raise ValueError("no Flatten of images stands before it")
    *sizes, channels = place.flattened
    rows = arrays[0].T.reshape(channels, *sizes, -1)
    return np.moveaxis(rows, 0, len(sizes)).reshape(place.shape)


def gates_of_gru(array: Array) -> Array:
    """PyTorch's gates of a GRU are reset, update, new; Keras's are update, reset, new."""
    reset, update, new = np.split(array, 3, axis=-1)
    return np.concatenate([update, reset, new], axis=-1)


def third(part: int) -> Way:
    """One of the query's, the key's and the value's rows, which PyTorch's MultiheadAttention holds in one array."""
    return lambda arrays, place: np.split(arrays[0], 3)[part].T.reshape(place.shape)


arrangements: Mapping[str, Arrangement] = {
    "as it is": Arrangement(Message("as it is"), lambda a, place: a[0]),
    "transposed": Arrangement(Message("outputs last"), lambda a, place: a[0].T),
    "filters": Arrangement(Message("channels last"), lambda a, place: filters(a[0])),
    "depthwise": Arrangement(Message("channels last, by channel"), lambda a, place: filters(a[0]).reshape(place.shape)),
    "rows": Arrangement(Message("outputs last, channels last before Flatten"), of_rows),
    "gru": Arrangement(Message("outputs last, gates in Keras's order"), lambda a, place: gates_of_gru(a[0].T)),
    "sum": Arrangement(Message("the sum of two"), lambda a, place: a[0] + a[1], 2),
    "gru pair": Arrangement(
        Message("two, gates in Keras's order"), lambda a, place: np.stack([gates_of_gru(one) for one in a]), 2
    ),
    "heads": Arrangement(Message("outputs last, by head"), lambda a, place: a[0].T.reshape(place.shape)),
    "query": Arrangement(Message("the first third, by head"), third(0)),
    "key": Arrangement(Message("the second third, by head"), third(1)),
    "value": Arrangement(Message("the last third, by head"), third(2)),
    "reshaped": Arrangement(Message("in another shape"), lambda a, place: a[0].reshape(place.shape)),
}
"""By the names that tables use."""


def laid_out(name: str, arrays: Sequence[Array], place: Place) -> Array | None:
    """The arrays as this weight; None where they do not become one of its shape."""
    way = arrangements[name]
    if len(arrays) != way.count or prod(place.shape) > sum(one.size for one in arrays):
        return None
    try:
        made = way.lay(arrays, place)
    except ValueError:
        return None
    return made if made.shape == place.shape else None


def fitting(arrays: Sequence[Array], place: Place) -> list[str]:
    """The ways in which these arrays become this weight, the likeliest first."""
    return [name for name in arrangements if laid_out(name, arrays, place) is not None]
