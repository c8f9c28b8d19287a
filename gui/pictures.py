"""What Qt draws among the formats of export: the canvas, and the diagram as a page. Importing it makes them known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from engine.formats.exporter import Files, Work, exporter
from engine.formats.graphs import diagram
from graph.check import Check, check
from graph.project import Project
from gui.canvas.picture import fit_page, render_pdf, render_png, render_svg
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


@exporter(
    "diagram-pdf",
    title="Diagram for papers (PDF)",
    endings=(".diagram.pdf",),
    description="The same diagram as one page that fits it, as LaTeX and other programs take pictures in.",
    text=False,
)
def write_diagram_pdf(work: Work) -> Files:
    """The figure as a page."""
    application()
    return Files(svg_page(diagram(work)))


def svg_page(svg: str) -> bytes:
    """An SVG as a PDF of one page that fits it."""
    renderer = QSvgRenderer(svg.encode())
    store = QBuffer()
    store.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(store)
    fit_page(writer, renderer.viewBoxF().size())
    painter = QPainter(writer)
    renderer.render(painter)
    painter.end()
    return bytes(store.data().data())


def _rendered(work: Work, name: str, render: Render) -> Files:
    """Qt writes pictures to a file of its own; the export takes its content and writes it safely."""
    application()
    with TemporaryDirectory(prefix="netloom") as folder:
        path = Path(folder) / name
        render(path, work.project, check(work.project, work.inference.facts), theme(dark=False))
        return Files(path.read_bytes())
