"""The few words of protobuf's wire format that event files need: https://protobuf.dev/programming-guides/encoding/"""

from __future__ import annotations

import struct
from collections.abc import Iterable


def varint(value: int) -> bytes:
    """A number in groups of seven bits, the lowest first; negative ones as 64 bits of two's complement."""
    value &= (1 << 64) - 1
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def whole(field: int, value: int) -> bytes:
    """A field that holds a whole number."""
    return varint(field << 3) + varint(value)


def single(field: int, value: float) -> bytes:
    """A field that holds a float of 32 bits."""
    return varint(field << 3 | 5) + struct.pack("<f", value)


def double(field: int, value: float) -> bytes:
    """A field that holds a float of 64 bits."""
    return varint(field << 3 | 1) + struct.pack("<d", value)


def doubles(field: int, values: Iterable[float]) -> bytes:
    """A field that holds a row of floats of 64 bits."""
    row = list(values)
    return data(field, struct.pack(f"<{len(row)}d", *row))


def data(field: int, content: bytes) -> bytes:
    """A field that holds bytes, or another message."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def text(field: int, value: str) -> bytes:
    """A field that holds text."""
    return data(field, value.encode(errors="replace"))
