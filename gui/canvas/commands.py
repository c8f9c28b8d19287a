"""Everything a person can do on the canvas, as named functions for keys and menus alike.

Each is declared once, with its text and its keys. The canvas answers to the keys while it has the focus; a window that
gives an action the same key goes before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import networkx as nx
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from graph import edits
from graph.connect import judge
from graph.network import Wire
from graph.project import Project
from gui.canvas import clipboard, renaming, searching
from gui.canvas.canvas import Canvas
from gui.canvas.clipboard import described
from gui.canvas.geometry import GRID
from gui.canvas.neighbours import Direction, neighbour
from gui.canvas.port_item import Port
from gui.translate import tr_message

Run = Callable[["Canvas"], None]
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: its name, its text (in the context "Canvas"), its keys, and when it can be done."""

    name: str
    text: str
    keys: tuple[str, ...]
    run: Run
    icon: str
    enabled: Callable[[Canvas], bool]

    def title(self) -> str:
        """The text in the language of the window."""
        return translate("Canvas", self.text)


COMMANDS: dict[str, Command] = {}
"""Every command by its name."""


def always(canvas: Canvas) -> bool:
    """Whatever is on the canvas."""
    return True


def any_layers(canvas: Canvas) -> bool:
    """Where there is a layer."""
    return bool(canvas.document.project.network.layers)


def any_selected(canvas: Canvas) -> bool:
    """Where a layer is selected."""
    return bool(canvas.selection.names)


def anything_selected(canvas: Canvas) -> bool:
    """Where a layer or a wire is selected."""
    return bool(canvas.selection.names or canvas.selected_wires)


def one_selected(canvas: Canvas) -> bool:
    """Where exactly one layer is selected."""
    return len(canvas.selection.names) == 1


def two_selected(canvas: Canvas) -> bool:
    """Where exactly two layers are selected."""
    return len(canvas.selection.names) == 2


def wired_selected(canvas: Canvas) -> bool:
    """Where a selected layer has a wire."""
    wiring = canvas.document.project.network.wiring
    return any(name in wiring.into or name in wiring.out_of for name in canvas.selection.names)


def command(
    text: object, *keys: str, icon: str = "", enabled: Callable[[Canvas], bool] = always
) -> Callable[[Run], Run]:
    """Declare a command under the name of its function."""

    def decorate(run: Run) -> Run:
        COMMANDS[run.__name__] = Command(run.__name__, str(text), keys, run, icon, enabled)
        return run

    return decorate


@command(QT_TRANSLATE_NOOP("Canvas", "Add layer…"), "Tab", "Shift+A", icon="add")
def search(canvas: Canvas) -> None:
    """Search for a layer to add; it goes behind the selected one."""
    searching.search(canvas)


@command(QT_TRANSLATE_NOOP("Canvas", "Delete"), "Del", "Backspace", icon="delete", enabled=anything_selected)
def delete(canvas: Canvas) -> None:
    """Take the selected layers and wires away."""
    names = list(canvas.selection.names)
    wires = [wire for wire in canvas.selected_wires if wire in canvas.board.wires]
    if names or wires:
        what = described(names) if names else translate("Canvas", "the wire")
        text = translate("Canvas", "Delete {what}").format(what=what)
        canvas.edit(text, partial(edits.remove, names=names, wires=wires))


@command(QT_TRANSLATE_NOOP("Canvas", "Delete and heal"), "Ctrl+Del", icon="heal", enabled=any_selected)
def delete_and_heal(canvas: Canvas) -> None:
    """Take the selected layers away and join the wires they leave."""
    names = list(canvas.selection.names)
    if names:
        text = translate("Canvas", "Delete and heal {what}").format(what=described(names))
        canvas.edit(text, partial(edits.remove_and_heal, names=names))


@command(QT_TRANSLATE_NOOP("Canvas", "Cut"), "Ctrl+X", icon="cut", enabled=any_selected)
def cut(canvas: Canvas) -> None:
    """Copy the selected layers, and take them away."""
    names = list(canvas.selection.names)
    if names:
        clipboard.copy(canvas)
        text = translate("Canvas", "Cut {what}").format(what=described(names))
        canvas.edit(text, partial(edits.remove, names=names))


@command(QT_TRANSLATE_NOOP("Canvas", "Copy"), "Ctrl+C", icon="copy", enabled=any_selected)
def copy(canvas: Canvas) -> None:
    """Put the selected layers on the clipboard."""
    clipboard.copy(canvas)


@command(QT_TRANSLATE_NOOP("Canvas", "Paste"), "Ctrl+V", icon="paste")
def paste(canvas: Canvas) -> None:
    """Add the layers on the clipboard."""
    clipboard.paste(canvas)


@command(QT_TRANSLATE_NOOP("Canvas", "Paste with inputs"), "Ctrl+Shift+V", icon="paste")
def paste_with_inputs(canvas: Canvas) -> None:
    """Add the layers on the clipboard, wired to what feeds those they were copied from."""
    clipboard.paste(canvas, with_inputs=True)


@command(QT_TRANSLATE_NOOP("Canvas", "Duplicate"), "Ctrl+D", icon="duplicate", enabled=any_selected)
def duplicate(canvas: Canvas) -> None:
    """Add copies of the selected layers."""
    clipboard.duplicate(canvas)


@command(QT_TRANSLATE_NOOP("Canvas", "Rename…"), "F2", icon="rename", enabled=one_selected)
def rename(canvas: Canvas) -> None:
    """Give the selected layer another name, on its card."""
    if len(canvas.selection.names) == 1:
        renaming.rename(canvas, canvas.selection.names[0])


@command(QT_TRANSLATE_NOOP("Canvas", "Wire the two selected layers"), "W", icon="link", enabled=two_selected)
def wire_selected(canvas: Canvas) -> None:
    """Lead a wire from the layer selected first to the other; the other way round where only that may be."""
    if len(canvas.selection.names) != 2:
        return
    network = canvas.document.project.network
    one, other = canvas.selection.names
    refusal = None
    for source, target in ((one, other), (other, one)):
        outputs, inputs = network.layers[source].outputs, network.layers[target].inputs
        if not outputs or not inputs:
            continue
        wire = Wire(source, target, outputs[0].name, inputs[0].name)
        verdict = judge(network, wire, canvas.checks.current.inference)
        if verdict.allowed:
            text = translate("Canvas", "Wire {source} to {target}").format(source=source, target=target)
            canvas.edit(text, partial(edits.connect, wire=wire))
            return
        refusal = refusal or verdict.reason
    if refusal is not None:
        canvas.say(tr_message(refusal))


@command(QT_TRANSLATE_NOOP("Canvas", "Take its wires away"), icon="cut", enabled=wired_selected)
def unwire_selected(canvas: Canvas) -> None:
    """Take all wires of the selected layers away."""
    wires = canvas.board.attached(canvas.selection.names)
    if wires:
        canvas.edit(translate("Canvas", "Take wires away"), partial(edits.disconnect, wires=wires))


@command(QT_TRANSLATE_NOOP("Canvas", "Select all"), "Ctrl+A", icon="select-all", enabled=any_layers)
def select_all(canvas: Canvas) -> None:
    """Select every layer."""
    canvas.select(list(canvas.board.network.layers))


@command(QT_TRANSLATE_NOOP("Canvas", "Select none"), "Ctrl+Shift+A", enabled=anything_selected)
def select_none(canvas: Canvas) -> None:
    """Select nothing."""
    canvas.select([])


@command(QT_TRANSLATE_NOOP("Canvas", "Select upstream"), "Shift+U", icon="upstream", enabled=any_selected)
def select_upstream(canvas: Canvas) -> None:
    """Add every layer that the selected ones depend on."""
    _extend(canvas, nx.ancestors)


@command(QT_TRANSLATE_NOOP("Canvas", "Select downstream"), "Shift+G", icon="downstream", enabled=any_selected)
def select_downstream(canvas: Canvas) -> None:
    """Add every layer that depends on the selected ones."""
    _extend(canvas, nx.descendants)


def _extend(canvas: Canvas, reach: Callable[[nx.MultiDiGraph[str], str], set[str]]) -> None:
    graph, names = canvas.board.network.wiring.graph, canvas.selection.names
    found = set().union(*(reach(graph, name) for name in names)) - set(names)
    canvas.select([*names, *(name for name in canvas.board.network.layers if name in found)])


@command(QT_TRANSLATE_NOOP("Canvas", "Layout"), "L", icon="layout", enabled=any_layers)
def arrange_layers(canvas: Canvas) -> None:
    """Lay the selected layers out in order, or all if fewer than two are selected."""
    canvas.layout_wanted.emit()


@command(QT_TRANSLATE_NOOP("Canvas", "Fit"), "F", icon="fit", enabled=any_layers)
def fit(canvas: Canvas) -> None:
    """Show the selected layers, or all, as large as they fit."""
    canvas.fit(canvas.selection.names or None)


@command(QT_TRANSLATE_NOOP("Canvas", "Show all"), "Home", icon="fit", enabled=any_layers)
def fit_all(canvas: Canvas) -> None:
    """Show all layers."""
    canvas.fit(None)


@command(QT_TRANSLATE_NOOP("Canvas", "Actual size"), "Ctrl+0", icon="zoom-actual")
def zoom_actual(canvas: Canvas) -> None:
    """Show the canvas at 100 %."""
    canvas.set_zoom(1.0)


@command(QT_TRANSLATE_NOOP("Canvas", "Zoom in"), "Ctrl++", "Ctrl+=", icon="zoom-in")
def zoom_in(canvas: Canvas) -> None:
    """Show less, larger."""
    canvas.set_zoom(canvas.zoom * 1.25)


@command(QT_TRANSLATE_NOOP("Canvas", "Zoom out"), "Ctrl+-", icon="zoom-out")
def zoom_out(canvas: Canvas) -> None:
    """Show more, smaller."""
    canvas.set_zoom(canvas.zoom / 1.25)


@command(QT_TRANSLATE_NOOP("Canvas", "Overview"), icon="minimap")
def toggle_minimap(canvas: Canvas) -> None:
    """Show or hide the small map of the whole canvas."""
    canvas.show_minimap(not canvas.minimap_wanted)


def go(canvas: Canvas, direction: Direction) -> None:
    """Select the next card in a direction."""
    name = neighbour(canvas.board.cards.boxes, canvas.selection.names, direction)
    if name is not None:
        canvas.select([name])
        canvas.reveal([name])


def nudge(canvas: Canvas, across: float, down: float) -> None:
    """Move the selected cards by steps of the grid; a row of nudges is one undo step."""
    names = canvas.selection.names
    nodes = canvas.board.nodes
    places = {name: (nodes[name].x() + across * GRID, nodes[name].y() + down * GRID) for name in names}
    if places:
        text = translate("Canvas", "Move {what}").format(what=described(list(names)))
        canvas.edit(text, partial(edits.move, positions=places), merge=("nudge", names))


def detach(canvas: Canvas, name: str, port: Port) -> None:
    """Take the wires of one port away."""
    ends = ("target", "target_port") if port.side == "input" else ("source", "source_port")
    wires = [w for w in canvas.board.network.wires if (getattr(w, ends[0]), getattr(w, ends[1])) == (name, port.name)]
    if wires:

        def change(project: Project) -> Project:
            return edits.disconnect(project, wires)

        canvas.edit(translate("Canvas", "Detach {name}").format(name=name), change)
