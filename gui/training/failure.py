"""What to tell a person of an exception that ended a run."""

from __future__ import annotations

import traceback

from PySide6.QtCore import QCoreApplication

from gui.translate import tr_message


def failure_text(error: Exception) -> str:
    """What is wrong and how to mend it; for an error nobody has foreseen, where it happened."""
    text, hint = getattr(error, "text", None), getattr(error, "hint", None)
    if isinstance(text, str) and isinstance(hint, str):
        return f"{tr_message(text)} {tr_message(hint)}".strip()
    problems = getattr(error, "problems", ())
    if problems:
        first = problems[0]
        where = f"{first.node}: " if first.node else ""
        return f"{where}{tr_message(first.text)} {tr_message(first.hint)}"
    if isinstance(error, MemoryError):
        return QCoreApplication.translate("Training", "There is not enough memory. Try a smaller batch size.")
    if isinstance(error, ValueError | OSError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = QCoreApplication.translate("Training", "Unexpected error: {error} ({place}, line {n}). Please report it.")
    return said.format(error=f"{type(error).__name__}: {error}", place=frame.name, n=frame.lineno)
