"""The arrays of an NPZ file, read only after the file's own headers say that they are numbers and not too large.

An NPZ file is a ZIP file with one NPY file for each array. Nothing in it is run: arrays of Python objects, which need
pickle, are refused.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from importlib.resources.abc import Traversable
from math import prod
from typing import IO

import numpy as np

from engine.data.problem import DataProblem
from engine.data.samples import MEMORY_LIMIT, Array
from engine.data.sources import unreadable
from graph.message import Message

MAX_ARRAYS = 1000
KINDS = "biufU"
"""Truth values, whole numbers, numbers and texts."""


def read_arrays(source: Traversable) -> dict[str, Array]:
    """All arrays by name. Raises DataProblem for a file that is no NPZ file, or holds what is not wanted."""
    try:
        with source.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            if not members:
                raise DataProblem(
                    Message("{file} holds no arrays.", file=source.name),
                    Message("Save it with numpy.savez(path, x=..., y=...)."),
                )
            if len(members) > MAX_ARRAYS:
                raise DataProblem(
                    Message("{file} holds {n:,} arrays.", file=source.name, n=len(members)),
                    Message("At most {most:,} are read.", most=MAX_ARRAYS),
                )
            if sum(info.file_size for info in members) > MEMORY_LIMIT:
                raise _too_large(source.name, sum(info.file_size for info in members))
            return {info.filename[: -len(".npy")]: _array(archive, info) for info in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, UnicodeError) as error:
        raise DataProblem(
            Message("{file} is no NPZ file, or is damaged: {reason}.", file=source.name, reason=str(error)),
            Message("Save it again with numpy.savez(path, x=..., y=...)."),
        ) from error
    except OSError as error:
        raise unreadable(source, error) from error


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    name = info.filename[: -len(".npy")]
    try:
        with archive.open(info) as member:
            shape, dtype = _header(member)
        if dtype.kind not in KINDS or dtype.hasobject:
            raise DataProblem(
                Message("The array {name!r} holds {kind}, not numbers.", name=name, kind=_kind_text(dtype)),
                Message("Convert it with numpy.asarray(..., dtype='float32') and save the file again."),
            )
        size = prod(shape) * dtype.itemsize
        if size > MEMORY_LIMIT:
            raise _too_large(name, size)
        if size > info.file_size:
            raise ValueError(f"{name} declares {size:,} bytes, but holds {info.file_size:,}")
        with archive.open(info) as member:
            array: Array = np.lib.format.read_array(member, allow_pickle=False)
        if dtype.kind == "U" and not _are_characters(array):
            raise ValueError("it holds characters that do not exist")
        return array
    except ValueError as error:
        raise DataProblem(
            Message("The array {name!r} cannot be read: {reason}.", name=name, reason=_first_line(error)),
            Message("Save the file again with numpy.savez(path, x=..., y=...)."),
        ) from error


def _are_characters(array: Array) -> bool:
    """Whether the numbers in an array of texts stand for characters; Python fails over texts of others."""
    codes = np.ascontiguousarray(array, array.dtype.newbyteorder("=")).reshape(-1).view(np.uint32)
    return not bool(((codes > sys.maxunicode) | ((codes >= 0xD800) & (codes < 0xE000))).any())


def _first_line(error: ValueError) -> str:
    """What is wrong, without NumPy's advice on how to read a file that is not trusted."""
    return str(error).split("\n")[0].rstrip(".")


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    version = np.lib.format.read_magic(member)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise ValueError(f"its NPY version is {version[0]}.{version[1]}")
    try:
        shape, _, dtype = readers[version](member)
    except ValueError:
        raise
    except Exception as error:  # whatever a header is to NumPy that anyone may have written
        raise ValueError("its header is damaged") from error
    return shape, dtype


def _kind_text(dtype: np.dtype) -> str:
    return "Python objects" if dtype.hasobject else f"the type {dtype}"


def _too_large(name: str, size: int) -> DataProblem:
    return DataProblem(
        Message(
            "{name} needs {have:.1f} GB; at most {most:.0f} GB are read.",
            name=name,
            have=size / 2**30,
            most=MEMORY_LIMIT / 2**30,
        ),
        Message("Use fewer samples, or a smaller type such as float32 or uint8."),
    )
