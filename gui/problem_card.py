"""One problem as a card: what is wrong and where, how to mend it, and its fixes as links."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from graph.problem import Fix, Problem
from gui.document import Document
from gui.parts import label
from gui.translate import tr_message


def apply_fix(document: Document, fix: Fix, initiator: str) -> None:
    """Mend a problem, as one undo step that is named after the fix."""
    document.edit(tr_message(fix.text), fix.edit, initiator)


class ProblemCard(QFrame):
    """A problem to read and to mend. `fix_chosen(fix)` follows a click on one of its links."""

    fix_chosen = Signal(object)

    def __init__(self, problem: Problem, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", problem.severity.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        kind = self.tr("Error") if problem.severity == "error" else self.tr("Warning")
        text = tr_message(problem.text)
        said = QLabel(f"<b>{escape(heading or kind)}</b>: {escape(text)}", self)
        said.setTextFormat(Qt.TextFormat.RichText)
        said.setWordWrap(True)
        said.setAccessibleName(f"{kind}: {text}")
        column.addWidget(said)
        if problem.hint:
            column.addWidget(label(tr_message(problem.hint), "muted", self, wrap=True))
        for fix in problem.fixes:
            link = QPushButton(tr_message(fix.text), self)
            link.setProperty("kind", "link")
            link.setCursor(Qt.CursorShape.PointingHandCursor)
            link.clicked.connect(lambda _=False, fix=fix: self.fix_chosen.emit(fix))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
