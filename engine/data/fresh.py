"""New samples for a network that was trained before: from a file, or typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import numpy as np

from engine.data.archive import read_arrays
from engine.data.npz_file import as_input, as_target, same_length
from engine.data.preparation import InputPreparation, Preparation, TargetPreparation
from engine.data.problem import DataProblem, Progress
from engine.data.samples import Array
from engine.data.sources import unreadable
from engine.data.table import CategoryReader, NumberReader, Reader, feature_reader, matrix, read_columns
from engine.data.text import look_at
from graph.datasets import Column
from graph.message import Message
from graph.shapes import shape_text


@dataclass(frozen=True)
class Fresh:
    """Prepared new samples. `targets` holds those that the source has, for a comparison.

    `weights` say how much each sample counts in it, as they are in the source; None where it has none.
    """

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    samples: int
    weights: Array | None = None

    @property
    def complete(self) -> bool:
        """Whether there is any target to compare with."""
        return bool(self.targets)


def read(preparation: Preparation, source: Traversable, progress: Progress | None = None) -> Fresh:
    """The samples of a CSV or NPZ file, prepared as the training samples were.

    The columns of a CSV file may stand in any order and more may be there; a target may be missing, but then wholly.
    Raises DataProblem for a column that is not there, a cell that cannot be, or a category that is new.
    """
    if source.name.lower().endswith(".npz"):
        return _from_arrays(preparation, read_arrays(source), source.name)
    try:
        return _from_table(preparation, source, progress)
    except OSError as error:
        raise unreadable(source, error) from error


def from_rows(preparation: Preparation, rows: Sequence[Mapping[str, str]]) -> Fresh:
    """Typed samples: the text of each cell by the name of its column."""
    one = _table_input(preparation, "the typed samples")
    readers = [feature_reader(feature, ".", True) for feature in one.features]
    for number, row in enumerate(rows, 1):
        for reader in readers:
            reader.take([number], [row.get(reader.column.name, "")])
    x, _ = matrix(readers, len(rows))
    return Fresh({one.name: one.apply(x)}, {}, len(rows))


def _table_input(preparation: Preparation, name: str) -> InputPreparation:
    one = preparation.inputs[0]
    if len(preparation.inputs) == 1 and one.features:
        return one
    raise DataProblem(
        Message("{file} is a table, but the network was trained on arrays.", file=name),
        Message("Bring an NPZ file with {names}.", names=", ".join(one.name for one in preparation.inputs)),
    )


def _from_table(preparation: Preparation, source: Traversable, progress: Progress | None) -> Fresh:
    one = _table_input(preparation, source.name)
    table = look_at(source, progress, least=1)
    features = [feature_reader(feature, table.decimal, True) for feature in one.features]
    present = [target for target in preparation.targets if target.name in table.names]
    targets = [_target_reader(target, table.decimal) for target in present]
    weights = [
        NumberReader(Column(name, "weight"), table.decimal) for name in table.names if name == preparation.weighed_by
    ]
    rows = read_columns(table, [*features, *targets, *weights], progress)
    x, _ = matrix(features, rows)
    read = {
        reader.column.name: reader.values()[0] if isinstance(reader, CategoryReader) else reader.values()[:, np.newaxis]
        for reader in targets
    }
    counted = weights[0].values() if weights else None
    return Fresh({one.name: one.apply(x)}, preparation.apply_targets(read), rows, counted)


def _target_reader(target: TargetPreparation, decimal: str) -> Reader:
    if target.classes:
        return CategoryReader(Column(target.name, "target", "category"), target.classes)
    return NumberReader(Column(target.name, "target"), decimal)


def _from_arrays(preparation: Preparation, arrays: Mapping[str, Array], file: str) -> Fresh:
    weights = {name: array for name, array in arrays.items() if name == preparation.weighed_by}
    arrays = {name: array for name, array in arrays.items() if name not in weights}
    inputs = {one.name: _array(preparation, one, arrays, file) for one in preparation.inputs}
    known = {target.name: arrays[target.name] for target in preparation.targets if target.name in arrays}
    if len(preparation.targets) == 1 and not known and "y" in arrays:
        known = {preparation.targets[0].name: arrays["y"]}
    count = same_length({**inputs, **known, **weights})
    read = {name: as_target(name, array, preparation.target(name).classes)[0] for name, array in known.items()}
    prepared = {one.name: one.apply(inputs[one.name]) for one in preparation.inputs}
    return Fresh(prepared, preparation.apply_targets(read), count, next(iter(weights.values()), None))


def _array(preparation: Preparation, one: InputPreparation, arrays: Mapping[str, Array], file: str) -> Array:
    alone = len(preparation.inputs) == 1
    name = one.name if one.name in arrays else "x" if alone and "x" in arrays else next(iter(arrays))
    if name != one.name and name != "x" and not (alone and len(arrays) == 1):
        raise DataProblem(
            Message("{file} has no array {name!r}; it has {have}.", file=file, name=one.name, have=", ".join(arrays)),
            Message("Name the arrays after the network's inputs."),
        )
    array = arrays[name]
    if array.shape[1:] != one.shape and array.shape[1:] != one.shape[: -1 if one.shape[-1:] == (1,) else None]:
        raise DataProblem(
            Message(
                "The array {name!r} has samples of {got}, but the network takes {expected}.",
                name=name,
                got=shape_text(array.shape),
                expected=shape_text((None, *one.shape)),
            ),
            Message("Give it the shape of the training data."),
        )
    raw = array.reshape(len(array), *one.shape)
    scale = one.scale if array.dtype.kind in "iu" else None
    return as_input(name, raw, scale)
