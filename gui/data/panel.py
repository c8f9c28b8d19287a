"""Where the samples come from, how they are prepared and split: everything about the data of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph import edits
from graph.datasets import CsvFile, Dataset, Generated, NpzFile, Reviews, datasets
from graph.project import Project
from gui.checks import Checks
from gui.data.source import DataSource, SourceState
from gui.data.split_view import SplitView
from gui.data.summary import DataSummary
from gui.data.table_page import TablePage
from gui.document import Document
from gui.inspector.form import ParameterForm
from gui.parts import EmptyState, label, line
from gui.translate import tr_message

FILES = (CsvFile, NpzFile)


class DataPanel(QWidget):
    """Shows the data recipe of the document and sends edits of it."""

    def __init__(self, document: Document, checks: Checks, source: DataSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._source = document, source
        self._turn = 0
        self.list = self._list()
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
        self.error = label("", "error", self, wrap=True)
        self.error_hint = label("", "muted", self, wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of loading"))
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(source.cancel)
        self.again = QPushButton(self.tr("Load again"), self)
        self.again.setAutoDefault(False)
        self.again.clicked.connect(self._load_again)
        self.summary = DataSummary(self)
        self.table = TablePage(self)
        self.table.edited.connect(self._set_columns)
        self.split = SplitView(document, source, self)
        self._pages = QStackedWidget(self)
        self._arrange()
        document.changed.connect(self._on_document)
        source.changed.connect(self.refresh)
        self.refresh()

    def _list(self) -> QListWidget:
        made = QListWidget(self)
        made.setAccessibleName(self.tr("Data sets"))
        made.setFixedWidth(200)
        made.setViewportMargins(8, 8, 8, 8)
        groups = (
            (self.tr("Your own"), [d for d in datasets if d in FILES]),
            (self.tr("Shipped"), [d for d in datasets if not issubclass(d, Generated | Reviews) and d not in FILES]),
            (self.tr("Generated"), [d for d in datasets if issubclass(d, Generated | Reviews)]),
        )
        for name, group in groups:
            head = QListWidgetItem(name.upper(), made)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setSizeHint(QSize(0, 32))
            head.setTextAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
            for declared in group:
                item = QListWidgetItem(QCoreApplication.translate("graph", declared.title), made)
                item.setData(Qt.ItemDataRole.UserRole, declared.key)
                item.setSizeHint(QSize(0, 28))
                item.setToolTip(QCoreApplication.translate("graph", declared.doc()))
        made.itemClicked.connect(self._on_item)
        made.itemActivated.connect(self._on_item)
        return made

    def _arrange(self) -> None:
        file_row = QHBoxLayout()
        file_row.addWidget(self.path, 1)
        file_row.addWidget(self.browse)
        self._file_row = QWidget(self)
        file_row.setContentsMargins(0, 0, 0, 0)
        self._file_row.setLayout(file_row)
        loading = QHBoxLayout()
        loading.setContentsMargins(0, 0, 0, 0)
        loading.addWidget(self.bar, 1)
        loading.addWidget(self.cancel)
        self._loading = QWidget(self)
        self._loading.setLayout(loading)
        failed = QHBoxLayout()
        failed.setContentsMargins(0, 0, 0, 0)
        said = QVBoxLayout()
        said.addWidget(self.error)
        said.addWidget(self.error_hint)
        failed.addLayout(said, 1)
        failed.addWidget(self.again)
        self._failed = QWidget(self)
        self._failed.setLayout(failed)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for part in (self.title, self.doc, self._file_row):
            column.addWidget(part)
        column.addLayout(self._form_place)
        for part in (self._loading, self._failed, self.summary):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        column.addWidget(line(self))
        column.addWidget(self.split)
        empty = EmptyState(
            "data",
            self.tr("No data yet"),
            self.tr("Choose a data set on the left, or open a CSV or NPZ file of your own."),
            parent=self,
        )
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
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

    def _on_item(self, item: QListWidgetItem) -> None:
        key = item.data(Qt.ItemDataRole.UserRole)
        present = self._document.project.data.source
        if not key or (present is not None and present.key == key):
            return
        if datasets[key] in FILES:
            self.choose_file()
            self._select(self._document.project.data.source)
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
        recipe, state = self._document.project.data, self._source.state
        source = recipe.source
        self._pages.setCurrentIndex(0 if source is None else 1)
        self._select(source)
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
        self._loading.setVisible(state is SourceState.LOADING)
        self.bar.setValue(round(self._source.part * 1000))
        problem = self._source.problem
        self._failed.setVisible(problem is not None)
        self.error.setText(tr_message(problem.text) if problem else "")
        self.error_hint.setText(tr_message(problem.hint) if problem else "")
        self.summary.show_samples(self._source.samples)
        is_table = isinstance(source, CsvFile)
        self.table.setVisible(is_table)
        if is_table:
            self.table.show_file(getattr(source, "path", ""), self._source.base, recipe.columns, problem)
        self.split.refresh()

    def _credit(self, source: Dataset) -> str:
        return self.tr("Source: {credit}.").format(credit=source.credit) if source.credit else ""

    def _select(self, source: Dataset | None) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if source is not None and item.data(Qt.ItemDataRole.UserRole) == source.key:
                self.list.setCurrentItem(item)
                return
        self.list.setCurrentRow(-1)

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


def open_data_file(document: Document, path: Path) -> None:
    """Make a CSV or NPZ file the data of the project; its path is kept relative to the project where it lies below."""
    base = document.path.parent if document.path else None
    stored = path
    if base is not None and path.is_absolute() and path.is_relative_to(base):
        stored = path.relative_to(base)
    source = NpzFile(path=str(stored)) if path.suffix.lower() == ".npz" else CsvFile(path=str(stored))
    text = QCoreApplication.translate("DataPanel", "Use {name}").format(name=path.name)
    document.edit(text, lambda project: edits.set_data(project, source=source, columns=()), "data")
