"""Data sets that are arrays in an NPZ file, named after the network's inputs and outputs.

An array `sample_weight` says how much each sample counts.

One input may be called `x` and one target `y`, as Keras's own files do, also in parts (`x_train`, `x_test`), which are
joined, because the split is drawn anew. Whole-number images are divided by their largest value; rows of whole numbers
stay what they are, for an Embedding. A target is a class where it is text, one column a class, or few whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from engine.data.archive import read_arrays
from engine.data.cells import category, in_order
from engine.data.detect import FEW, MAX_CATEGORIES
from engine.data.problem import DataProblem
from engine.data.samples import Array, Samples, digest_of
from engine.data.sources import Request, find, loader
from engine.data.weights import NAME, checked
from graph.datasets import DataFacts, NpzFile, TargetFacts
from graph.message import Message

_PART = re.compile(r"(x|y|sample_weight)_(train|val|valid|validation|test)")
_INPUT = re.compile(r"(x|input|inputs|image|images|data|feature|features)(_.*|\d*)", re.IGNORECASE)
_TARGET = re.compile(r"(y|target|targets|label|labels|output|outputs|class|classes)(_.*|\d*)", re.IGNORECASE)


def read_npz(source: Traversable, inputs: Collection[str] = (), outputs: Collection[str] = ()) -> Samples:
    """The samples of an NPZ file; `inputs` and `outputs` are the network's names."""
    stored = read_arrays(source)
    arrays, notes = (stored, []) if stored.keys() & {*inputs, *outputs} else _joined(stored)
    weights = {
        name: arrays.pop(name) for name in list(arrays) if NAME.fullmatch(name) and name not in {*inputs, *outputs}
    }
    xs, ys = divide(arrays, inputs, outputs)
    if not xs or not ys:
        missing, name = (Message("input"), "x") if not xs else (Message("target"), "y")
        raise DataProblem(
            Message(
                "{file} holds no {missing}; its arrays are {names}.",
                file=source.name,
                missing=missing,
                names=", ".join(arrays),
            ),
            Message("Name it {name!r}, or after the network's layer that it belongs to.", name=name),
        )
    count = same_length({**xs, **ys, **weights})
    weighed_by = next(iter(weights), None)
    counted = None if weighed_by is None else checked(weighed_by, weights[weighed_by])
    scales = {name: scale for name, array in xs.items() if (scale := image_scale(array)) is not None}
    clean = {name: as_input(name, array, scales.get(name)) for name, array in xs.items()}
    targets, facts = {}, {}
    for name, array in ys.items():
        targets[name], facts[name] = as_target(name, array)
    whole = all(array.dtype.kind == "i" for array in clean.values())
    vocabulary = max(int(array.max()) for array in clean.values()) + 1 if whole else None
    notes += [
        Message("The whole numbers of {name!r} were divided by {scale:g}.", name=name, scale=scale)
        for name, scale in scales.items()
        if scale != 1
    ]
    shapes = {name: (None, *array.shape[1:]) for name, array in clean.items()}
    described = DataFacts(count, shapes, facts, vocabulary)
    return Samples(
        clean,
        targets,
        described,
        digest_of(stored),
        scales=scales,
        notes=tuple(notes),
        weights=counted,
        weighed_by=weighed_by,
    )


def divide(
    arrays: Mapping[str, Array], inputs: Collection[str] = (), outputs: Collection[str] = ()
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Which arrays are inputs and which are targets: by the network's names first, then by what they are called.

    A single array left over is what is still missing, whatever its name.
    """
    xs: dict[str, Array] = {}
    ys: dict[str, Array] = {}
    rest: dict[str, Array] = {}
    for name, array in arrays.items():
        known_input, known_output = name in inputs, name in outputs
        if known_input != known_output:
            (xs if known_input else ys)[name] = array
        elif _INPUT.fullmatch(name):
            xs[name] = array
        elif _TARGET.fullmatch(name):
            ys[name] = array
        else:
            rest[name] = array
    if len(rest) == 1 and bool(xs) != bool(ys):
        (ys if xs else xs).update(rest)
    return xs, ys


def _joined(arrays: dict[str, Array]) -> tuple[dict[str, Array], list[Message]]:
    """Parts such as x_train and x_test as one array."""
    parts = [name for name in arrays if _PART.fullmatch(name)]
    if not parts or "x" in arrays or "y" in arrays:
        return arrays, []
    joined = {name: array for name, array in arrays.items() if name not in parts}
    for letter in ("x", "y", "sample_weight"):
        own = sorted(name for name in parts if name.startswith(f"{letter}_"))
        shapes = {arrays[name].shape[1:] for name in own}
        for name in own:
            same_length({name: arrays[name]})
        if len(shapes) > 1:
            raise DataProblem(
                Message("The arrays {names} differ in shape.", names=", ".join(own)),
                Message("They are parts of the same data, so their samples must have the same shape."),
            )
        if own:
            joined[letter] = np.concatenate([arrays[name] for name in own])
    names = ", ".join(sorted(parts))
    return joined, [Message("{names} were joined, because the split is drawn anew.", names=names)]


def same_length(arrays: Mapping[str, Array]) -> int:
    """The number of samples, which all arrays must share."""
    for name, array in arrays.items():
        if array.ndim == 0 or array.size == 0:
            raise DataProblem(
                Message("The array {name!r} has no samples.", name=name),
                Message("Its first axis must count the samples, and no axis may be 0."),
            )
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name}: {length:,}" for name, length in lengths.items())
        raise DataProblem(
            Message("The arrays differ in their number of samples ({said}).", said=said),
            Message("The first axis of every array must count the same samples."),
        )
    return next(iter(lengths.values()))


def image_scale(array: Array) -> float | None:
    """What the whole numbers of images are divided by: their largest value; None for anything else."""
    if array.ndim < 3 or array.dtype.kind not in "iu":
        return None
    return float(max(array.max(), 1))


def as_input(name: str, array: Array, scale: float | None = None) -> Array:
    """An input array as floats, or as int32 where it holds rows of whole numbers from 0."""
    if array.dtype.kind == "U":
        raise DataProblem(
            Message("The input {name!r} holds text.", name=name), Message("Replace every word by a whole number.")
        )
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if scale is not None:
        return array.astype(np.float32) / np.float32(scale)
    if array.dtype.kind in "iu" and array.ndim == 2 and array.min() >= 0 and array.max() < 2**31:
        return array.astype(np.int32)
    return _finite(name, array, np.float64 if array.ndim == 2 else np.float32)


def as_target(name: str, array: Array, classes: tuple[str, ...] = ()) -> tuple[Array, TargetFacts]:
    """A target array and what it is; `classes` are those it was trained with, if any."""
    flat = array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 1)
    if array.dtype.kind == "U" or (flat and (classes or _few_whole(array))):
        return _classes(name, array.reshape(len(array)), classes)
    values = _finite(name, array)
    if flat:
        return values.reshape(-1, 1), TargetFacts("values", (None, 1))
    zeros_and_ones = bool(((values == 0) | (values == 1)).all())
    if values.ndim == 2 and zeros_and_ones and bool((values.sum(1) == 1).all()):
        names = classes or tuple(map(str, range(values.shape[1])))
        return values.argmax(1).astype(np.int32), TargetFacts("classes", (None,), names)
    return values, TargetFacts("binary" if zeros_and_ones else "values", (None, *values.shape[1:]))


def _few_whole(array: Array) -> bool:
    """Whether a column holds few whole numbers in a row, or only two: they are probably class numbers."""
    if array.dtype.kind == "f" and not bool((np.isfinite(array) & (array == np.floor(array))).all()):
        return False
    found = np.unique(array)
    if not 2 <= len(found) <= len(array) // 2 + 2:
        return False
    most = MAX_CATEGORIES if found[0] == 0 else FEW
    in_a_row = 0 <= found[0] <= FEW and bool((np.diff(found) == 1).all())
    return len(found) == 2 or (in_a_row and len(found) <= most)


def _classes(name: str, array: Array, classes: tuple[str, ...]) -> tuple[Array, TargetFacts]:
    found, places = np.unique(array, return_inverse=True)
    if len(found) > max(MAX_CATEGORIES, len(classes)):
        raise _too_many_classes(name, len(found))
    names = [category(str(value)) if array.dtype.kind != "b" else str(int(value)) for value in found.tolist()]
    known = classes or in_order(names)
    unknown = [one for one in names if one not in known]
    if unknown:
        raise DataProblem(
            Message("The target {name!r} holds the class {one!r}, which is new.", name=name, one=unknown[0]),
            Message("The network knows these classes: {known}.", known=", ".join(known[:20])),
        )
    numbers = np.array([known.index(one) for one in names], np.int32)
    return numbers[places.reshape(-1)], TargetFacts("classes", (None,), tuple(known))


def _too_many_classes(name: str, count: int) -> DataProblem:
    return DataProblem(
        Message("The target {name!r} has {n:,} classes.", name=name, n=count),
        Message("At most {most:,} are possible.", most=MAX_CATEGORIES),
    )


def _finite(name: str, array: Array, dtype: type[np.floating[Any]] = np.float32) -> Array:
    """`array` in `dtype`. Raises DataProblem where a value is no finite number, or larger than float32 holds."""
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float32)
    wrong = np.argwhere(~np.isfinite(narrow))
    if len(wrong):
        raise DataProblem(
            Message("The array {name!r} is not a number in sample {sample:,}.", name=name, sample=int(wrong[0][0])),
            Message("Replace NaN, infinite and very large values first; samples are counted from 0."),
        )
    return narrow if dtype is np.float32 else array.astype(dtype)


@loader(NpzFile)
def load_npz(declared: NpzFile, request: Request) -> Samples:
    """Arrays of one's own."""
    return read_npz(find(declared.path, request.base), request.inputs, request.outputs)
