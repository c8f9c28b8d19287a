"""How the samples are split into training, validation and test, with the counts of every class."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.data.prepare import class_counts, divided
from engine.data.problem import DataProblem, Progress
from engine.data.samples import Samples
from graph import edits
from graph.recipe import DataRecipe
from gui.data.source import DataSource
from gui.document import Document
from gui.inspector.form import ParameterForm
from gui.inspector.sections import heading
from gui.parts import label
from gui.plots.bars import Bar, Bars, color_of
from gui.theme import theme_switch
from gui.training.background import Background
from gui.translate import tr_message

FIELDS = ("validation", "test", "seed", "standardize")
PART_COLORS: dict[str, int | str] = {"training": 0, "validation": 1, "test": 2}
MOST_CLASSES = 100


class SplitView(QWidget):
    """The split's form on the left, the classes as bars on the right. Counts in the background."""

    def __init__(self, document: Document, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._source = document, source
        self._turn = 0
        self._counted: tuple[object, ...] = ()
        self._samples: Samples | None = None
        self._background = Background(self)
        self._background.done.connect(self._show_counts)
        self._background.failed.connect(self._show_error)
        self.form = ParameterForm({name: DataRecipe.parameters[name] for name in FIELDS}, self)
        self.form.edited.connect(self._set)
        self.form.begun.connect(self._begin)
        self.form.setFixedWidth(280)
        self.sizes = QLabel(self)
        self.sizes.setTextFormat(Qt.TextFormat.RichText)
        self.sizes.setWordWrap(True)
        self.error = label("", "error", self, wrap=True)
        self.bars = Bars(self.tr("Samples of each class"), self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(self.tr("Samples of each class"))
        self._scroll.setWidget(self.bars)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(heading(self.tr("Split"), self))
        left.addWidget(self.form)
        left.addStretch(1)
        right.addWidget(heading(self.tr("Samples of each class"), self))
        right.addWidget(self.sizes)
        right.addWidget(self.error)
        right.addWidget(self._scroll, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.setMinimumHeight(208)
        theme_switch().changed.connect(self._recount)
        self.refresh()

    def _begin(self) -> None:
        self._turn += 1

    def _set(self, name: str, value: Any) -> None:
        text = self.tr("Change {name} of the data").format(name=name)
        merge = ("split", name, self._turn)
        self._document.edit(text, lambda project: edits.set_data(project, **{name: value}), "data", merge)

    def refresh(self) -> None:
        """Show the split of the recipe."""
        self.form.show_values(self._document.project.data.config())
        self._count()

    def _recount(self) -> None:
        self._count(force=True)

    def _count(self, force: bool = False) -> None:
        samples, recipe = self._source.samples, self._document.project.data
        wanted = (recipe.validation, recipe.test, recipe.seed)
        if samples is self._samples and wanted == self._counted and not force:
            return
        self._samples, self._counted = samples, wanted
        self.error.hide()
        if samples is None:
            self._background.cancel()
            self.sizes.clear()
            self.bars.show_bars(())
            return
        self._background.run(lambda progress: counts(samples, recipe, progress))

    def _show_counts(self, found: tuple[dict[str, int], list[Bar]]) -> None:
        sizes, bars = found
        names = {"training": self.tr("training"), "validation": self.tr("validation"), "test": self.tr("test")}
        parts = [
            f'<span style="color:{color_of(PART_COLORS[part]).name()}">■</span>&nbsp;{names[part]}&nbsp;{count:,}'
            for part, count in sizes.items()
        ]
        self.sizes.setText("&nbsp;&nbsp; ".join(parts))
        self.bars.show_bars(bars)
        self._scroll.setVisible(bool(bars))

    def _show_error(self, error: Exception) -> None:
        text = f"{tr_message(error.text)} {tr_message(error.hint)}" if isinstance(error, DataProblem) else str(error)
        self.sizes.clear()
        self.bars.show_bars(())
        self.error.setText(text)
        self.error.show()

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()


def counts(samples: Samples, recipe: DataRecipe, progress: Progress) -> tuple[dict[str, int], list[Bar]]:
    """How many samples each part has, and a bar for each class of the first target that has any."""
    parts = divided(samples, recipe)
    sizes = {"training": len(parts.training), "validation": len(parts.validation), "test": len(parts.test)}
    by_target = class_counts(samples, parts)
    bars: list[Bar] = []
    for target, by_part in by_target.items():
        for place, name in enumerate(samples.facts.targets[target].classes[:MOST_CLASSES]):
            pieces = tuple((float(by_part[part][place]), PART_COLORS[part]) for part in sizes)
            label_text = name if len(by_target) == 1 else f"{target}: {name}"
            bars.append(Bar(label_text, pieces, f"{sum(int(length) for length, _ in pieces):,}"))
    return sizes, bars
