"""The selection follows what happens to the layers it names."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from graph import edits
from gui.document import Document
from gui.selection import Selection
from tests.gui.helpers import convolutional


def test_it_says_a_change_once_and_says_by_whom(qtbot: QtBot) -> None:
    selection = Selection(Document(convolutional()))
    heard: list[tuple[tuple[str, ...], str]] = []
    selection.changed.connect(lambda names, initiator: heard.append((names, initiator)))
    selection.set(["conv", "conv", "flat"], "canvas")
    selection.set(("conv", "flat"), "inspector")
    assert heard == [(("conv", "flat"), "canvas")]


def test_a_layer_that_is_taken_away_leaves_it(qtbot: QtBot) -> None:
    document = Document(convolutional())
    selection = Selection(document)
    selection.set(["conv", "flat"])
    document.edit("Delete conv", lambda p: edits.remove(p, ["conv"]))
    assert selection.names == ("flat",)


def test_a_layer_that_is_renamed_stays_selected_and_so_it_does_on_undo(qtbot: QtBot) -> None:
    document = Document(convolutional())
    selection = Selection(document)
    selection.set(["conv"])
    document.edit("Rename", lambda p: edits.rename(p, "conv", "first"))
    assert selection.names == ("first",)
    document.undo()
    assert selection.names == ("conv",)
