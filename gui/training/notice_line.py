"""What a person should know of a run that goes on all the same, such as that it cannot be kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.events import Notice
from gui.icons import pixmap
from gui.parts import label
from gui.theme import theme_switch
from gui.translate import tr_message

ICON = 16


class NoticeLine(QWidget):
    """A drawing and the newest notice, with how to mend it; its tip has those before, too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(self)
        self.text = label("", "muted", self, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        theme_switch().changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Show the last of these; nothing where there are none."""
        said = [f"{tr_message(notice.text)} {tr_message(notice.hint)}" for notice in notices]
        newest = said[-1] if said else ""
        if newest != self.text.text():
            self.text.setText(newest)
            self.setToolTip("\n".join(said))
            self.setAccessibleName(newest)
        self.setVisible(bool(said))

    def _draw(self) -> None:
        self._picture.setPixmap(pixmap("warning", "warning", ICON, self.devicePixelRatioF()))
