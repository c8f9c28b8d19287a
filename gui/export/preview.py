"""What a file would hold: its text, a picture, or a sentence about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QStackedWidget, QWidget

from engine.formats import Files
from gui.theme import fixed_font
from gui.training.background import Background

MOST_TEXT = 200_000
SMALLEST = QSize(320, 240)


class Preview(QStackedWidget):
    """Files are made in the background: `made(files)` follows, or `failed(error)`."""

    made = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._background.done.connect(self._on_made)
        self._background.failed.connect(self.failed)
        self.complete = False
        """Whether the whole text is shown."""
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font("font_small"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Preview"))
        self.text.setPlaceholderText(self.tr("Making the preview…"))
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setWordWrap(True)
        self.picture.setMinimumSize(160, 120)
        self.addWidget(self.text)
        self.addWidget(self.picture)

    def clear(self) -> None:
        """Show nothing."""
        self._background.cancel()
        self.complete = False
        self.text.clear()
        self.picture.clear()
        self.setCurrentWidget(self.picture)

    def show_files(self, make: Callable[[], Files]) -> None:
        """Show what `make` gives, which is asked for in the background: its text, or what it says of itself."""
        self.clear()
        self.setCurrentWidget(self.text)
        self._background.run(lambda _: make())

    def say(self, text: str) -> None:
        """Show a sentence."""
        self.clear()
        self.picture.setText(text)

    def show_picture(self, content: bytes) -> None:
        """Show a picture, a PNG or an SVG, as large as there is room."""
        self.clear()
        ratio = self.devicePixelRatioF()
        room = (self.size() * ratio).expandedTo(SMALLEST)
        fitting = drawn(content, room) if content.startswith(b"<svg") else painted(content, room)
        fitting.setDevicePixelRatio(ratio)
        self.picture.setPixmap(fitting)

    def _on_made(self, files: Files) -> None:
        text = files.summary or files.content.decode()
        self.complete = len(text) <= MOST_TEXT
        self.text.setPlainText(text[:MOST_TEXT] + ("" if self.complete else "\n…"))
        self.made.emit(files)

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()


def painted(png: bytes, room: QSize) -> QPixmap:
    """A picture of pixels in the size that fits into `room`."""
    whole = QPixmap()
    whole.loadFromData(png)
    return whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def drawn(svg: bytes, room: QSize) -> QPixmap:
    """A drawing on white paper, in the size that fits into `room`."""
    renderer = QSvgRenderer(svg)
    paper = QPixmap(renderer.defaultSize().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return paper
