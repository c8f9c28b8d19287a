"""One editor for every kind of parameter, chosen by its Field.

An editor shows a value, says `edited(value)` when a person has given another that the field takes, and
`said(sentence)` when what they gave is not valid (an empty sentence once it is). It changes nothing by itself.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from graph.expression.field import ExpressionField
from graph.fields import BoolField, ChoiceField, Field, FloatField, IntField
from graph.fields.spec import SpecField
from gui.inspector.choice_editors import BoolEditor, ChoiceEditor, SpecEditor
from gui.inspector.expression_editor import ExpressionEditor
from gui.inspector.line_editor import LineEditor
from gui.translate import tr_message

Editor = LineEditor | ExpressionEditor | ChoiceEditor | SpecEditor | BoolEditor


def editor_for(field: Field, parent: QWidget | None = None) -> Editor:
    """The editor of a kind of parameter."""
    if isinstance(field, SpecField):
        return SpecEditor(field, parent)
    if isinstance(field, ChoiceField):
        return ChoiceEditor(field, parent)
    if isinstance(field, BoolField):
        return BoolEditor(field, parent)
    if isinstance(field, ExpressionField):
        return ExpressionEditor(field, parent)
    return LineEditor(field, parent)


def limits(field: Field) -> str:
    """What a field takes, as the second line of its tooltip; nothing where anything goes."""
    return tr_message(field.expected()) if isinstance(field, IntField | FloatField) else ""
