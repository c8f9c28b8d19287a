"""The colours of a figure: those that Okabe and Ito (2008) found to be told apart by everyone.

A category of layers has one colour; the faces of a box are tones of it.
"""

from __future__ import annotations

COLORS = {
    "Input & output": "#C9CED6",
    "Core": "#56B4E9",
    "Activation": "#F0E442",
    "Convolution": "#E69F00",
    "Pooling": "#D55E00",
    "Normalization": "#0072B2",
    "Regularization": "#8A8F98",
    "Recurrent": "#009E73",
    "Reshape": "#E4E7EB",
    "Merge": "#FFFFFF",
    "Attention": "#CC79A7",
}
"""The colour of every category of `graph.layers.CATEGORIES`."""


def tone(color: str, amount: float) -> str:
    """`color` with so much black in it, or white where `amount` is below 0."""
    target = 0 if amount > 0 else 255
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (target - part) * abs(amount)):02X}" for part in parts)
