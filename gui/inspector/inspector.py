"""The panel on the right: it shows what is selected, or the network, and lets it be changed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from graph.check import Check
from graph.project import Project
from gui.checks import Checks
from gui.document import Document
from gui.inspector.layer_page import LayerPage
from gui.inspector.network_page import NetworkPage
from gui.selection import Selection
from gui.slices import FRAME, MANY


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
        self.page: LayerPage | NetworkPage = NetworkPage(document, checks.current)
        self.setWidget(self.page)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(FRAME)
        self._later.timeout.connect(self._follow)
        selection.changed.connect(self._on_change)
        checks.changed.connect(self._on_change)
        document.changed.connect(self._on_document_changed)

    def focus_first(self) -> None:
        """Go to the first field: the name of a layer, a parameter of several, the notes of a network."""
        self.page.focus_first()

    def _on_change(self) -> None:
        left = self.page.names if isinstance(self.page, LayerPage) else ()
        if max(len(left), len(self._selection.names)) > MANY:
            self._later.start()
        else:
            self._follow()

    def _follow(self) -> None:
        """Show what is selected now, on the page there is or on another."""
        self._later.stop()
        check = self._checks.current
        layers = check.project.network.layers
        names = tuple(name for name in self._selection.names if name in layers)
        if self._fits(names, check):
            self.page.show_check(check)
        else:
            page = LayerPage(self._document, names, check) if names else NetworkPage(self._document, check)
            self._take(page)

    def _take(self, page: LayerPage | NetworkPage) -> None:
        old = self.takeWidget()
        self.page = page
        self.setWidget(page)
        if old is not None:
            # A field of the old page may be the sender of what brought us here.
            old.hide()
            old.deleteLater()

    def _fits(self, names: tuple[str, ...], check: Check) -> bool:
        """Whether the page there is can show these layers."""
        if isinstance(self.page, NetworkPage):
            return not names
        layers = check.project.network.layers
        return names == self.page.names and self.page.types == tuple(layers[name].key for name in names)

    def _on_document_changed(self, before: Project, after: Project, initiator: str) -> None:
        if before.notes != after.notes and isinstance(self.page, NetworkPage):
            self.page.show_notes(after.notes)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._follow()
