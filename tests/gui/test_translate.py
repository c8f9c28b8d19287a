"""Sentences of graph and engine are said in the language of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from graph.message import Message
from gui.translate import tr_message

GERMAN = {
    "{layer} has no input.": "{layer} hat keinen Eingang.",
    "at least 2 inputs": "mindestens 2 Eingänge",
    "{layer} needs {need}.": "{layer} braucht {need}.",
    "{n} of {m}": "{n} von {falsch}",
}


class German(QTranslator):
    """A translation that is held in memory."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return GERMAN.get(text) if context == "graph" else None

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = German()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_without_a_translation_a_message_stays_as_it_is(qapp: QApplication) -> None:
    assert tr_message(Message("{layer} has no input.", layer="Dense")) == "Dense has no input."
    assert tr_message("plain {text}") == "plain {text}"


@pytest.mark.usefixtures("german")
def test_the_template_is_translated_and_formatted_again() -> None:
    assert tr_message(Message("{layer} has no input.", layer="Dense")) == "Dense hat keinen Eingang."


@pytest.mark.usefixtures("german")
def test_a_message_within_a_message_is_translated_too() -> None:
    message = Message("{layer} needs {need}.", layer="Add", need=Message("at least 2 inputs"))
    assert tr_message(message) == "Add braucht mindestens 2 Eingänge."


@pytest.mark.usefixtures("german")
def test_a_translation_that_does_not_fit_leaves_the_english() -> None:
    assert tr_message(Message("{n} of {m}", n=1, m=2)) == "1 of 2"
