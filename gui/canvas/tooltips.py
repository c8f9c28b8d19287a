"""What is said of a card in full: for the pointer that rests on it, and for those who cannot see it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from graph.check import Check
from graph.network import Wire
from graph.shapes import shape_text
from gui.canvas.node_item import NodeItem
from gui.translate import tr_message


def tooltip(node: NodeItem, check: Check) -> str:
    """Its name and type, its shapes, and its problems with their hints."""
    inferred = check.inference.layers.get(node.name)
    lines = [f"{node.name} ({node.layer.key})", node.text.details]
    if inferred is not None and inferred.outputs:
        inputs = ", ".join(map(shape_text, inferred.inputs))
        outputs = ", ".join(map(shape_text, inferred.outputs))
        lines.append(f"{inputs} → {outputs}" if inputs else f"→ {outputs}")
        lines[-1] += mask_text(inferred.masked)
    for problem in check.of(node.name):
        lines += ["", tr_message(problem.text), tr_message(problem.hint)]
    return "\n".join(line for i, line in enumerate(lines) if line or i > 1)


def wire_tooltip(wire: Wire, check: Check) -> str:
    """Where a wire comes from and goes to, and the shape it carries."""
    inferred = check.inference.layers.get(wire.source)
    ways = f"{wire.source} → {wire.target}"
    if inferred is None or not inferred.outputs:
        return ways
    ports = [port.name for port in check.project.network.layers[wire.source].outputs]
    port = ports.index(wire.source_port)
    return f"{ways}\n{shape_text(inferred.outputs[port])}{mask_text(inferred.masked and port == 0)}"


def mask_text(masked: bool) -> str:
    """Behind a shape: that the padding of the sequence is known."""
    return " · " + QCoreApplication.translate("Tooltip", "padding masked") if masked else ""
