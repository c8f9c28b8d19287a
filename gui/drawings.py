"""The line drawings of Netloom as SVG texts.

Every drawing is 16 pixels wide, lies in `resources/icons`, and is drawn in `currentColor`, which is replaced here.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtGui import QColor


@cache
def names() -> tuple[str, ...]:
    """Every drawing there is."""
    folder = resources.files("resources").joinpath("icons")
    return tuple(sorted(file.name.removesuffix(".svg") for file in folder.iterdir() if file.name.endswith(".svg")))


def svg(name: str, color: QColor) -> bytes:
    """The drawing `name` in one colour."""
    return _source(name).replace("currentColor", color.name()).encode()


@cache
def _source(name: str) -> str:
    return resources.files("resources").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")
