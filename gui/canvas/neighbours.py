"""The next card in a direction, for the arrow keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from gui.canvas.geometry import Box

Direction = Literal["left", "right", "up", "down"]

STEPS: Mapping[Direction, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def neighbour(boxes: Mapping[str, Box], selected: Sequence[str], direction: Direction) -> str | None:
    """The card nearest to the last selected one in a direction; with none selected, the first from the left."""
    if not boxes:
        return None
    here = next((name for name in reversed(selected) if name in boxes), None)
    if here is None:
        return min(boxes, key=lambda name: (boxes[name][0], boxes[name][1]))
    across, down = STEPS[direction]
    x, y = _middle(boxes[here])
    best: tuple[float, str] | None = None
    for name, box in boxes.items():
        dx, dy = _middle(box)[0] - x, _middle(box)[1] - y
        ahead, aside = dx * across + dy * down, abs(dx * down) + abs(dy * across)
        if name == here or ahead <= 0 or aside > 2 * ahead:
            continue
        best = min(best or (ahead + 2 * aside, name), (ahead + 2 * aside, name))
    return best[1] if best is not None else None


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
