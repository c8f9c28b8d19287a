"""A drawing as a value: faces, lines, discs and texts, in pixels from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Face:
    """A filled shape with an edge, both in colours such as #E69F00."""

    points: tuple[Point, ...]
    fill: str
    edge: str

    def moved(self, dx: float, dy: float) -> Face:
        """The same face elsewhere."""
        return replace(self, points=moved(self.points, dx, dy))


@dataclass(frozen=True, slots=True)
class Line:
    """A line in the colour of the text, with rounded corners; `head` puts an arrowhead at its end."""

    points: tuple[Point, ...]
    head: bool = False
    dashed: bool = False
    width: float = 1.0

    def moved(self, dx: float, dy: float) -> Line:
        """The same line elsewhere."""
        return replace(self, points=moved(self.points, dx, dy))


@dataclass(frozen=True, slots=True)
class Disc:
    """A disc with an edge in the colour of the text; without a `fill` it has that colour itself."""

    x: float
    y: float
    radius: float
    fill: str = ""

    def moved(self, dx: float, dy: float) -> Disc:
        """The same disc elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its baseline. `dark` text stands on a light face, whatever the page's colour."""

    x: float
    y: float
    text: str
    size: float = 10.0
    bold: bool = False
    muted: bool = False
    dark: bool = False
    anchor: Anchor = "middle"

    def moved(self, dx: float, dy: float) -> Text:
        """The same text elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


Mark = Face | Line | Disc | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in the order in which they are painted, on a page of this size."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def moved(points: tuple[Point, ...], dx: float, dy: float) -> tuple[Point, ...]:
    """Points elsewhere."""
    return tuple((x + dx, y + dy) for x, y in points)
