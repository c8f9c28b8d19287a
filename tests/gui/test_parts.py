"""Small parts show all they say."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.parts import EmptyState
from gui.theme import theme_switch


@pytest.mark.parametrize("width", [360, 700, 1280])
def test_an_empty_state_shows_every_line_of_its_text(qtbot: QtBot, width: int) -> None:
    theme_switch().apply()
    made = EmptyState("data", "No data yet", "A sentence that says at some length what to do about it. " * 3)
    qtbot.addWidget(made)
    made.resize(width, 260)
    made.show()
    qtbot.waitExposed(made)
    said = next(one for one in made.findChildren(QLabel) if one.text().startswith("A sentence"))
    assert said.height() >= said.heightForWidth(said.width())
    assert said.width() <= 440
    assert abs(said.geometry().center().x() - made.rect().center().x()) <= 1
