"""TensorBoard's event files: records with checksums, each one event with a time, a step and what is shown.

The messages are those of TensorFlow's event.proto, summary.proto and graph.proto; the frame is that of its
record_writer.h (length, masked CRC-32C, content, masked CRC-32C).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from engine.formats.protobuf import data, double, doubles, single, text, whole
from engine.kernel import Array

FIRST = "brain.Event:2"
BINS = 30


def event_file(started: float, events: Iterable[bytes]) -> bytes:
    """The content of a file that began at `started`, in seconds since 1970."""
    first = double(1, started) + text(3, FIRST)
    return b"".join(map(record, (first, *events)))


def record(content: bytes) -> bytes:
    """One record with its frame."""
    length = struct.pack("<Q", len(content))
    return length + _masked(length) + content + _masked(content)


def summary(time: float, step: int, values: Sequence[bytes]) -> bytes:
    """An event that shows `values` at a step."""
    return double(1, time) + whole(2, step) + data(5, b"".join(data(1, value) for value in values))


def scalar(tag: str, value: float) -> bytes:
    """One figure."""
    return text(1, tag) + single(2, value)


def histogram(tag: str, array: Array) -> bytes:
    """How the numbers of an array are spread, in bins of equal width."""
    values = array.astype(np.float64).reshape(-1)
    counts, edges = np.histogram(values, BINS)
    total, squares = math.fsum(values), math.fsum(values * values)
    figures = (float(values.min()), float(values.max()), float(values.size), total, squares)
    content = b"".join(double(field, figure) for field, figure in enumerate(figures, 1))
    return text(1, tag) + data(5, content + doubles(6, edges[1:]) + doubles(7, counts))


def plugin(tag: str, name: str, content: bytes) -> bytes:
    """What only one of TensorBoard's pages reads; the value itself is an empty row of floats."""
    nothing = whole(1, 1) + data(2, data(2, b""))
    return text(1, tag) + data(9, data(1, text(1, name) + data(2, content))) + data(8, nothing)


def graph(time: float, nodes: Iterable[tuple[str, str, Sequence[str]]]) -> bytes:
    """An event that shows a graph: each node's name, its kind, and the names of the nodes it reads."""
    said = (text(1, name) + text(2, kind) + b"".join(text(3, x) for x in xs) for name, kind, xs in nodes)
    return double(1, time) + data(4, b"".join(data(1, node) for node in said))


def entry(key: str, value: bool | float | str) -> bytes:
    """A pair of a map whose values are of google.protobuf.Value."""
    if isinstance(value, bool):
        held = whole(4, value)
    elif isinstance(value, str):
        held = text(3, value)
    else:
        held = double(2, value)
    return text(1, key) + data(2, held)


def _masked(content: bytes) -> bytes:
    crc = crc32c(content)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def crc32c(content: bytes) -> int:
    """The checksum of RFC 3720, section B.4 (Castagnoli's polynomial)."""
    table, crc = _table(), 0xFFFFFFFF
    for byte in content:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        found.append(crc)
    return tuple(found)
