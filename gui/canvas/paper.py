"""An endless paper that is panned, zoomed and fitted to what stands on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from gui.canvas.background import paint_dots
from gui.canvas.geometry import Box, inflated
from gui.theme import current_theme

SMALLEST, LARGEST = 0.08, 3.0
PAPER = QRectF(-100_000, -100_000, 200_000, 200_000)
WHEEL = 1.0015
"""How much one unit of the wheel enlarges; a notch has 120 of them."""


class Paper(QGraphicsView):
    """The base of the canvas: where it is looked at. `looked_elsewhere` follows every change of that."""

    zoom_changed = Signal(float)
    looked_elsewhere = Signal()

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.setSceneRect(PAPER)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.horizontalScrollBar().valueChanged.connect(self.looked_elsewhere)
        self.verticalScrollBar().valueChanged.connect(self.looked_elsewhere)
        self.centerOn(0, 0)

    @property
    def zoom(self) -> float:
        """Pixels to a unit of the paper."""
        return float(self.transform().m11())

    def set_zoom(self, scale: float, anchor: QPoint | None = None) -> None:
        """Zoom so that what is under `anchor`, or in the middle, stays where it is."""
        scale = min(max(scale, SMALLEST), LARGEST)
        anchor = anchor if anchor is not None else self.viewport().rect().center()
        before = self.mapToScene(anchor)
        self.resetTransform()
        self.scale(scale, scale)
        way = self.mapFromScene(before) - anchor
        self.scroll_by(way.x(), way.y())
        self.looked_elsewhere.emit()
        self.zoom_changed.emit(scale)

    def scroll_by(self, across: int, down: int) -> None:
        """Look further to the right and further down, in pixels."""
        for bar, way in ((self.horizontalScrollBar(), across), (self.verticalScrollBar(), down)):
            bar.setValue(bar.value() + way)

    def show_box(self, box: Box) -> None:
        """Show a part of the paper as large as it fits, and not above 100 %."""
        left, top, right, bottom = inflated(box, 40)
        room = self.viewport().size()
        self.set_zoom(min(room.width() / (right - left), room.height() / (bottom - top), 1.0))
        self.centerOn((left + right) / 2, (top + bottom) / 2)

    def reveal_box(self, box: Box) -> None:
        """Move as far as needed for a part of the paper to be in sight."""
        left, top, right, bottom = box
        self.ensureVisible(QRectF(left, top, right - left, bottom - top), 40, 40)

    def visible_box(self) -> Box:
        """The part of the paper in the window."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        return (seen.left(), seen.top(), seen.right(), seen.bottom())

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_dots(painter, QRectF(rect), current_theme())

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A touchpad scrolls by pixels and in phases, and pans; a wheel has notches, and zooms.
        scrolls = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if scrolls and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.scroll_by(-event.pixelDelta().x(), -event.pixelDelta().y())
        else:
            turned = event.angleDelta().y() or event.angleDelta().x()
            self.set_zoom(self.zoom * WHEEL**turned, event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom * (1 + event.value()), event.position().toPoint())
            return True
        if event.type() == QEvent.Type.Gesture:
            pinch = event.gesture(Qt.GestureType.PinchGesture)  # type: ignore[attr-defined]
            if pinch is not None:
                at = self.viewport().mapFromGlobal(pinch.centerPoint().toPoint())
                self.set_zoom(self.zoom * pinch.scaleFactor(), at)
            return True
        return super().viewportEvent(event)
