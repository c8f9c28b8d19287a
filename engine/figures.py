"""Losses, metrics and sizes as people read them, the same on the command line and in the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

BYTES = ((1.0, " B"), (1e3, " kB"), (1e6, " MB"), (1e9, " GB"), (1e12, " TB"))


def figure(value: float) -> str:
    """A figure in four digits, or as powers where that says more."""
    if value != value:
        return "NaN"
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{value:.4f}" if abs(value) < 100 else f"{value:,.2f}"


def figures(logs: Mapping[str, float]) -> str:
    """Figures with their names, on one line."""
    return "  ".join(f"{name} {figure(value)}" for name, value in logs.items())


def memory(count: float) -> str:
    """A number of bytes: 512 B, 6.2 MB."""
    return scaled(count, BYTES)


def scaled(count: float, units: Sequence[tuple[float, str]]) -> str:
    """`count` in the smallest unit in which it has at most three digits before the point."""
    divisor, suffix = next((unit for unit in units if count < 999.5 * unit[0]), units[-1])
    return f"{count / divisor:.3g}{suffix}"
