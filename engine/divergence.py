"""What to say when the loss is no longer a number: the likeliest cause that the data shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.kernel import Array
from graph.message import Message

LARGE = 50.0
"""Values beyond this are far from what standardized columns hold."""


def advice(
    inputs: Mapping[str, Array], targets: Mapping[str, Array], learning_rate: float, epoch: int, step: int
) -> Message:
    """A sentence that says where the loss was lost, and one that says what to try."""
    where = Message("The loss is no longer a number in epoch {epoch}, step {step}.", epoch=epoch, step=step)
    return Message("{where} {remedy}", where=where, remedy=_remedy(inputs, targets, learning_rate))


def _remedy(inputs: Mapping[str, Array], targets: Mapping[str, Array], learning_rate: float) -> Message:
    for name, array in (*inputs.items(), *targets.items()):
        bad = int(array.size - np.count_nonzero(np.isfinite(array)))
        if bad:
            return Message(
                "The data of {name} has {count:,} values that are not numbers. Fill or remove them.",
                name=name,
                count=bad,
            )
    smaller = float(f"{learning_rate / 10:.1g}")
    rate = Message(
        "Try a smaller learning rate, such as {smaller:g} instead of {now:g}", smaller=smaller, now=learning_rate
    )
    for name, x in inputs.items():
        if _peak(x) > LARGE:
            text = "{rate}. The input {name} reaches {peak:.3g}: standardize it as well."
            return Message(text, rate=rate, name=name, peak=_peak(x))
    for name, t in targets.items():
        if t.dtype.kind == "f" and _peak(t) > LARGE:
            text = "{rate}. The target {name} reaches {peak:.3g}: bring it to a smaller scale as well."
            return Message(text, rate=rate, name=name, peak=_peak(t))
    return Message("{rate}. If that does not help, look for wrong values in the data.", rate=rate)


def _peak(array: Array) -> float:
    return max(abs(float(array.max())), abs(float(array.min()))) if array.size else 0.0
