"""Files that other programs open: weights, graphs and code. Importing it fills the registry of formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.formats import graphs, keras_code, weights, weights_csv
from engine.formats.c_code import write_c
from engine.formats.exporter import Exporter, Files, Note, Work, exporter, exporters, for_file, make, named
from engine.formats.keras import archive as keras_files
from engine.formats.keras import reading as keras_reading
from engine.formats.numpy_code import write_numpy_code
from engine.formats.onnx import read as onnx_reading
from engine.formats.onnx import write as onnx_files
from engine.formats.pytorch import write_pytorch
from engine.kernel import Array
from graph.datasets import DataFacts
from graph.infer import infer
from graph.project import Project

__all__ = [
    "Exporter",
    "Files",
    "Note",
    "Work",
    "export",
    "exporter",
    "exporters",
    "for_file",
    "graphs",
    "keras_code",
    "keras_files",
    "keras_reading",
    "make",
    "named",
    "onnx_files",
    "onnx_reading",
    "weights",
    "weights_csv",
    "work_on",
    "write_c",
    "write_numpy_code",
    "write_pytorch",
]


def export(
    project: Project,
    path: Path,
    weights: Mapping[str, Array] | None = None,
    format: str | None = None,
    facts: DataFacts | None = None,
) -> Exporter:
    """Write `project` to `path`, in `format` or the one its ending stands for; returns the format that was used.

    Raises FileProblem where there is no such format, where it needs what is not there, or where nothing can be
    written; a file that was there before is then untouched.
    """
    chosen = for_file(path.name) if format is None else named(format)
    make(chosen, work_on(project, path.stem, weights, facts)).write(path)
    return chosen


def work_on(
    project: Project,
    name: str = "model",
    weights: Mapping[str, Array] | None = None,
    facts: DataFacts | None = None,
) -> Work:
    """Everything a format asks for, with the shapes inferred."""
    return Work(project, infer(project.network, facts), weights, name.split(".")[0] or "model")
