"""The button that saves curves, as a picture, a drawing or a table; what goes wrong is said in a label beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QToolButton, QWidget

from graph.problem import FileProblem
from gui.icons import icon
from gui.plots.title import Title
from gui.theme import theme_switch
from gui.translate import tr_message


class SaveCurves(QToolButton):
    """Asks where to, and calls `write(path)`, which may raise FileProblem. `said` is hidden while all is well."""

    def __init__(self, name: str, write: Callable[[Path], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._write = name, write
        self.setToolTip(self.tr("Save the curves as PNG, SVG or CSV"))
        self.setAccessibleName(self.tr("Save the curves"))
        self.said = Title("", parent)
        self.said.setProperty("role", "error")
        self.said.hide()
        self.clicked.connect(self.ask_and_save)
        theme_switch().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icon("export", "muted"))

    def ask_and_save(self) -> None:
        """Ask where to, and save the curves there."""
        text = self.tr("Picture (*.png);;Drawing (*.svg);;Table (*.csv)")
        path, chosen = QFileDialog.getSaveFileName(self, self.tr("Save the curves"), f"{self._name}.png", text)
        if path:
            target = Path(path)
            self.save(target if target.suffix else target.with_suffix(chosen[-5:-1]))

    def save(self, path: Path) -> None:
        """Save the curves."""
        try:
            self._write(path)
        except FileProblem as problem:
            self.said.setText(f"{tr_message(problem.text)} {tr_message(problem.hint)}")
            self.said.show()
            self.said.setToolTip(self.said.text())
        else:
            self.said.hide()
