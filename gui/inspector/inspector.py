"""The panel on the right: it shows what is selected, or the network, and lets it be changed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from graph.check import Check
from graph.project import Project
from gui.checks import Checks
from gui.document import Document
from gui.inspector.layer_page import LayerPage
from gui.inspector.network_page import NetworkPage
from gui.selection import Selection
from gui.slices import MANY, Later

KEPT = 6
"""So many pages are kept for the next layers of their kinds: making one takes longer than a frame."""


class Inspector(QScrollArea):
    """Follows the selection and the check; its pages send edits to the document."""

    def __init__(self, document: Document, checks: Checks, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks, self._selection = document, checks, selection
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspector"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        room = QWidget(self)
        room.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click beside a field leaves it
        self._column = QVBoxLayout(room)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(room)
        self._network = NetworkPage(document, checks.current)
        self._column.addWidget(self._network)
        self._kept: list[LayerPage] = []
        self.page: LayerPage | NetworkPage = self._network
        self._later = Later(self, self._follow)
        selection.changed.connect(self._on_change)
        checks.changed.connect(self._on_change)
        document.changed.connect(self._on_document_changed)

    def focus_first(self) -> None:
        """Go to the first field: the name of a layer, a parameter of several, the notes of a network."""
        self._later.finish()
        self.page.focus_first()

    def _on_change(self) -> None:
        if len(self._document.project.network.layers) > MANY:
            self._later.start()
        else:
            self._follow()

    def _follow(self) -> None:
        """Show what is selected now, on the page there is or on another."""
        self._later.stop()
        check = self._checks.current
        layers = check.project.network.layers
        names = tuple(name for name in self._selection.names if name in layers)
        if names:
            page = self._page_of(names, check)
            page.show_layers(names, check)
            self._bring(page)
        else:
            self._network.show_check(check)
            self._bring(self._network)

    def _page_of(self, names: tuple[str, ...], check: Check) -> LayerPage:
        """The page for layers of these kinds, as it was made when such layers were first selected."""
        layers = [check.project.network.layers[name] for name in names]
        page = next((one for one in self._kept if one.fits(layers)), None)
        if page is None:
            page = LayerPage(self._document, names, check, self.widget())
            self._column.addWidget(page)
        else:
            self._kept.remove(page)
        self._kept.append(page)
        if len(self._kept) > KEPT:
            gone = self._kept.pop(0)
            gone.hide()
            gone.deleteLater()
        return page

    def _bring(self, page: LayerPage | NetworkPage) -> None:
        if page is not self.page:
            self.page.hide()
            self.page = page
            page.show()
            self.verticalScrollBar().setValue(0)

    def _on_document_changed(self, before: Project, after: Project, initiator: str) -> None:
        if before.notes != after.notes:
            self._network.show_notes(after.notes)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._follow()
