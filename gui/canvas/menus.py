"""The menus under the right button: for a card, for a wire, and for the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from graph import edits
from graph.network import Wire
from graph.problem import Problem
from gui.canvas.canvas import Canvas
from gui.canvas.commands import COMMANDS
from gui.canvas.searching import search_for_insertion
from gui.canvas.wire_item import REACH
from gui.icons import icon
from gui.translate import tr_message

NODE = (
    *("rename", "duplicate", "copy", "cut", "|", "wire_selected", "unwire_selected", "|"),
    *("select_upstream", "select_downstream", "fit", "arrange_layers", "|", "delete", "delete_and_heal"),
)
CANVAS = (
    "search",
    "paste",
    "paste_with_inputs",
    "|",
    "select_all",
    "arrange_layers",
    "|",
    "fit_all",
    "zoom_actual",
    "toggle_minimap",
)


def menu_at(canvas: Canvas, point: QPointF) -> QMenu:
    """The menu for what is under a point of the canvas; it is selected first."""
    node = canvas.board.node_at(point)
    if node is not None:
        if node.name not in canvas.selection.names:
            canvas.select([node.name])
        return node_menu(canvas, node.name)
    wire = canvas.board.wire_at(point, REACH / canvas.zoom)
    if wire is not None:
        canvas.select([], [wire.wire])
        return wire_menu(canvas, wire.wire)
    return _filled(canvas, CANVAS, "Canvas")


def node_menu(canvas: Canvas, name: str) -> QMenu:
    """The menu of a card: the fixes for its problems first."""
    menu = QMenu(canvas)
    for problem in canvas.checks.current.of(name):
        _add_fixes(canvas, menu, problem)
    if menu.actions():
        menu.addSeparator()
    _fill(canvas, menu, NODE)
    return menu


def problem_menu(canvas: Canvas, name: str) -> QMenu:
    """The problems of a card in words, each with its fixes."""
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for problem in canvas.checks.current.of(name):
        menu.addAction(icon(problem.severity.value, problem.severity.value), tr_message(problem.text))
        menu.addAction(tr_message(problem.hint)).setEnabled(False)
        _add_fixes(canvas, menu, problem)
        menu.addSeparator()
    return menu


def _add_fixes(canvas: Canvas, menu: QMenu, problem: Problem) -> None:
    for fix in problem.fixes:
        text = tr_message(fix.text)
        menu.addAction(icon("check", "accent"), text, partial(canvas.edit, text, fix.edit))


def wire_menu(canvas: Canvas, wire: Wire) -> QMenu:
    """The menu of a wire."""
    menu = QMenu(canvas)
    insert = QCoreApplication.translate("Canvas", "Insert a layer…")
    menu.addAction(icon("add"), insert, partial(search_for_insertion, canvas, wire))
    many = [w for w in canvas.board.network.wiring.into.get(wire.target, ()) if w.target_port == wire.target_port]
    if len(many) > 1:
        menu.addSeparator()
        for step, said in ((-1, "Earlier among the inputs"), (1, "Later among the inputs")):
            text = QCoreApplication.translate("Canvas", said)
            action = menu.addAction(text, partial(_shift, canvas, wire, step))
            action.setEnabled(0 <= many.index(wire) + step < len(many))
    menu.addSeparator()
    _fill(canvas, menu, ("delete",))
    return menu


def _shift(canvas: Canvas, wire: Wire, step: int) -> None:
    wires = list(canvas.board.network.wiring.into[wire.target])
    at = wires.index(wire)
    wires.insert(at + step, wires.pop(at))
    text = QCoreApplication.translate("Canvas", "Reorder the inputs of {name}").format(name=wire.target)
    canvas.edit(text, partial(edits.reorder_inputs, target=wire.target, wires=wires))


def _filled(canvas: Canvas, names: tuple[str, ...], title: str) -> QMenu:
    menu = QMenu(canvas)
    menu.setAccessibleName(QCoreApplication.translate("Canvas", title))
    _fill(canvas, menu, names)
    return menu


def _fill(canvas: Canvas, menu: QMenu, names: tuple[str, ...]) -> None:
    for name in names:
        if name == "|":
            menu.addSeparator()
            continue
        command = COMMANDS[name]
        action = menu.addAction(command.title(), partial(command.run, canvas))
        if command.icon:
            action.setIcon(icon(command.icon))
        if command.keys:
            action.setShortcut(QKeySequence(command.keys[0]))
        action.setEnabled(command.enabled(canvas))
