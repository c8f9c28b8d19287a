"""The canvas: the window onto the scene. It turns events into gestures, commands and the place that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
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
    QNativeGestureEvent,
    QPainter,
    QPixmapCache,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from graph import edits
from graph.layers import layers
from graph.network import Wire
from graph.project import Position, Project
from gui.canvas import keys
from gui.canvas.adding import add_after_selection, add_layer, add_wired
from gui.canvas.background import paint_dots
from gui.canvas.empty_state import EmptyState
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Box, inflated
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.choose import gesture_for
from gui.canvas.gestures.drop_layer import MIME, DropLayer
from gui.canvas.hint import Hint
from gui.canvas.inserting import Insertion
from gui.canvas.menus import menu_at
from gui.canvas.minimap import Minimap
from gui.canvas.motion import Motion
from gui.canvas.port_item import Port
from gui.canvas.rename_field import RenameField
from gui.canvas.scene import CanvasScene
from gui.canvas.suggestions import Suggestion, everything, fitting
from gui.canvas.tooltips import tooltip
from gui.canvas.wire_item import REACH, WireItem
from gui.checks import Checks
from gui.document import Document
from gui.search_popup import SearchPopup
from gui.selection import Selection
from gui.theme import current_theme, theme_switch

SMALLEST, LARGEST = 0.08, 3.0
PAPER = QRectF(-100_000, -100_000, 200_000, 200_000)
ME = "canvas"
"""What the canvas signs its edits and selections with."""


class CanvasView(QGraphicsView):
    """Where a network is wired.

    `template_requested(name)` comes from the buttons of the empty canvas, `zoom_changed(scale)` and
    `selection_changed()` are for the status bar and the menus. Commands are in `gui.canvas.commands`.
    """

    template_requested = Signal(str)
    zoom_changed = Signal(float)
    selection_changed = Signal()

    def __init__(self, document: Document, checks: Checks, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.checks = checks
        self.selection = selection
        self.selected_wires: tuple[Wire, ...] = ()
        self.space_held = False
        self.minimap_wanted = True
        self.board = CanvasScene(current_theme(), self)
        self.motion = Motion(self.board, self)
        self._gesture: Gesture | None = None
        self._drop: DropLayer | None = None
        self._hovered: WireItem | None = None
        self._last_seen: QPoint | None = None
        self._popup: SearchPopup | None = None
        self._set_up()
        self.hint = Hint(self)
        self.minimap = Minimap(self)
        self.empty = EmptyState(self)
        self.empty.template_requested.connect(self.template_requested)
        checks.changed.connect(self._follow)
        document.changed.connect(self._follow)
        selection.changed.connect(self._on_selection)
        theme_switch().changed.connect(self._on_theme)
        self._follow()
        self.motion.finish()
        self.show_selection()

    def _set_up(self) -> None:
        self.setScene(self.board)
        self.setSceneRect(PAPER)
        self.setAccessibleName(self.tr("Canvas"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.horizontalScrollBar().valueChanged.connect(self._looked_elsewhere)
        self.verticalScrollBar().valueChanged.connect(self._looked_elsewhere)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), 65_536))
        self.centerOn(QPointF(0, 0))

    # What the document, the selection and the theme say.

    def _follow(self, *_: object) -> None:
        # The check follows an edit before the document says that it changed; both come here, and the second finds
        # nothing left to do.
        project, check = self.document.project, self.checks.current
        if project is self.board.shown and check is self.board.check:
            return
        if self._gesture is not None and project.network is not self.board.shown.network:
            self._end_gesture()
        moved = self.board.follow(project, check)
        if moved:
            self.motion.begin(moved)
        self.selected_wires = tuple(wire for wire in self.selected_wires if wire in self.board.wires)
        self._hovered = None
        self.show_selection()
        self.empty.setVisible(not self.board.nodes)
        self.minimap.setVisible(self.minimap_wanted and bool(self.board.nodes))
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
        said = [tooltip(self.board.nodes[name], self.checks.current) for name in names if name in self.board.nodes]
        self.setAccessibleDescription("\n".join(said[:3]))
        self.selection_changed.emit()

    # What gestures and commands ask of the canvas.

    def edit(self, text: str, change: Callable[[Project], Project], merge: object = None) -> None:
        """Commit one edit."""
        self.document.edit(text, change, ME, merge)

    def select(self, names: Iterable[str], wires: Collection[Wire] = ()) -> None:
        """Select these layers and wires, and nothing else."""
        self.selected_wires = tuple(wires)
        self.selection.set(names, ME)
        self.show_selection()

    def say(self, text: str) -> None:
        """Say why nothing happened, beside the pointer."""
        x, y = self.pointer_or_middle()
        QToolTip.showText(self.viewport().mapToGlobal(self.mapFromScene(QPointF(x, y))), text, self.viewport())

    def set_activity(self, name: str, value: float | None) -> None:
        """Show a figure from 0 to 1 as a thin line on a card while training, or none."""
        if name in self.board.nodes:
            self.board.nodes[name].set_activity(value)

    def rename(self, name: str) -> None:
        """Let a name be typed on its card."""
        node = self.board.nodes[name]
        corner = self.viewport().mapTo(self, self.mapFromScene(QPointF(node.x() + 4, node.y() + 4)))
        width = max(round((node.width - 8) * self.zoom), 160)
        field = RenameField(self, self.hint, name, set(self.board.nodes), QRect(corner.x(), corner.y(), width, 28))
        field.named.connect(self._rename)
        field.closed.connect(self.setFocus)

    def _rename(self, old: str, new: str) -> None:
        text = self.tr("Rename {old} to {new}").format(old=old, new=new)
        self.edit(text, partial(edits.rename, old=old, new=new))
        self.select([new])

    # Searching for a layer.

    def search(self, place: Position | None = None) -> None:
        """Search among all layers; the chosen one goes behind the selected layer, or to `place`."""
        suggestions = everything()
        names = self.selection.names
        if place is None and len(names) == 1 and names[0] in self.board.nodes:
            first = fitting(self.document.project, self.checks.current.inference, names[0])
            known = {suggestion.layer for suggestion in first}
            suggestions = [*first, *(s for s in suggestions if s.layer not in known)]

        def add(key: str) -> None:
            layer = layers.make(key)
            if place is None:
                self.reveal([add_after_selection(self, layer)])
            else:
                add_layer(self, layer, (place[0] - CARD_WIDTH / 2, place[1] - CARD_HEIGHT / 2))

        at = QPointF(*place) if place is not None else QPointF(*self.pointer_or_middle())
        self._open_popup(at, suggestions, add)

    def search_for_wire(self, name: str, port: Port, pointer: Pointer) -> None:
        """Search for a layer to put at the free end of a wire."""
        suggestions = fitting(self.document.project, self.checks.current.inference, name, port)
        x, y = pointer.scene.x(), pointer.scene.y()
        corner = (x if port.side == "output" else x - CARD_WIDTH, y - CARD_HEIGHT / 2)
        self._open_popup(pointer.scene, suggestions, lambda key: add_wired(self, layers.make(key), name, port, corner))

    def search_for_insertion(self, wire: Wire) -> None:
        """Search for a layer to put into a wire."""
        suggestions = fitting(self.document.project, self.checks.current.inference, wire.source)
        middle = self.board.wires[wire].middle()
        corner = (middle.x() - CARD_WIDTH / 2, middle.y() - CARD_HEIGHT / 2)

        def add(key: str) -> None:
            layer = layers.make(key)
            insertion = Insertion(self, layer)
            add_layer(self, layer, corner, lambda project, name: insertion.made(project, wire, name))

        inner = [s for s in suggestions if s.layer.inputs and s.layer.outputs]
        self._open_popup(middle, inner, add)

    def _open_popup(self, at: QPointF, suggestions: list[Suggestion], choose: Callable[[str], object]) -> None:
        popup = SearchPopup(self)
        popup.chosen.connect(choose)
        popup.closed.connect(self.setFocus)
        popup.open_at(self.viewport().mapToGlobal(self.mapFromScene(at)), suggestions)

    # Where the canvas is looked at.

    @property
    def zoom(self) -> float:
        """Pixels to a unit of the canvas."""
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
        self._looked_elsewhere()
        self.zoom_changed.emit(scale)

    def scroll_by(self, across: int, down: int) -> None:
        """Look further to the right and further down, in pixels."""
        for bar, way in ((self.horizontalScrollBar(), across), (self.verticalScrollBar(), down)):
            bar.setValue(bar.value() + way)

    def fit(self, names: Collection[str] | None) -> None:
        """Show these cards, or all, as large as they fit and not above 100 %."""
        box = self.board.content_box(names)
        if box is None:
            return
        left, top, right, bottom = inflated(box, 40)
        room = self.viewport().size()
        self.set_zoom(min(room.width() / (right - left), room.height() / (bottom - top), 1.0))
        self.centerOn((left + right) / 2, (top + bottom) / 2)

    def fit_when_settled(self) -> None:
        """Show all cards once those under way stand in their places, unless all are in sight as it is."""
        box, seen = self.board.content_box(), self.visible_box()

        def settled() -> None:
            box, seen = self.board.content_box(), self.visible_box()
            if box is not None and not (
                seen[0] <= box[0] and seen[1] <= box[1] and box[2] <= seen[2] and box[3] <= seen[3]
            ):
                self.fit(None)

        if self.motion.running:
            self.motion.settled.connect(settled, Qt.ConnectionType.SingleShotConnection)
        elif box is not None and seen is not None:
            settled()

    def reveal(self, names: Collection[str]) -> None:
        """Move as far as needed for these cards to be in sight."""
        box = self.board.content_box([name for name in names if name in self.board.nodes])
        if box is not None:
            left, top, right, bottom = box
            self.ensureVisible(QRectF(left, top, right - left, bottom - top), 40, 40)

    def visible_box(self) -> Box:
        """The part of the canvas in the window."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        return (seen.left(), seen.top(), seen.right(), seen.bottom())

    def page_width(self) -> float:
        """The width a layout may take before it begins another row."""
        return max(self.viewport().width() - 80, 4 * CARD_WIDTH)

    def middle(self) -> Position:
        """Where a card in the middle of the window has its corner."""
        middle = self.mapToScene(self.viewport().rect().center())
        return (middle.x() - CARD_WIDTH / 2, middle.y() - CARD_HEIGHT / 2)

    def pointer_or_middle(self) -> Position:
        """The point of the canvas under the pointer, or the middle of the window."""
        place = self._last_seen if self._last_seen is not None else self.viewport().rect().center()
        point = self.mapToScene(place)
        return (point.x(), point.y())

    def show_minimap(self, wanted: bool) -> None:
        """Show or hide the overview."""
        self.minimap_wanted = wanted
        self.minimap.setVisible(wanted and bool(self.board.nodes))

    def _looked_elsewhere(self) -> None:
        self.minimap.look_again()

    def _lay_overlays(self) -> None:
        corner = self.rect().bottomRight() - QPoint(self.minimap.width() + 15, self.minimap.height() + 15)
        self.minimap.move(corner)
        size = self.empty.sizeHint().boundedTo(self.size())
        self.empty.setGeometry(QRect((self.rect().center() - QPoint(size.width(), size.height()) / 2), size))

    # Events.

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_dots(painter, QRectF(rect), self.board.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_overlays()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            return
        self.motion.finish()
        pointer = self._pointer(event)
        self._gesture = gesture_for(self, pointer, event.button())
        if self._gesture is not None:
            self._gesture.start(pointer)
            if self._gesture.cursor is not None:
                self.viewport().setCursor(self._gesture.cursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._last_seen = event.position().toPoint()
        if self._gesture is not None:
            self._gesture.move(self._pointer(event))
        else:
            self._hover(self._pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.finish(self._pointer(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event)
        node = self.board.node_at(pointer.scene)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if node is not None:
            self.select([node.name])
            self.rename(node.name)
        elif self.board.wire_at(pointer.scene, REACH / self.zoom) is None:
            self.search((pointer.scene.x(), pointer.scene.y()))

    def _end_gesture(self) -> None:
        gesture, self._gesture = self._gesture, None
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.cancel()

    def _pointer(self, event: QMouseEvent | QDropEvent) -> Pointer:
        at = event.position().toPoint()
        when = event.timestamp() / 1000 if isinstance(event, QMouseEvent) else 0.0
        return Pointer(self.mapToScene(at), at, event.modifiers(), when)

    def _hover(self, pointer: Pointer) -> None:
        node = self.board.node_at(pointer.scene)
        port = self.board.port_at(pointer.scene, REACH + 3)
        wire = None if node is not None or port is not None else self.board.wire_at(pointer.scene, REACH / self.zoom)
        for name, item in self.board.nodes.items():
            if item.hovered or item is node:
                item.set_state(hovered=item is node)
            if item.lit or (port is not None and port[0].name == name):
                item.set_lit(frozenset([port[1]]) if port is not None and port[0] is item else frozenset())
        if wire is not self._hovered:
            if self._hovered is not None:
                self._hovered.set_state(hovered=False)
            if wire is not None:
                wire.set_state(hovered=True)
            self._hovered = wire
        shape = Qt.CursorShape.CrossCursor if port is not None else Qt.CursorShape.PointingHandCursor
        if self.space_held:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif port is not None or wire is not None:
            self.viewport().setCursor(shape)
        else:
            self.viewport().unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        scrolls = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if scrolls and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.scroll_by(-event.pixelDelta().x(), -event.pixelDelta().y())
        else:
            turned = event.angleDelta().y() or event.angleDelta().x()
            self.set_zoom(self.zoom * 1.0015**turned, event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
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
        if event.type() == QEvent.Type.Leave:
            self._last_seen = None
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        node = self.board.node_at(self.mapToScene(event.pos()))
        text = tooltip(node, self.checks.current) if node is not None else ""
        QToolTip.showText(event.globalPos(), text, self.viewport())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            names = [name for name in self.selection.names if name in self.board.nodes]
            box = self.board.cards.boxes[names[0]] if names else None
            point = QPointF(box[0] + 24, box[1] + 24) if box is not None else QPointF(*self.middle())
            place = self.viewport().mapToGlobal(self.mapFromScene(point))
        else:
            point, place = self.mapToScene(event.pos()), event.globalPos()
        menu = menu_at(self, point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        key = bytes(event.mimeData().data(MIME).data()).decode() if event.mimeData().hasFormat(MIME) else ""
        if key not in layers:
            event.ignore()
            return
        event.acceptProposedAction()
        self._drop = DropLayer(self, key)
        self._drop.start(self._pointer(event))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._drop is not None:
            self._drop.move(self._pointer(event))
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        drop, self._drop = self._drop, None
        if drop is not None:
            drop.finish(self._pointer(event))
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_held = True
            self.viewport().setCursor(QCursor(Qt.CursorShape.OpenHandCursor))
        elif event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self._end_gesture()
        elif self._gesture is None and not keys.press(self, event):
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
