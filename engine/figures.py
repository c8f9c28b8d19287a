"""Losses and metrics as people read them, the same on the command line and in the window."""

from __future__ import annotations

from collections.abc import Mapping


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
