"""Weights as tables for spreadsheets and statistics programs: a ZIP archive with a CSV file for every weight.

A weight of more than two axes is written with its last axis along the columns and all others down the rows, in C order;
`shapes.csv` says the sizes of each.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from engine.formats.exporter import Files, Work, exporter
from engine.formats.weights import listed
from engine.kernel import Array
from graph.names import fresh

MADE = (1980, 1, 1, 0, 0, 0)
"""The date that every file of the archive has, so that the same weights make the same bytes."""


@exporter(
    "csv",
    title="Weights (CSV tables)",
    endings=(".csv.zip", ".zip"),
    description="Every weight as a table of its own, in one archive, for spreadsheets and for R.",
    needs_weights=True,
    text=False,
)
def write_csv(work: Work) -> Files:
    """An archive of tables."""
    weights: Mapping[str, Array] = work.weights or {}
    names = _file_names(weights)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        sizes = [(name, names[name], "x".join(map(str, array.shape))) for name, array in weights.items()]
        _write(archive, "shapes.csv", [("weight", "file", "shape"), *sizes])
        for name, array in weights.items():
            columns = array.shape[-1] if array.ndim > 1 else 1
            # The shortest text from which the same number is read back.
            rows = ([str(value) for value in row] for row in np.asarray(array).reshape(-1, columns))
            _write(archive, names[name], rows)
    return Files(stream.getvalue(), summary=listed(weights))


def _write(archive: zipfile.ZipFile, name: str, rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    info = zipfile.ZipInfo(name, MADE)
    info.external_attr = 0o644 << 16
    archive.writestr(info, text.getvalue(), zipfile.ZIP_DEFLATED)


def _file_names(weights: Iterable[str]) -> dict[str, str]:
    """A name that every system takes for the file of each weight."""
    found: dict[str, str] = {}
    taken = {"shapes"}
    for name in weights:
        stem = fresh(re.sub(r"[^A-Za-z0-9_-]+", ".", name).strip(".") or "weight", taken)
        taken.add(stem)
        found[name] = f"{stem}.csv"
    return found
