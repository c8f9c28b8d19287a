"""The canvas: the window onto the scene. It turns events into gestures, commands and the place that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice

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
    QPixmapCache,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from graph.layers import layers
from graph.network import Wire
from graph.project import Position, Project
from gui.canvas import keys
from gui.canvas.arranging import Arranger
from gui.canvas.empty_state import EmptyState
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, around
from gui.canvas.gestures.driver import Driver
from gui.canvas.gestures.drop_layer import MIME, DropLayer
from gui.canvas.hint import Hint
from gui.canvas.hovering import Hover
from gui.canvas.menus import menu_at
from gui.canvas.minimap import Minimap
from gui.canvas.motion import Motion
from gui.canvas.paper import Paper
from gui.canvas.renaming import rename
from gui.canvas.scene import CanvasScene
from gui.canvas.searching import search
from gui.canvas.tooltips import tooltip, wire_tooltip
from gui.canvas.wire_item import REACH
from gui.checks import Checks
from gui.document import Document
from gui.selection import Selection
from gui.theme import current_theme, theme_switch

CARD_CACHE = 65_536
"""Kilobytes for painted cards, so that panning paints none again."""
ME = "canvas"
"""What the canvas signs its edits and selections with."""


class CanvasView(Paper):
    """Where a network is wired.

    `template_requested(name)` comes from the buttons of the empty canvas; `zoom_changed(scale)` and
    `selection_changed()` are for the status bar and the menus. Commands are in `gui.canvas.commands`.
    """

    template_requested = Signal(str)
    selection_changed = Signal()

    def __init__(self, document: Document, checks: Checks, selection: Selection, parent: QWidget | None = None) -> None:
        self.board = CanvasScene(current_theme())
        super().__init__(self.board, parent)
        self.board.setParent(self)
        self.document = document
        self.checks = checks
        self.selection = selection
        self.selected_wires: tuple[Wire, ...] = ()
        self.space_held = False
        self.minimap_wanted = True
        self.last_seen: QPoint | None = None
        self.motion = Motion(self.board, self)
        self.arranger = Arranger(self)
        self._driver = Driver(self)
        self._drop: DropLayer | None = None
        self._hover = Hover(self)
        self.setAccessibleName(self.tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CARD_CACHE))
        self.hint = Hint(self)
        self.minimap = Minimap(self)
        # In the viewport, so that what is dropped or double-clicked on its words reaches the canvas.
        self.empty = EmptyState(self.viewport())
        self.empty.template_requested.connect(self.template_requested)
        self.looked_elsewhere.connect(self.minimap.look_again)
        self.looked_elsewhere.connect(self._centre_empty)
        self.looked_elsewhere.connect(self._show_minimap)
        checks.changed.connect(self._follow)
        document.changed.connect(self._follow)
        selection.changed.connect(self._on_selection)
        theme_switch().changed.connect(self._on_theme)
        self._follow()
        self.motion.finish()
        self.show_selection()

    # What the document, the selection and the theme say.

    def _follow(self, *_: object) -> None:
        # The check follows an edit before the document says that it changed; both come here, and the second finds
        # nothing left to do.
        project, check = self.document.project, self.checks.current
        if project is self.board.shown and check is self.board.check:
            return
        if self._driver.busy and project.network is not self.board.shown.network:
            self._driver.cancel()
        moved = self.board.follow(project, check)
        if moved:
            self.motion.begin(moved)
        self.selected_wires = tuple(wire for wire in self.selected_wires if wire in self.board.wires)
        self.show_selection()
        self.empty.setVisible(not self.board.nodes)
        self._lay_overlays()

    def _on_selection(self, names: tuple[str, ...], initiator: str) -> None:
        if initiator != ME:
            self.selected_wires = ()
            if initiator != "undo":
                self.reveal(names)
        self.show_selection()

    def _on_theme(self) -> None:
        self.board.set_theme(current_theme())
        self.viewport().update()

    def show_selection(self) -> None:
        """Show on cards and wires what is selected."""
        self.board.show_selection(self.selection.names, self.selected_wires)
        names = self.selection.names
        first = islice((self.board.nodes[name] for name in names if name in self.board.nodes), 3)
        self.setAccessibleDescription("\n".join(tooltip(node, self.checks.current) for node in first))
        self.selection_changed.emit()

    # What gestures and commands ask of the canvas.

    def edit(self, text: str, change: Callable[[Project], Project], merge: object = None) -> None:
        """Commit one edit."""
        self.document.edit(text, change, ME, merge)

    def select(self, names: Iterable[str], wires: Collection[Wire] = ()) -> None:
        """Select these layers and wires, and nothing else."""
        before, self.selected_wires = self.selection.names, tuple(wires)
        self.selection.set(names, ME)
        if self.selection.names == before:
            self.show_selection()

    def say(self, text: str) -> None:
        """Say why nothing happened, beside the pointer."""
        x, y = self.pointer_or_middle()
        QToolTip.showText(self.viewport().mapToGlobal(self.mapFromScene(QPointF(x, y))), text, self.viewport())

    def set_activity(self, name: str, value: float | None) -> None:
        """Show a figure from 0 to 1 as a thin line on a card while training, or none."""
        if name in self.board.nodes:
            self.board.nodes[name].set_activity(value)

    # Where the canvas is looked at.

    def fit(self, names: Collection[str] | None) -> None:
        """Show these cards, or all, as large as they fit."""
        box = self.board.content_box(names)
        if box is not None:
            self.show_box(box)

    def fit_when_settled(self) -> None:
        """Show all cards once those under way stand in their places, unless all are in sight as it is."""
        if self.motion.running:
            self.motion.settled.connect(self._fit_if_out_of_sight, Qt.ConnectionType.SingleShotConnection)
        else:
            self._fit_if_out_of_sight()

    def _fit_if_out_of_sight(self) -> None:
        box, seen = self.board.content_box(), self.visible_box()
        if box is not None and around([box, seen]) != seen:
            self.show_box(box)

    def reveal(self, names: Collection[str]) -> None:
        """Move as far as needed for these cards to be in sight."""
        box = self.board.content_box([name for name in names if name in self.board.nodes])
        if box is not None:
            self.reveal_box(box)

    def page_width(self) -> float:
        """The width a layout may take before it begins another row."""
        return max(self.viewport().width() - 80, 4 * CARD_WIDTH)

    def middle(self) -> Position:
        """Where a card in the middle of the window has its corner."""
        middle = self.mapToScene(self.viewport().rect().center())
        return (middle.x() - CARD_WIDTH / 2, middle.y() - CARD_HEIGHT / 2)

    def pointer_or_middle(self) -> Position:
        """The point of the canvas under the pointer, or the middle of the window."""
        place = self.last_seen if self.last_seen is not None else self.viewport().rect().center()
        point = self.mapToScene(place)
        return (point.x(), point.y())

    def show_minimap(self, wanted: bool) -> None:
        """Show or hide the overview."""
        self.minimap_wanted = wanted
        self._show_minimap()

    def _show_minimap(self) -> None:
        """It gives way where it would cover a card and there is nothing out of sight to look for."""
        at = self.mapToScene(self.minimap.geometry()).boundingRect()
        useful = bool(self.board.nodes)
        if useful and self.board.cards.near((at.left(), at.top(), at.right(), at.bottom())):
            box, seen = self.board.content_box(), self.visible_box()
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
        else:
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
