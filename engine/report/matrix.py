"""The confusion matrix of a report: what was taken for what, shaded by the part of each true class."""

from __future__ import annotations

from math import ceil

import numpy as np

from engine.outcomes import Outcome
from engine.report.html import Html, table, tag

MOST_CLASSES = 25
"""Up to so many classes there is a matrix; of more, the mistakes that are made most."""
MOST_MISTAKES = 20
LEVELS = 10
SHADES = {"right": ((0, 114, 178), 0.55), "wrong": ((213, 94, 0), 0.7)}
"""The colour of a cell, blue or vermilion, and how strong it is at most."""


def matrix(outcome: Outcome) -> Html:
    """How many samples of each class (row) were taken for each class (column), or the worst of that."""
    if len(outcome.classes) > MOST_CLASSES:
        return _mistakes(outcome)
    rows = [tag("tr", tag("th", "true ↓ predicted →"), *(tag("th", name) for name in outcome.classes))]
    for i, counts in enumerate(outcome.counts.tolist()):
        whole = sum(counts) or 1
        cells = [tag("td", f"{n:,}" if n else "·", class_=_shade(n / whole, i == j)) for j, n in enumerate(counts)]
        rows.append(tag("tr", tag("th", outcome.classes[i], align="right"), *cells))
    return tag("table", tag("tbody", *rows), class_="matrix")


def _shade(part: float, right: bool) -> str:
    """The class of a cell; few mistakes are seen, too."""
    if not part:
        return ""
    return f"right-{ceil(LEVELS * part)}" if right else f"wrong-{ceil(LEVELS * min(1.0, 2 * part))}"


def shades(opaque: bool = False) -> str:
    """The style of shaded cells: over whatever the page is like, or as they look on white paper."""
    lines = []
    for name, (color, most) in SHADES.items():
        for level in range(1, LEVELS + 1):
            part = most * level / LEVELS
            mixed = [round(255 + (value - 255) * part) for value in color] if opaque else [*color, round(part, 3)]
            said = f"{'rgb' if opaque else 'rgba'}({', '.join(map(str, mixed))})"
            lines.append(f".{name}-{level} {{ background-color: {said}; }}")
    return "\n".join(lines)


def _mistakes(outcome: Outcome) -> Html:
    counts = outcome.counts.copy()
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:MOST_MISTAKES]
    places = [divmod(int(place), len(outcome.classes)) for place in order if counts.flat[place]]
    rows = [(outcome.classes[i], outcome.classes[j], f"{counts[i, j]:,}") for i, j in places]
    return table(("True", "Taken for", "Samples"), rows, numbers=(2,))
