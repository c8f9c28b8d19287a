"""Figures as the window prints them."""

from __future__ import annotations

from engine.figures import scaled

COUNTS = ((1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"))


def short(count: float) -> str:
    """A count in about three digits: 650, 18.4k, 4.2M."""
    return f"{count:g}" if count < 1000 else scaled(count, COUNTS)
