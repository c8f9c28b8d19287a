"""The arrays of a caller as the network takes them: each by the name of the input or output it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.scripting.wrong import WrongUse
from graph.message import plural
from graph.names import did_you_mean

Arrays = Mapping[str, Array]


def named(given: Any, names: Sequence[str], what: str) -> dict[str, Array]:
    """One array, a list in the order of `names`, or arrays by name. Raises WrongUse where they do not fit `names`."""
    if isinstance(given, Mapping):
        found = {name: array(one, name) for name, one in given.items()}
        _check_names(found, names, what)
    elif len(names) == 1:
        found = {names[0]: array(given, what)}
    elif isinstance(given, list | tuple) and len(given) == len(names):
        found = {name: array(one, name) for name, one in zip(names, given, strict=True)}
    else:
        count = plural(len(given), "array") if isinstance(given, list | tuple) else "one array"
        raise WrongUse(
            f"The model has {plural(len(names), what)} ({', '.join(names)}), but received {count}. "
            "Give a list in this order, or a dict by these names."
        )
    return found


def array(given: Any, name: str) -> Array:
    """What a caller means by an array. Raises WrongUse where it holds no numbers, or no samples."""
    try:
        found = np.asarray(given)
    except ValueError:
        raise WrongUse(
            f"{name}: the rows have different lengths. Make them the same, for example with zeros."
        ) from None
    if found.dtype.kind not in "biuf":
        what = type(given).__name__ if found.dtype.kind == "O" and not found.ndim else f"one of {found.dtype}"
        raise WrongUse(f"{name}: expected an array of numbers, received {what}.")
    if not found.ndim or not len(found):
        raise WrongUse(f"{name}: expected an array with the samples first, received one of the shape {found.shape}.")
    return found


def triple(given: Any, what: str) -> tuple[Any, Any, Any]:
    """Inputs, targets and weights (or None) of a tuple, or of a dict by these names. Raises WrongUse for others."""
    names = ("x", "y", "sample_weight")
    if isinstance(given, list | tuple) and len(given) in (2, 3):
        given = dict(zip(names, given, strict=False))
    if not isinstance(given, Mapping) or not {"x", "y"} <= set(given) <= set(names):
        raise WrongUse(f"{what}: expected (x, y) or (x, y, sample_weight), or a dict by these names.")
    return given["x"], given["y"], given.get("sample_weight")


def same_count(**groups: Arrays) -> int:
    """How many samples all these arrays have; a group is called by its keyword. Raises WrongUse where they differ."""
    counts = {f"{group} {name}": len(one) for group, found in groups.items() for name, one in found.items()}
    if len(set(counts.values())) > 1:
        said = ", ".join(f"{name} has {count:,}" for name, count in counts.items())
        raise WrongUse(f"All arrays must have the same number of samples, but {said}.")
    return next(iter(counts.values()))


def rows(arrays: Arrays, part: slice) -> dict[str, Array]:
    """Some of the samples."""
    return {name: one[part] for name, one in arrays.items()}


def divided(count: int, validation_split: float) -> tuple[slice, slice]:
    """The samples to train on and, as the last part of all, those to validate with."""
    if not isinstance(validation_split, int | float) or not 0 < validation_split < 1:
        raise WrongUse(f"validation_split: expected a part between 0 and 1, received {validation_split!r}.")
    first = int(count * (1.0 - validation_split))
    if not 0 < first < count:
        raise WrongUse(
            f"validation_split={validation_split:g} leaves nothing to train on or nothing to validate with: "
            f"there are {plural(count, 'sample')}. Choose another part, or give validation_data."
        )
    return slice(0, first), slice(first, count)


def _check_names(found: Arrays, names: Sequence[str], what: str) -> None:
    for name in found:
        if name not in names:
            near = did_you_mean(str(name), names)
            question = f" Did you mean {near!r}?" if near else ""
            raise WrongUse(f"The model has no {what} named {name!r}.{question} It has {', '.join(names)}.")
    missing = [name for name in names if name not in found]
    if missing:
        raise WrongUse(f"There is no array for the {what} {missing[0]!r}.")
