"""How a line is drawn: a colour of the theme's series, and a pattern, so that colour alone tells nothing."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.theme import current_theme

PATTERNS = {
    (False, False): (),
    (True, False): (4.0, 2.0),
    (False, True): (1.0, 1.5),
    (True, True): (5.0, 2.0, 1.0, 2.0),
}
"""The strokes and gaps of a line, in its width, by whether it is dashed and whether it is dotted."""


class Stroke(NamedTuple):
    """The place of a colour in the theme's series, and the pattern: dashed, dotted, or dashes and dots in turn."""

    color: int
    dashed: bool = False
    dotted: bool = False

    def pen_color(self) -> QColor:
        """The colour in the theme of the moment."""
        series = current_theme().series
        return QColor(series[self.color % len(series)])

    def pen(self, width: float = 2.0, alpha: int = 255) -> QPen:
        """What the line is drawn with."""
        color = self.pen_color()
        color.setAlpha(alpha)
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pattern = PATTERNS[self.dashed, self.dotted]
        if pattern:
            pen.setDashPattern(pattern)
        return pen


OVERLAYS = (
    Stroke(2),
    Stroke(3),
    Stroke(5, dotted=True),
    Stroke(4, dotted=True),
    Stroke(2, dotted=True),
    Stroke(3, dotted=True),
    Stroke(5),
    Stroke(4),
)
"""The lines of runs behind the one that is shown; what looks alike to the colour-blind differs in its pattern."""


def overlay(place: int) -> Stroke:
    """The line of the run at a place behind the one that is shown."""
    return OVERLAYS[place % len(OVERLAYS)]
