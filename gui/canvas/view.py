"""The canvas as a widget: it turns events into gestures and commands, and lays the overview over its cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from graph.layers import layers
from gui.canvas import keys
from gui.canvas.arranging import Arranger
from gui.canvas.canvas import Canvas
from gui.canvas.empty_state import EmptyState
from gui.canvas.geometry import around
from gui.canvas.gestures.driver import Driver
from gui.canvas.gestures.drop_layer import MIME, DropLayer
from gui.canvas.hovering import Hover
from gui.canvas.menus import menu_at
from gui.canvas.minimap import Minimap
from gui.canvas.renaming import rename
from gui.canvas.searching import search
from gui.canvas.tooltips import tooltip, wire_tooltip
from gui.canvas.wire_item import REACH
from gui.checks import Checks
from gui.document import Document
from gui.selection import Selection


class CanvasView(Canvas):
    """Where a network is wired.

    `template_requested(name)` comes from the buttons of the empty canvas; `zoom_changed(scale)` and
    `selection_changed()` are for the status bar and the menus. Commands are in `gui.canvas.commands`.
    """

    template_requested = Signal(str)

    def __init__(self, document: Document, checks: Checks, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(document, checks, selection, parent)
        self.arranger = Arranger(self)
        self._driver = Driver(self)
        self._drop: DropLayer | None = None
        self._hover = Hover(self)
        self.setAccessibleName(self.tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.minimap = Minimap(self)
        # In the viewport, so that what is dropped or double-clicked on its words reaches the canvas.
        self.empty = EmptyState(self.viewport())
        self.empty.template_requested.connect(self.template_requested)
        self.looked_elsewhere.connect(self.minimap.look_again)
        self.looked_elsewhere.connect(self._centre_empty)
        self.looked_elsewhere.connect(self._show_minimap)
        self.minimap_toggled.connect(self._show_minimap)
        self.layout_wanted.connect(self.arranger.start)
        self.network_leaving.connect(self._driver.cancel)
        self.followed.connect(self._on_followed)
        self.follow()
        self.motion.finish()
        self.show_selection()

    def _on_followed(self) -> None:
        self.empty.setVisible(not self.board.nodes)
        self._lay_overlays()

    # What lies over the paper.

    def _show_minimap(self) -> None:
        """It gives way where it would cover a card and there is nothing out of sight to look for."""
        at = self.mapToScene(self.minimap.geometry()).boundingRect()
        useful = bool(self.drawn.nodes)
        if useful and self.drawn.cards.near((at.left(), at.top(), at.right(), at.bottom())):
            box, seen = self.drawn.content_box(), self.visible_box()
            useful = box is not None and around([box, seen]) != seen
        self.minimap.setVisible(self.minimap_wanted and useful)

    def _lay_overlays(self) -> None:
        corner = self.rect().bottomRight() - QPoint(self.minimap.width() + 15, self.minimap.height() + 15)
        self.minimap.move(corner)
        self._show_minimap()
        self._centre_empty()

    def _centre_empty(self) -> None:
        room = self.viewport().rect()
        size = self.empty.sizeHint().boundedTo(room.size())
        self.empty.setGeometry(QRect(room.center() - QPoint(size.width(), size.height()) / 2, size))

    # Events.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_overlays()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._driver.busy:
            self.motion.finish()
            self._hover.leave()
            self._driver.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.last_seen = event.position().toPoint()
        if self._driver.busy:
            self._driver.move(event)
        elif not self.behind:
            self._hover.look(self._driver.pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._driver.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pointer = self._driver.pointer(event)
        node = self.board.node_at(pointer.scene)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if node is not None:
            self.select([node.name])
            rename(self, node.name)
        elif self.board.wire_at(pointer.scene, REACH / self.zoom) is None:
            search(self, (pointer.scene.x(), pointer.scene.y()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self.last_seen = None
            self._hover.leave()
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        point = self.mapToScene(event.pos())
        node, wire = self.board.node_at(point), self.board.wire_at(point, REACH / self.zoom)
        text = ""
        if node is not None:
            text = tooltip(node, self.checks.current)
        elif wire is not None:
            text = wire_tooltip(wire.wire, self.checks.current)
        QToolTip.showText(event.globalPos(), text, self.viewport())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._driver.busy:
            return
        names = [name for name in self.selection.names if name in self.board.nodes]
        point = self.mapToScene(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            node = self.board.nodes[names[0]] if names else None
            point = node.pos() + QPointF(24, 24) if node is not None else QPointF(*self.middle())
        menu = menu_at(self, point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(self.mapFromScene(point)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        key = (
            bytes(event.mimeData().data(MIME).data()).decode(errors="replace")
            if event.mimeData().hasFormat(MIME)
            else ""
        )
        if key not in layers:
            event.ignore()
            return
        event.acceptProposedAction()
        self._drop = DropLayer(self, key)
        self._drop.start(self._driver.pointer(event))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is not None:
            self._drop.move(self._driver.pointer(event))
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.finish(self._driver.pointer(event))
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_held = True
            self.viewport().setCursor(QCursor(Qt.CursorShape.OpenHandCursor))
        elif event.key() == Qt.Key.Key_Escape and self._driver.busy:
            self._driver.cancel()
        elif not self._driver.busy and not keys.press(self, event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_held = False
            self.viewport().unsetCursor()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        # Tab searches; Shift+Tab leaves the canvas.
        return False if forwards else super().focusNextPrevChild(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.space_held = False
        super().focusOutEvent(event)
