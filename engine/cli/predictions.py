"""Predictions as the content of a file: a table for people, arrays for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np

from engine.cli.trained import Trained
from engine.kernel import Array
from engine.metrics.targets import chosen_class

ENDINGS = (".csv", ".npy", ".npz")


def content(outputs: Mapping[str, Array], trained: Trained, ending: str) -> bytes:
    """One row (or one place of the first axis) for each sample, in the order of the samples."""
    if ending == ".csv":
        return table(outputs, trained).encode(errors="backslashreplace")
    stream = io.BytesIO()
    if ending == ".npy":
        np.save(stream, next(iter(outputs.values())), allow_pickle=False)
    else:
        np.savez(stream, allow_pickle=False, **outputs)
    return stream.getvalue()


def table(outputs: Mapping[str, Array], trained: Trained) -> str:
    """A column for each value; before them, where the target has classes, the class that is chosen."""
    head: list[str] = []
    columns: list[list[str]] = []
    for result, y in outputs.items():
        target = trained.target(result)
        rows = y.reshape(len(y), -1)
        if target.classes and y.ndim == 2:
            head.append(target.name)
            columns.append([target.classes[number] for number in chosen_class(y)])
        names = value_names(result, target.name, target.classes, y)
        head += names
        columns += [[f"{value:.7g}" for value in rows[:, place]] for place in range(len(names))]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


def value_names(result: str, target: str, classes: tuple[str, ...], y: Array) -> list[str]:
    """What the values of an output are called: probabilities by their class, a single number by its target."""
    width = int(np.prod(y.shape[1:]))
    if classes and width == 1:
        return [f"p({classes[-1]})"]
    if classes and width == len(classes):
        return [f"p({name})" for name in classes]
    return [target] if width == 1 else [f"{result}_{number}" for number in range(width)]
