"""Sections that the inspector's pages share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from graph.problem import Fix, Problem
from gui.document import Document
from gui.parts import label, line
from gui.problem_card import ProblemCard, apply_fix


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """The heading of a section, in capitals."""
    return label(text.upper(), "section", parent)


class Problems(QWidget):
    """The problems of what is shown, each with its fixes; nothing where there are none."""

    def __init__(self, document: Document, initiator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._initiator = document, initiator
        self._shown: tuple[Problem, ...] = ()
        self._cards: list[ProblemCard] = []
        self._heading = heading("", self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(line(self))
        self._column.addWidget(self._heading)

    def show_problems(self, problems: Sequence[Problem], named: bool = False, limit: int = 20) -> None:
        """Show these problems; `named` says of each which layer it concerns."""
        self.setVisible(bool(problems))
        wanted = tuple(problems)
        if wanted == self._shown:
            return
        self._shown = wanted
        for card in self._cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self._heading.setText(self.tr("Problems ({n})").format(n=len(problems)).upper())
        self._cards = [ProblemCard(p, (p.node or "") if named else "", self) for p in wanted[:limit]]
        for card in self._cards:
            card.fix_chosen.connect(self._apply)
            self._column.addWidget(card)

    def _apply(self, fix: Fix) -> None:
        apply_fix(self._document, fix, self._initiator)
