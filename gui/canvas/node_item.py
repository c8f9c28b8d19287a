"""A layer on the canvas: a card of three lines with its ports. It only shows; gestures and commands act."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph.infer import Inferred
from graph.layers.base import Layer
from graph.problem import Problem, Severity
from gui.canvas.card_text import CardText, card_text
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GRID, METRIC, Box
from gui.canvas.port_item import Port, paint_port, ports_of
from gui.icons import layer_icon_name, lines
from gui.theme import Theme, category_key, fixed_font, font, mixed

MARGIN = 12.0
TEXT_LEFT, TITLE_LEFT, TEXT_RIGHT = 16.0, 40.0, 12.0
LINES = (19.0, 37.0, 56.0)
"""The middles of the three lines."""
BADGE = 16.0
WIDEST = 320.0
DETAIL, SKETCH = 0.5, 0.22
"""The scales below which a card shows its title alone, and below which only its colour."""


class NodeItem(QGraphicsItem):
    """The card of one layer."""

    def __init__(
        self, name: str, layer: Layer, inferred: Inferred, theme: Theme, problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(2)
        self.name = name
        self.layer = layer
        self.problem = _gravest(problems)
        self.selected = False
        self.hovered = False
        self.activity: float | None = None
        self.lit: frozenset[Port] = frozenset()
        self._theme = theme
        self._say(card_text(name, layer, inferred))

    def _say(self, text: CardText) -> None:
        self.text = text
        width = _width(text, self.problem is not None)
        self.ports = ports_of(self.layer, width)
        self.width = width
        self._bounds = QRectF(-MARGIN, -MARGIN, width + 2 * MARGIN, CARD_HEIGHT + 2 * MARGIN)

    @property
    def box(self) -> Box:
        """Where the card stands, without the room round it."""
        x, y = self.x(), self.y()
        return (x, y, x + self.width, y + CARD_HEIGHT)

    def set_content(self, layer: Layer, inferred: Inferred, problems: Sequence[Problem]) -> bool:
        """Show what is known of the layer now. Returns whether ports may have moved."""
        text = card_text(self.name, layer, inferred)
        problem = _gravest(problems)
        if text == self.text and problem == self.problem and layer is self.layer:
            return False
        before = (self.width, self.ports)
        self.prepareGeometryChange()
        self.layer, self.problem = layer, problem
        self._say(text)
        self.update()
        return (self.width, self.ports) != before

    def set_state(self, *, selected: bool | None = None, hovered: bool | None = None) -> None:
        """Show whether it is selected, and whether the pointer is over it."""
        state = (self.selected if selected is None else selected, self.hovered if hovered is None else hovered)
        if state != (self.selected, self.hovered):
            self.selected, self.hovered = state
            self.setZValue(3 if self.selected else 2)
            self.update()

    def set_lit(self, ports: frozenset[Port]) -> None:
        """Highlight these ports."""
        if ports != self.lit:
            self.lit = ports
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self._theme = theme
        self.update()

    def set_activity(self, value: float | None) -> None:
        """Show a figure from 0 to 1 as a thin line along the bottom, or none."""
        if value != self.activity:
            self.activity = value
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def badge_contains(self, point: QPointF) -> bool:
        """Whether a point of the scene is on the badge of the problem."""
        return self.problem is not None and self._badge().contains(self.mapFromScene(point))

    def _badge(self) -> QRectF:
        return QRectF(self.width - TEXT_RIGHT - BADGE, LINES[0] - BADGE / 2, BADGE, BADGE)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scale < SKETCH:
            self._paint_sketch(painter)
            return
        category = self._theme.category_color(self.layer.category)
        self._paint_card(painter, category)
        for port in self.ports:
            paint_port(painter, port, self._theme, lit=port in self.lit)
        if scale < DETAIL:
            self._paint_title_alone(painter, category)
        else:
            self._paint_lines(painter, category)

    def _frame_color(self) -> QColor:
        if self.selected:
            return self._theme.color("accent")
        if self.problem is not None:
            return self._theme.color(self.problem.severity.value)
        border = self._theme.color("node_border")
        return mixed(border, self._theme.color("muted"), 0.6) if self.hovered else border

    def _paint_sketch(self, painter: QPainter) -> None:
        outline = self._frame_color().name() if self.selected or self.problem is not None else ""
        category = self._theme.categories[category_key(self.layer.category)]
        pen, fill = _sketch(category, self._theme.colors["node"], outline)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(0, 0, self.width, CARD_HEIGHT), 8, 8)

    def _paint_card(self, painter: QPainter, category: QColor) -> None:
        radius = METRIC["radius_node"]
        card = QRectF(0, 0, self.width, CARD_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.selected:
            glow = self._theme.color("accent")
            glow.setAlphaF(0.28)
            painter.setBrush(glow)
            painter.drawRoundedRect(card.adjusted(-3.5, -3.5, 3.5, 3.5), radius + 3.5, radius + 3.5)
        elif not self._theme.dark:
            for spread, alpha in ((2.0, 10), (1.0, 16)):
                painter.setBrush(QColor(20, 30, 60, alpha))
                painter.drawRoundedRect(card.adjusted(-spread / 2, 1, spread / 2, 1 + spread), radius + 1, radius + 1)
        painter.setBrush(self._theme.color("node"))
        painter.drawRoundedRect(card, radius, radius)
        painter.fillPath(_bar(), category)
        if self.activity is not None:
            self._paint_activity(painter, category)
        emphatic = self.selected or self.problem is not None
        painter.setPen(QPen(self._frame_color(), 1.5 if emphatic else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 0.25 if emphatic else 0.5
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), radius, radius)
        if not self.selected:
            painter.fillPath(_bar(), category)

    def _paint_activity(self, painter: QPainter, category: QColor) -> None:
        reach = (self.width - TEXT_LEFT - TEXT_RIGHT) * min(max(self.activity or 0.0, 0.0), 1.0)
        line = QRectF(TEXT_LEFT, CARD_HEIGHT - 7, reach, 2)
        painter.setBrush(category)
        painter.drawRoundedRect(line, 1, 1)

    def _paint_lines(self, painter: QPainter, category: QColor) -> None:
        lines(layer_icon_name(self.layer), category.rgba()).render(painter, QRectF(TEXT_LEFT, LINES[0] - 8, 16, 16))
        right = self.width - TEXT_RIGHT
        if self.problem is not None:
            self._paint_badge(painter, self.problem.severity)
        title_right = right - (BADGE + 6 if self.problem is not None else 0)
        text, muted = self._theme.color("text"), self._theme.color("muted")
        _write(painter, self.text.title, title_font(), text, TITLE_LEFT, title_right, LINES[0])
        _write(painter, self.text.details, font("font_small"), muted, TEXT_LEFT, right, LINES[1])
        count_left = right
        if self.text.count:
            count_left -= metrics(shape_font()).horizontalAdvance(self.text.count)
            _write(painter, self.text.count, shape_font(), muted, count_left, right + 1, LINES[2])
        shape, color = (self.text.shape, text) if self.text.shape else ("–", muted)
        _write(painter, shape, shape_font(), color, TEXT_LEFT, count_left - 8, LINES[2])

    def _paint_title_alone(self, painter: QPainter, category: QColor) -> None:
        lines(layer_icon_name(self.layer), category.rgba()).render(painter, QRectF(TEXT_LEFT, 22, 32, 32))
        large = QFont(title_font())
        large.setPointSizeF(large.pointSizeF() * 1.5)
        _write(painter, self.text.title, large, self._theme.color("text"), 58, self.width - 8, CARD_HEIGHT / 2)

    def _paint_badge(self, painter: QPainter, severity: Severity) -> None:
        badge = self._badge()
        middle = badge.center()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(severity.value))
        painter.drawEllipse(badge)
        painter.setPen(QPen(self._theme.color("node"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if severity is Severity.ERROR:
            painter.drawLine(middle + QPointF(-2.6, -2.6), middle + QPointF(2.6, 2.6))
            painter.drawLine(middle + QPointF(2.6, -2.6), middle + QPointF(-2.6, 2.6))
        else:
            painter.drawLine(middle + QPointF(0, -4), middle + QPointF(0, 0.6))
            painter.drawPoint(middle + QPointF(0, 3.8))


def _gravest(problems: Sequence[Problem]) -> Problem | None:
    return min(problems, key=lambda p: p.severity is not Severity.ERROR, default=None)


def _write(painter: QPainter, text: str, face: QFont, color: QColor, left: float, right: float, middle: float) -> None:
    """One line of text round the height `middle`, cut short where it does not fit."""
    if not text or right <= left:
        return
    measures = metrics(face)
    fitting = measures.elidedText(text, Qt.TextElideMode.ElideRight, right - left)
    painter.setFont(face)
    painter.setPen(color)
    painter.drawText(QPointF(left, middle + (measures.ascent() - measures.descent()) / 2), fitting)


def _width(text: CardText, badge: bool) -> float:
    title = TITLE_LEFT + _advance("title", text.title) + TEXT_RIGHT + (BADGE + 6 if badge else 0)
    figures = _advance("shape", text.shape + text.count) + TEXT_LEFT + TEXT_RIGHT + 12
    needed = max(title, figures)
    return min(max(CARD_WIDTH, -(-needed // GRID) * GRID), WIDEST)


@lru_cache(maxsize=4096)
def _advance(face: Literal["title", "shape"], text: str) -> float:
    return metrics(title_font() if face == "title" else shape_font()).horizontalAdvance(text)


@lru_cache(maxsize=256)
def _sketch(category: str, card: str, outline: str) -> tuple[QPen, QBrush]:
    pen = QPen(QColor(outline), 10.0) if outline else QPen(QColor(category), 1.0)
    return pen, QBrush(mixed(QColor(category), QColor(card), 0.35))


@lru_cache(maxsize=1)
def _bar() -> QPainterPath:
    radius, width = METRIC["radius_node"], METRIC["node_bar"]
    whole, left = QPainterPath(), QPainterPath()
    whole.addRoundedRect(QRectF(0, 0, 4 * radius, CARD_HEIGHT), radius, radius)
    left.addRect(QRectF(0, 0, width, CARD_HEIGHT))
    return whole.intersected(left)


@lru_cache(maxsize=1)
def title_font() -> QFont:
    """The face of titles."""
    return font("font", bold=True)


@lru_cache(maxsize=1)
def shape_font() -> QFont:
    """The face of shapes and counts."""
    return fixed_font("font_small")


@lru_cache(maxsize=16)
def metrics(face: QFont) -> QFontMetricsF:
    """The measures of a face."""
    return QFontMetricsF(face)
