"""The canvas as gestures, commands and menus know it: what it shows, and what they may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QToolTip, QWidget

from graph.network import Wire
from graph.project import Position, Project
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, around
from gui.canvas.hint import Hint
from gui.canvas.motion import Motion
from gui.canvas.paper import Paper
from gui.canvas.scene import CanvasScene
from gui.canvas.tooltips import tooltip
from gui.checks import Checks
from gui.document import Document
from gui.selection import Selection
from gui.slices import MANY, SOON, Slices
from gui.theme import current_theme, theme_switch

CARD_CACHE = 65_536
"""Kilobytes for painted cards, so that panning paints none again."""
ME = "canvas"
"""What the canvas signs its edits and selections with."""


class Canvas(Paper):
    """A paper with the cards and wires of the document, which follows the document, the checks and the selection.

    `selection_changed()` is for the menus, `followed()` comes after cards and wires have changed, and
    `network_leaving()` before they are those of another network. `layout_wanted()` and `minimap_toggled()` are asked
    for by commands.
    """

    selection_changed = Signal()
    network_leaving = Signal()
    followed = Signal()
    layout_wanted = Signal()
    minimap_toggled = Signal()

    def __init__(self, document: Document, checks: Checks, selection: Selection, parent: QWidget | None = None) -> None:
        self._board = CanvasScene(current_theme())
        super().__init__(self._board, parent)
        self._board.setParent(self)
        self._following = Slices(self)
        self._following.done.connect(self._on_shown)
        self._moved: Mapping[str, Position] = {}
        self.document = document
        self.checks = checks
        self.selection = selection
        self.selected_wires: tuple[Wire, ...] = ()
        self.copied: tuple[str, Project] | None = None
        self.space_held = False
        self.minimap_wanted = True
        self.last_seen: QPoint | None = None
        self.motion = Motion(self._board, self)
        self.hint = Hint(self)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CARD_CACHE))
        checks.changed.connect(self.follow)
        document.changed.connect(self.follow)
        selection.changed.connect(self._on_selection)
        theme_switch().changed.connect(self._on_theme)

    # What the document, the selection and the theme say.

    @property
    def board(self) -> CanvasScene:
        """The cards and wires, as the document is now."""
        self._catch_up()
        return self._board

    @property
    def drawn(self) -> CanvasScene:
        """The cards and wires as far as they have come, for those who only paint."""
        return self._board

    @property
    def behind(self) -> bool:
        """Whether cards and wires are still to come; asking for the `board` then brings all at once."""
        return self._following.busy

    def follow(self, *_: object) -> None:
        """Show the document as it is now; where many cards come or go, in slices between the events that come."""
        # The check follows an edit before the document says that it changed; both come here, and the second finds
        # nothing left to do.
        if self._up_to_date:
            return
        if self.document.project.network is not self._board.shown.network:
            self.network_leaving.emit()
            self._paint_later()
        if not self.behind:
            self._following.run(self._show_document())
            if not self.isVisible() or self._coming_or_going() <= MANY:
                self._catch_up()

    @property
    def _up_to_date(self) -> bool:
        return self.document.project is self._board.shown and self.checks.current is self._board.check

    def _coming_or_going(self) -> int:
        layers, nodes = self.document.project.network.layers, self._board.nodes
        fresh = sum(name not in nodes or nodes[name].layer is not layer for name, layer in layers.items())
        return fresh + len(nodes.keys() - layers.keys())

    def _show_document(self) -> Iterator[None]:
        self._moved = yield from self._board.follow(self.document.project, self.checks.current)

    def _catch_up(self) -> None:
        while self.behind:
            self._following.finish()

    def _on_shown(self) -> None:
        if self._moved:
            self.motion.begin(self._moved)
        if not self._up_to_date:
            self._following.run(self._show_document())
            return
        QTimer.singleShot(SOON, self, self._paint)
        self.selected_wires = tuple(wire for wire in self.selected_wires if wire in self._board.wires)
        self.show_selection()
        self.followed.emit()

    def _on_selection(self, names: tuple[str, ...], initiator: str) -> None:
        if initiator != ME:
            self.selected_wires = ()
            if initiator != "undo":
                self.reveal(names)
        self._paint_later()
        self.show_selection()

    def _on_theme(self) -> None:
        self._board.set_theme(current_theme())
        self._paint_later()
        self.viewport().update()

    def _paint_later(self) -> None:
        if max(len(self._board.nodes), len(self.document.project.network.layers)) > MANY:
            self.viewport().setUpdatesEnabled(False)
            QTimer.singleShot(SOON, self, self._paint)

    def _paint(self) -> None:
        if not self.behind:
            self.viewport().setUpdatesEnabled(True)

    def show_selection(self) -> None:
        """Show on cards and wires what is selected."""
        self._board.show_selection(self.selection.names, self.selected_wires)
        names = self.selection.names
        first = islice((self._board.nodes[name] for name in names if name in self._board.nodes), 3)
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
        if self.behind:
            self.followed.connect(lambda: self.fit(names), Qt.ConnectionType.SingleShotConnection)
            return
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
        box = self._board.content_box([name for name in names if name in self._board.nodes])
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
        self.minimap_toggled.emit()
