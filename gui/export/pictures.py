"""The canvas as an export format, beside those of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.formats import exporters, work_on
from engine.formats.exporter import Exporter, make
from engine.kernel import Array
from graph.atomic import write_atomically
from graph.check import Check
from graph.datasets import DataFacts
from graph.message import Message
from graph.project import Project
from gui.canvas.picture import render_png, render_svg
from gui.theme import current_theme

Weights = Mapping[str, Array]


@dataclass(frozen=True)
class Format:
    """One entry of the export dialog."""

    name: str
    title: Message
    endings: tuple[str, ...]
    description: Message
    needs_weights: bool
    needs_shapes: bool
    text: bool
    exporter: Exporter | None = None

    def preview(self, project: Project, name: str, facts: DataFacts | None) -> str:
        """The content of a text format. Raises FileProblem where there is none."""
        assert self.exporter is not None
        return make(self.exporter, work_on(project, name, None, facts)).decode()

    def write(self, path: Path, project: Project, weights: Weights | None, facts: DataFacts | None) -> None:
        """Write a format of the engine; in any thread. Raises FileProblem where that fails."""
        assert self.exporter is not None
        write_atomically(path, make(self.exporter, work_on(project, path.stem, weights, facts)))

    def draw(self, path: Path, project: Project, check: Check) -> None:
        """Draw a picture; on the GUI thread. Raises OSError where the file cannot be written."""
        (render_svg if self.name == "svg" else render_png)(path, project, check, current_theme())


def formats() -> tuple[Format, ...]:
    """Every format a person can choose: those of the engine, then the pictures."""
    described = "The whole network as it stands on the canvas."
    pictures = (
        Format("svg", Message("Picture (SVG)"), (".svg",), Message(described), False, False, False),
        Format("png", Message("Picture (PNG)"), (".png",), Message(described), False, False, False),
    )
    engine = tuple(
        Format(one.name, one.title, one.endings, one.description, one.needs_weights, one.needs_shapes, one.text, one)
        for one in exporters.values()
    )
    return (*engine, *pictures)
