"""Says whether the network fits the data that is chosen, and offers a network that does."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from engine.data.samples import Samples
from engine.templates.base import Made
from engine.templates.tabular import fits, fitted
from graph.project import Project
from graph.recipe import DataRecipe
from gui.checks import Checks
from gui.data.source import DataSource
from gui.document import Document
from gui.parts import label
from gui.training.background import Background
from gui.translate import tr_message


class FitRow(QWidget):
    """Is there for tables only, and only while something about the network is not right.

    `fitted(text)` follows a network that was made, with what was assumed about the data.
    """

    fitted = Signal(str)

    def __init__(self, document: Document, checks: Checks, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks, self._source = document, checks, source
        self._recipe: DataRecipe | None = None
        self._background = Background(self)
        self._background.done.connect(self._on_made)
        self.text = label("", "muted", self, wrap=True)
        self.button = QPushButton(self.tr("Fit the network to this data"), self)
        self.button.setAutoDefault(False)
        self.button.setToolTip(
            self.tr("Put a network in its place whose inputs, outputs and losses are those of the table; can be undone")
        )
        self.button.clicked.connect(self.fit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        source.changed.connect(self.refresh)
        checks.changed.connect(lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Show what is to be said now."""
        samples, problems = self._source.samples, self._checks.current.problems
        empty = not self._document.project.network.layers
        due = empty or bool(problems)
        wanted = samples is not None and self._checks.facts is samples.facts and due and fits(samples)
        self.setVisible(wanted)
        if not wanted:
            return
        if empty:
            self.text.setText(self.tr("There is no network yet."))
        else:
            first = problems[0]
            where = f"{first.node}: " if first.node else ""
            self.text.setText(
                self.tr("The network does not fit. {problem}").format(problem=where + tr_message(first.text))
            )

    def fit(self) -> None:
        """Make a network for the samples, and put it in the place of the one there is."""
        samples, recipe = self._source.samples, self._document.project.data
        if samples is not None:
            self._recipe = recipe
            self._background.run(lambda _: _made(samples, recipe))

    def _on_made(self, made: Made) -> None:
        project, assumed = made
        if self._document.project.data is not self._recipe:
            return

        def put(before: Project) -> Project:
            fresh = replace(before, network=project.network, positions=project.positions, training=project.training)
            return replace(fresh, notes=project.notes)

        self._document.edit(self.tr("Fit the network to the data"), put, "data")
        self.fitted.emit("\n".join(map(tr_message, assumed)))

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()


def _made(samples: Samples, recipe: DataRecipe) -> Made:
    return fitted(samples, recipe, samples.notes)
