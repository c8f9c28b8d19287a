"""The network as text that other programs draw: DOT for Graphviz, and Mermaid for Markdown pages.

A node says its name, what the layer is with its main parameters, and the shape of what it gives on. A wire says its
ports only where a layer has several.
"""

from __future__ import annotations

from graph.inference import Inference
from graph.network import Network, Wire
from graph.shapes import shape_text


def to_dot(inference: Inference, name: str = "network") -> str:
    """The network in Graphviz's language: https://graphviz.org/doc/info/lang.html"""
    network = inference.network
    lines = [
        f"digraph {_dot(name)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11];',
    ]
    lines += [f"  {_dot(one)} [label={_dot(*_said(one, inference))}];" for one in network.order]
    for wire in network.wires:
        left, entered = _ports(wire, network)
        ends = {"taillabel": left, "headlabel": entered}
        labels = ", ".join(f"{key}={_dot(said)}" for key, said in ends.items() if said)
        lines.append(f"  {_dot(wire.source)} -> {_dot(wire.target)}{f' [{labels}]' if labels else ''};")
    return "\n".join([*lines, "}", ""])


def to_mermaid(inference: Inference) -> str:
    """The network as a Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html"""
    network = inference.network
    ids = {one: f"n{number}" for number, one in enumerate(network.order)}
    lines = ["flowchart LR"]
    lines += [f'  {ids[one]}["{"<br/>".join(map(_mermaid, _said(one, inference)))}"]' for one in network.order]
    for wire in network.wires:
        label = " → ".join(filter(None, _ports(wire, network)))
        arrow = f'-->|"{_mermaid(label)}"|' if label else "-->"
        lines.append(f"  {ids[wire.source]} {arrow} {ids[wire.target]}")
    return "\n".join([*lines, ""])


def _said(name: str, inference: Inference) -> list[str]:
    """The lines of a node."""
    layer, known = inference.network.layers[name], inference.layers[name]
    card = layer.card(known.inputs or None)
    shapes = ", ".join(map(shape_text, known.outputs or ()))
    kind = layer.key if card in ("", layer.key) else f"{layer.key} {card}"
    return [name, kind, *([shapes] if shapes else [])]


def _ports(wire: Wire, network: Network) -> tuple[str, str]:
    """The names of both ends, empty where there is no choice."""
    left, entered = network.layers[wire.source].outputs, network.layers[wire.target].inputs
    return wire.source_port if len(left) > 1 else "", wire.target_port if len(entered) > 1 else ""


def _dot(*lines: str) -> str:
    """A quoted string of DOT, of one or several lines."""
    return '"' + "\\n".join(_one_line(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'


MERMAID = str.maketrans({char: f"#{ord(char)};" for char in '"#&<>`\\|[]'})
"""What means something to Mermaid or to the web page around it, as its entity codes."""


def _mermaid(text: str) -> str:
    return _one_line(text).translate(MERMAID)


def _one_line(text: str) -> str:
    """`text` without line breaks and other characters that cannot be seen."""
    return "".join(char if char.isprintable() else " " for char in text)
