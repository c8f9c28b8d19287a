"""How far the samples are loaded, and what is wrong where they cannot be."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.data.source import DataSource, SourceState
from gui.parts import label
from gui.translate import tr_message

STEPS = 1000


class LoadingRow(QWidget):
    """A bar that can be cancelled while samples are loaded; the error and another try where that failed."""

    again_wanted = Signal()

    def __init__(self, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self.error = label("", "error", self, wrap=True)
        self.hint = label("", "muted", self, wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of loading"))
        self.cancel = self._button(self.tr("Cancel"))
        self.cancel.clicked.connect(source.cancel)
        self.again = self._button(self.tr("Load again"))
        self.again.clicked.connect(self.again_wanted)
        self._loading, self._failed = QWidget(self), QWidget(self)
        row = QHBoxLayout(self._loading)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row = QHBoxLayout(self._failed)
        row.setContentsMargins(0, 0, 0, 0)
        said = QVBoxLayout()
        said.addWidget(self.error)
        said.addWidget(self.hint)
        row.addLayout(said, 1)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._loading)
        column.addWidget(self._failed)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        problem, loading = self._source.problem, self._source.state is SourceState.LOADING
        self.setVisible(loading or problem is not None)
        self._loading.setVisible(loading)
        self._failed.setVisible(problem is not None)
        self.bar.setValue(round(self._source.part * STEPS))
        self.error.setText(tr_message(problem.text) if problem else "")
        self.hint.setText(tr_message(problem.hint) if problem else "")

    def _button(self, text: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        return made
