"""The canvas as SVG, PNG and PDF, among the formats of the export. Importing it makes both known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtWidgets import QApplication

from engine.formats.exporter import Files, Work, exporter
from graph.check import Check, check
from graph.project import Project
from gui.canvas.picture import render_pdf, render_png, render_svg
from gui.theme import Theme, theme


@cache
def application() -> QApplication:
    """The one application there is, or a new one, which is kept alive; painting text needs it."""
    there = QApplication.instance()
    return there if isinstance(there, QApplication) else QApplication([])


Render = Callable[[Path, Project, Check, Theme], None]


@exporter(
    "svg",
    title="Picture of the canvas (SVG)",
    endings=(".svg",),
    description="Lines and text that stay sharp at every size, for papers and web pages.",
)
def write_svg(work: Work) -> Files:
    """The canvas as lines and text."""
    return _rendered(work, "canvas.svg", render_svg)


@exporter(
    "png",
    title="Picture of the canvas (PNG)",
    endings=(".png",),
    description="Pixels, two for each unit of the canvas, for slides and messages.",
    text=False,
)
def write_png(work: Work) -> Files:
    """The canvas as pixels."""
    return _rendered(work, "canvas.png", render_png)


@exporter(
    "pdf",
    title="Picture of the canvas (PDF)",
    endings=(".pdf",),
    description="One page that fits the network, with lines and text, for papers and for printing.",
    text=False,
)
def write_pdf(work: Work) -> Files:
    """The canvas as a page."""
    return _rendered(work, "canvas.pdf", render_pdf)


def _rendered(work: Work, name: str, render: Render) -> Files:
    """Qt writes pictures to a file of its own; the export takes its content and writes it safely."""
    application()
    with TemporaryDirectory(prefix="netloom") as folder:
        path = Path(folder) / name
        render(path, work.project, check(work.project, work.inference.facts), theme(dark=False))
        return Files(path.read_bytes())
