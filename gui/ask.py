"""The questions and messages of the window. Every one says what is at stake and names its buttons by what they do."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from graph.problem import FileProblem
from gui.icons import pixmap
from gui.translate import tr_message

Role = QMessageBox.ButtonRole


DRAWINGS = {
    QMessageBox.Icon.Question: ("help", "accent"),
    QMessageBox.Icon.Information: ("info", "accent"),
    QMessageBox.Icon.Warning: ("warning", "warning"),
    QMessageBox.Icon.Critical: ("error", "error"),
}
"""The drawing of every kind of message, and its colour."""


class Unsaved(Enum):
    """What is to be done with edits that are not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def tr(text: str) -> str:
    """A text of this module in the language of the window."""
    return QCoreApplication.translate("Ask", text)


def unsaved(parent: QWidget, name: str, edited: bool = True, runs: bool = False) -> Unsaved:
    """Whether to save before the project is left. `runs` says that training runs would be lost too."""
    text = tr("Save the changes to {name}?") if edited else tr("Save {name} and its training runs?")
    box = _box(parent, QMessageBox.Icon.Question, text.format(name=name))
    if not runs:
        box.setInformativeText(tr("They are lost if you do not save them."))
    elif edited:
        box.setInformativeText(tr("They are lost if you do not save them, and the training runs with them."))
    else:
        box.setInformativeText(tr("The project has no file yet. Its runs are lost if you do not save it."))
    save = box.addButton(tr("Save"), Role.AcceptRole)
    discard = box.addButton(tr("Don't save"), Role.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), Role.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    answers = {save: Unsaved.SAVE, discard: Unsaved.DISCARD}
    clicked = box.clickedButton()
    return answers.get(clicked, Unsaved.CANCEL) if isinstance(clicked, QPushButton) else Unsaved.CANCEL


def restore(parent: QWidget, name: str, when: str, runs: bool = False) -> bool:
    """Whether edits that a crash left behind, and with `runs` training runs, are to be taken up again."""
    box = _box(parent, QMessageBox.Icon.Question, tr("Restore the unsaved changes to {name}?").format(name=name))
    said = tr("Netloom did not close properly. It kept what you had changed until {when}.")
    too = " " + tr("The training runs of this project are kept, too.") if runs else ""
    box.setInformativeText(said.format(when=when) + too)
    yes = box.addButton(tr("Restore"), Role.AcceptRole)
    no = box.addButton(tr("Discard them"), Role.DestructiveRole)
    box.setDefaultButton(yes)
    box.setEscapeButton(no)
    box.exec()
    return box.clickedButton() is yes


def sure(parent: QWidget, text: str, action: str) -> bool:
    """Whether something is to be done that cannot be undone; `action` names it on its button."""
    box = _box(parent, QMessageBox.Icon.Question, text)
    yes = box.addButton(action, Role.DestructiveRole)
    no = box.addButton(tr("Cancel"), Role.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.exec()
    return box.clickedButton() is yes


def tell_problem(parent: QWidget, title: str, problem: FileProblem) -> None:
    """Say what is wrong with a file, and how to mend it."""
    tell(parent, title, f"{tr_message(problem.text)}\n\n{tr_message(problem.hint)}", QMessageBox.Icon.Warning)


def tell(
    parent: QWidget | None,
    title: str,
    text: str,
    kind: QMessageBox.Icon = QMessageBox.Icon.Information,
    details: str = "",
) -> None:
    """Say something that needs no answer."""
    box = _box(parent, kind, title)
    box.setInformativeText(text)
    if details:
        box.setDetailedText(details)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.exec()


def open_path(parent: QWidget, folder: Path, filters: str) -> Path | None:
    """A file to open, or None."""
    chosen, _ = QFileDialog.getOpenFileName(parent, tr("Open"), str(folder), filters)
    return Path(chosen) if chosen else None


def save_path(parent: QWidget, proposed: Path, filters: str) -> Path | None:
    """A file to save to, or None. The dialog asks before another file is replaced."""
    dialog = QFileDialog(parent, tr("Save as"), str(proposed.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix.lstrip("."))
    dialog.selectFile(proposed.name)
    if not dialog.exec():
        return None
    return Path(dialog.selectedFiles()[0])


def _box(parent: QWidget | None, kind: QMessageBox.Icon, text: str) -> QMessageBox:
    box = QMessageBox(parent)
    drawing, token = DRAWINGS[kind]
    box.setIconPixmap(pixmap(drawing, token, 32, box.devicePixelRatioF()))
    box.setWindowTitle("Netloom")
    box.setText(text)
    return box
