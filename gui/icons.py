"""The line drawings of Netloom as pixmaps and icons, in the colours of the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from graph.layers import Layer
from gui.drawings import svg
from gui.theme import category_key, current_theme, mixed

SIZES = (16, 24)
"""How large icons are shown. A QIcon holds them in the pixels of every screen there is."""


def pixmap(name: str, color: QColor | str = "text", size: int = 16, device_pixel_ratio: float = 1.0) -> QPixmap:
    """The drawing `name`, `size` device-independent pixels wide and sharp at `device_pixel_ratio`.

    `color` is a QColor or the name of a token.
    """
    chosen = current_theme().color(color) if isinstance(color, str) else color
    return _drawn(name, chosen.rgba(), size, device_pixel_ratio)


def icon(name: str, color: QColor | str | None = None) -> QIcon:
    """The drawing `name` as an icon, paler where it is disabled; in the colour of text unless one is given.

    It does not follow the theme: set it again when that changes.
    """
    theme = current_theme()
    chosen = theme.color(color or "text") if color is None or isinstance(color, str) else color
    return _icon(name, chosen.rgba(), mixed(chosen, theme.color("panel"), 0.6).rgba())


@lru_cache(maxsize=512)
def _icon(name: str, rgba: int, faded: int) -> QIcon:
    made = QIcon()
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    for size in sorted({round(size * ratio) for size in SIZES for ratio in ratios}):
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            made.addPixmap(_drawn(name, rgba, size, 1.0), mode)
        made.addPixmap(_drawn(name, faded, size, 1.0), QIcon.Mode.Disabled)
    return made


def layer_icon_name(layer: Layer | type[Layer]) -> str:
    """The drawing that stands for a layer: that of its category, and one each for Input and Output."""
    if layer.key in ("Input", "Output"):
        return layer.key.lower()
    return category_key(layer.category) if layer.key != "Placeholder" else "unknown"


def layer_icon(layer: Layer | type[Layer]) -> QIcon:
    """The drawing that stands for a layer, in the colour of its category."""
    return icon(layer_icon_name(layer), current_theme().category_color(layer.category))


@lru_cache(maxsize=2048)
def _drawn(name: str, rgba: int, size: int, device_pixel_ratio: float) -> QPixmap:
    pixels = round(size * device_pixel_ratio)
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    lines(name, rgba).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(device_pixel_ratio)
    return made


@lru_cache(maxsize=512)
def lines(name: str, rgba: int) -> QSvgRenderer:
    """A drawing as lines, so that it stays sharp at every zoom and in an exported picture."""
    return QSvgRenderer(QByteArray(svg(name, QColor.fromRgba(rgba))))
