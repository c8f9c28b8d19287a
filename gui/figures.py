"""Figures as the window prints them."""

from __future__ import annotations

from collections.abc import Sequence

COUNTS = ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"))
BYTES = ((1.0, " B"), (1e3, " kB"), (1e6, " MB"), (1e9, " GB"), (1e12, " TB"))


def short(count: float) -> str:
    """A count in about three digits: 650, 18.4k, 4.2M."""
    return f"{count:g}" if count < 1000 else scaled(count, COUNTS)


def memory(count: float) -> str:
    """A number of bytes: 512 B, 6.2 MB."""
    return scaled(count, BYTES)


def scaled(count: float, units: Sequence[tuple[float, str]]) -> str:
    """`count` in the smallest unit in which it has at most three digits before the point."""
    divisor, suffix = next((unit for unit in units if count < 999.5 * unit[0]), units[-1])
    return f"{count / divisor:.3g}{suffix}"
