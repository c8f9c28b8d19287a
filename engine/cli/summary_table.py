"""The table of a network for people: its layers with their shapes and what they cost, and the sums."""

from __future__ import annotations

from engine.cli.console import Console
from graph.message import plural
from graph.shapes import Shape, shape_text
from graph.summary import Summary


def summary_table(summary: Summary, console: Console) -> None:
    """One line a layer, and the sums below."""
    rows = [
        (row.name, row.type, _shapes(row.outputs), f"{row.parameters:,}", f"{row.macs:,}", _size(row.bytes))
        for row in summary.rows
    ]
    head = ("layer", "type", "output", "parameters", "multiply-adds", "memory")
    console.table(head, rows, right=(3, 4, 5))
    console.say()
    console.say(
        f"{plural(len(rows), 'layer')}, {plural(summary.parameters, 'parameter')} "
        f"({summary.trainable:,} trainable), {plural(summary.macs, 'multiply-add')} "
        f"and {_size(summary.bytes)} a sample"
    )


def _shapes(shapes: tuple[Shape, ...] | None) -> str:
    return ", ".join(shape_text(one) for one in shapes or ()) or "?"


def _size(count: int) -> str:
    if count < 1024:
        return f"{count:,} B"
    if count < 2**60:
        return f"{count / 1024:,.1f} kB" if count < 2**20 else f"{count / 2**20:,.1f} MB"
    return "over 1,000,000 TB"
