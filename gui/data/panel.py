"""Where the samples come from, how they are prepared and split: everything about the data of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph import edits
from graph.datasets import CsvFile, Dataset, NpzFile, datasets
from graph.project import Project
from gui.checks import Checks
from gui.data.fit_row import FitRow
from gui.data.loading_row import LoadingRow
from gui.data.source import DataSource
from gui.data.source_list import FILES, SourceList
from gui.data.split_view import SplitView
from gui.data.summary import DataSummary
from gui.data.table_page import TablePage
from gui.document import Document
from gui.inspector.form import ParameterForm
from gui.parts import EmptyState, label, line


class DataPanel(QWidget):
    """Shows the data recipe of the document and sends edits of it."""

    def __init__(self, document: Document, checks: Checks, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._source = document, source
        self._turn = 0
        self.list = SourceList(self)
        self.list.chosen.connect(self._on_chosen)
        self.title = label("", "title", self)
        self.doc = label("", "muted", self, wrap=True)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Path of the data file"))
        self.path.setPlaceholderText(self.tr("Path of a .csv or .npz file"))
        self.path.editingFinished.connect(self._on_path)
        self.browse = QPushButton(self.tr("Choose…"), self)
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self.choose_file)
        self.form: ParameterForm | None = None
        self._form_place = QVBoxLayout()
        self.loading = LoadingRow(source, self)
        self.loading.again_wanted.connect(self._load_again)
        self.summary = DataSummary(self)
        self.fit = FitRow(document, checks, source, self)
        self.table = TablePage(self)
        self.table.edited.connect(self._set_columns)
        self.split = SplitView(document, source, self)
        self._pages = QStackedWidget(self)
        self._arrange()
        document.changed.connect(self._on_document)
        source.changed.connect(self.refresh)
        self.refresh()

    def _arrange(self) -> None:
        file_row = QHBoxLayout()
        file_row.addWidget(self.path, 1)
        file_row.addWidget(self.browse)
        self._file_row = QWidget(self)
        file_row.setContentsMargins(0, 0, 0, 0)
        self._file_row.setLayout(file_row)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for part in (self.title, self.doc, self._file_row):
            column.addWidget(part)
        column.addLayout(self._form_place)
        for part in (self.loading, self.summary, self.fit):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(line(self))
        column.addWidget(self.split)
        self._column = column
        empty = EmptyState(
            "data",
            self.tr("No data yet"),
            self.tr("Choose a data set on the left, or open a CSV or NPZ file of your own."),
            parent=self,
        )
        self._pages.addWidget(empty)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Chosen data"))
        scroll.setWidget(page)
        scroll.setMinimumWidth(page.minimumSizeHint().width())
        self._pages.addWidget(scroll)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        rule = line(self)
        rule.setProperty("role", "column")
        row.addWidget(rule)
        row.addWidget(self._pages, 1)

    # What the person does

    def choose_file(self) -> None:
        """Ask for a file, and take it as the data."""
        text = self.tr("Data (*.csv *.tsv *.txt *.npz);;All files (*)")
        start = str(self._source.base or "")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose data"), start, text)
        if path:
            self.open_file(Path(path))

    def open_file(self, path: Path) -> None:
        """Take a file as the data."""
        open_data_file(self._document, path)

    def _on_chosen(self, key: str) -> None:
        present = self._document.project.data.source
        if present is not None and present.key == key:
            return
        if datasets[key] in FILES:
            self.choose_file()
            self.list.select(self._document.project.data.source)
            return
        title = QCoreApplication.translate("graph", datasets[key].title)
        self._edit(self.tr("Use {name}").format(name=title), source=datasets.make(key), columns=())

    def _on_path(self) -> None:
        path = self.path.text().strip()
        source = self._document.project.data.source
        if path and path != getattr(source, "path", ""):
            self.open_file(Path(path))

    def _set_parameter(self, name: str, value: Any) -> None:
        source = self._document.project.data.source
        if source is not None:
            text = self.tr("Change {name} of the data").format(name=name)
            self._edit(text, ("data source", name, self._turn), source=source.with_(**{name: value}))

    def _set_columns(self, columns: object) -> None:
        self._edit(self.tr("Change the columns"), columns=columns)

    def _edit(self, text: str, merge: object = None, **changes: Any) -> None:
        self._document.edit(text, lambda project: edits.set_data(project, **changes), "data", merge)

    def _begin(self) -> None:
        self._turn += 1

    def _load_again(self) -> None:
        self.table.refresh()
        self._source.reload()

    # What is shown

    def _on_document(self, before: Project, after: Project, initiator: str) -> None:
        if after.data is not before.data:
            self.refresh()

    def refresh(self) -> None:
        """Show the recipe and how far its samples are."""
        recipe = self._document.project.data
        source = recipe.source
        self._pages.setCurrentIndex(0 if source is None else 1)
        self.list.select(source)
        if source is None:
            return
        self.title.setText(QCoreApplication.translate("graph", source.title))
        self.doc.setText(
            " ".join(filter(None, [QCoreApplication.translate("graph", source.doc()), self._credit(source)]))
        )
        is_file = isinstance(source, FILES)
        self._file_row.setVisible(is_file)
        if is_file and not self.path.hasFocus():
            self.path.setText(getattr(source, "path", ""))
        self._show_form(None if is_file else source)
        self.loading.refresh()
        self.summary.show_samples(self._source.samples)
        is_table = isinstance(source, CsvFile)
        self.table.setVisible(is_table)
        self._column.setStretchFactor(self.split, 0 if is_table else 1)
        if is_table:
            path = getattr(source, "path", "")
            self.table.show_file(path, self._source.base, recipe.columns, self._source.problem)
        self.split.refresh()

    def _credit(self, source: Dataset) -> str:
        return self.tr("Source: {credit}.").format(credit=source.credit) if source.credit else ""

    def _show_form(self, source: Dataset | None) -> None:
        fields = dict(source.parameters) if source is not None else {}
        if self.form is None or self.form.editors.keys() != fields.keys():
            if self.form is not None:
                self._form_place.removeWidget(self.form)
                self.form.hide()
                self.form.deleteLater()
            self.form = ParameterForm(fields, self)
            self.form.setMaximumWidth(360)
            self.form.edited.connect(self._set_parameter)
            self.form.begun.connect(self._begin)
            self._form_place.addWidget(self.form)
        if source is not None:
            self.form.show_values(source.config())

    def close_work(self) -> None:
        """Wait for threads, if any."""
        self.table.close_work()
        self.split.close_work()
        self.fit.close_work()


def open_data_file(document: Document, path: Path) -> None:
    """Make a CSV or NPZ file the data of the project; its path is kept relative to the project where it lies below."""
    base = document.path.parent if document.path else None
    stored = path
    if base is not None and path.is_absolute() and path.is_relative_to(base):
        stored = path.relative_to(base)
    source = NpzFile(path=str(stored)) if path.suffix.lower() == ".npz" else CsvFile(path=str(stored))
    text = QCoreApplication.translate("DataPanel", "Use {name}").format(name=path.name)
    document.edit(text, lambda project: edits.set_data(project, source=source, columns=()), "data")
