"""Search for a layer by name, category or what it does, at the pointer and by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from graph.layers import Layer
from graph.shapes import shape_text
from gui.canvas.suggestions import Suggestion
from gui.fuzzy import score
from gui.icons import layer_icon_name, pixmap
from gui.theme import current_theme, fixed_font, font, mixed

WIDTH, ROW, ROWS = 340, 44, 8


class SearchPopup(QFrame):
    """A field and a list. `chosen(key)` says which layer is wanted; Esc and a click elsewhere close it."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("search_popup")
        self.setAccessibleName(self.tr("Search layers"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._suggestions: Sequence[Suggestion] = ()
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search layers"))
        self.field.setAccessibleName(self.tr("Search layers"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Layers found"))
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.nothing = QLabel(self)
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(8, 8, 8, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        theme = current_theme()
        border, raised = theme.color("border").name(), theme.color("raised").name()
        self.setStyleSheet(
            f"#search_popup {{ background: {raised}; border: 1px solid {border}; border-radius: 6px; }}"
            "QListWidget { background: transparent; border: none; }"
        )
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)
        self.list.itemEntered.connect(self.list.setCurrentItem)

    def open_at(self, place: QPoint, suggestions: Sequence[Suggestion], typed: str = "") -> None:
        """Show these layers, in their order, with the upper left corner at a place of the screen."""
        self._suggestions = suggestions
        self.field.setText(typed)
        self._filter(typed)
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        left = min(max(place.x(), area.left()), area.right() - self.width())
        top = min(max(place.y(), area.top()), area.bottom() - self.height())
        self.move(left, top)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        rows = min(self.list.count(), ROWS)
        self.list.setFixedHeight(rows * ROW)
        self.setFixedSize(WIDTH, 8 + self.field.sizeHint().height() + 8 + (rows * ROW if rows else 56) + 8)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QEvent) -> None:
        self.closed.emit()

    def _on_key(self, event: QKeyEvent) -> bool:
        key, row, last = event.key(), self.list.currentRow(), self.list.count() - 1
        moves = {Qt.Key.Key_Down: row + 1, Qt.Key.Key_Up: row - 1, Qt.Key.Key_PageDown: row + ROWS}
        moves |= {Qt.Key.Key_PageUp: row - ROWS, Qt.Key.Key_Tab: row + 1, Qt.Key.Key_Backtab: row - 1}
        if key in moves:
            self.list.setCurrentRow(min(max(moves[Qt.Key(key)], 0), last))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentItem())
            return True
        return False

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            key: str = item.data(Qt.ItemDataRole.UserRole).layer.key
            self.close()
            self.chosen.emit(key)

    def _filter(self, typed: str) -> None:
        self.list.clear()
        for suggestion in found(typed, self._suggestions):
            item = QListWidgetItem(suggestion.layer.key)
            item.setData(Qt.ItemDataRole.UserRole, suggestion)
            item.setToolTip(suggestion.layer.doc())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        any_found = self.list.count() > 0
        self.list.setVisible(any_found)
        self.nothing.setVisible(not any_found)
        if not self._suggestions:
            self.nothing.setText(self.tr("No layer takes this."))
        else:
            text = self.tr("Nothing fits “{typed}”. Try a shorter word, such as “pool”.")
            self.nothing.setText(text.format(typed=typed))
        self._fit()


def found(typed: str, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions that match what was typed, the best first; names count more than categories and texts."""
    rated = []
    for place, suggestion in enumerate(suggestions):
        rating = rate(typed, suggestion.layer)
        if rating is not None:
            rated.append((-rating, place, suggestion))
    return [suggestion for *_, suggestion in sorted(rated, key=lambda one: one[:2])]


def rate(typed: str, layer: type[Layer]) -> float | None:
    """How well a layer matches what was typed, or None where it does not."""
    name = score(typed, layer.key)
    words = typed.lower().split()
    about = f"{layer.category} {layer.doc()}".lower()
    described = 5.0 if words and all(word in about for word in words) else None
    ratings = [rating for rating in (name, described) if rating is not None]
    return max(ratings, default=None)


class _Row(QStyledItemDelegate):
    """One layer in the list: its icon and name, what it does, and the shape it would give."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 32, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        suggestion: Suggestion = index.data(Qt.ItemDataRole.UserRole)
        theme, area = current_theme(), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mixed(theme.color("raised"), theme.color("accent"), 0.18))
            painter.drawRoundedRect(area, 6, 6)
        color = theme.category_color(suggestion.layer.category)
        drawn = pixmap(layer_icon_name(suggestion.layer), color, 16, painter.device().devicePixelRatioF())
        painter.drawPixmap(area.left() + 8, area.top() + 5, drawn)
        right = area.right() - 8
        if suggestion.verdict.shape is not None:
            painter.setFont(fixed_font("font_small"))
            painter.setPen(theme.color("muted"))
            shape = "→ " + shape_text(suggestion.verdict.shape)
            right -= painter.fontMetrics().horizontalAdvance(shape) + 8
            _line(painter, QRect(right + 8, area.top() + 3, area.right() - right, 20), shape)
        painter.setFont(font("font"))
        painter.setPen(theme.color("text"))
        _line(painter, QRect(area.left() + 32, area.top() + 3, right - area.left() - 32, 20), suggestion.layer.key)
        painter.setFont(font("font_small"))
        painter.setPen(theme.color("muted"))
        _line(painter, QRect(area.left() + 32, area.top() + 21, area.width() - 40, 20), suggestion.layer.doc())
        painter.restore()


def _line(painter: QPainter, area: QRect, text: str) -> None:
    fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)
