"""Says the sentences of graph and engine in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from graph.message import Message

CONTEXT = "graph"
"""The context under which the translation files hold the templates of `Message`."""


def tr_message(message: str) -> str:
    """`message` in the language of the window; plain text, and templates that are not translated, stay as they are."""
    if not isinstance(message, Message):
        return message
    template = QCoreApplication.translate(CONTEXT, message.template)
    if not message.arguments:
        return template
    arguments = {
        name: tr_message(value) if isinstance(value, str) else value for name, value in message.arguments.items()
    }
    try:
        return template.format(**arguments)
    except (KeyError, IndexError, ValueError):
        # A translation that names an argument which is not there must not take the sentence away.
        return str(message)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text for the translation files, under the name they are searched for, and leave it as it is."""
    return text
