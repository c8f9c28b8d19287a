"""An error inside is told, and the work goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from gui.app import Excepthook, translate
from gui.main_window import MainWindow
from tests.gui.conftest import Answers


def raised() -> ValueError:
    try:
        raise ValueError("inner trouble")
    except ValueError as error:
        return error


def test_an_error_is_told_with_its_details_and_the_project_is_still_there(
    window: MainWindow, qapp: QApplication, answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    window.add_layer("Dense")
    error = raised()
    answers.will_press("OK")
    Excepthook(qapp)(ValueError, error, error.__traceback__)
    assert "Something went wrong inside Netloom." in answers.said[0]
    assert "inner trouble" in capsys.readouterr().err
    assert window.has_layers


def test_a_language_without_translation_of_ours_leaves_the_english(qapp: QApplication) -> None:
    for translator in translate(qapp, QLocale("is")):
        QApplication.removeTranslator(translator)
    assert QCoreApplication.translate("Actions", "&Save") == "&Save"
