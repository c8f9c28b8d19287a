"""What it costs to draw a curve that grows: one painting, and a line that is a single stroke only where it must be."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.plots.curve_plot import CurvePlot
from gui.plots.export import write
from gui.plots.line_item import Line
from gui.plots.series import Floats, Series

POINTS = 300


class Paintings(QObject):
    """Counts the paintings of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def series() -> Series:
    made = Series()
    made.extend(range(POINTS), noise(POINTS))
    return made


@pytest.fixture
def plot(qtbot: QtBot, series: Series) -> CurvePlot:
    made = CurvePlot("Loss", "nothing yet")
    qtbot.addWidget(made)
    made.resize(700, 260)
    made.set_lines([Line("training", series, 0)])
    made.show()
    qtbot.waitExposed(made)
    settle()
    return made


def noise(count: int) -> list[float]:
    return (1.0 + np.random.default_rng(3).random(count)).tolist()


def settle() -> None:
    """Let everything that is due be painted, and what that brings about."""
    for _ in range(5):
        QApplication.processEvents()


def pixels(plot: CurvePlot) -> Floats:
    image = plot.grab().toImage()
    flat = np.frombuffer(bytes(image.constBits()), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()].astype(np.float64)


def test_more_points_are_one_painting(plot: CurvePlot, series: Series) -> None:
    paintings = Paintings()
    plot.surface.viewport().installEventFilter(paintings)
    for more in range(1, 6):
        series.extend([POINTS + more], [more + 2.0])
        plot.refresh()
        settle()
        assert paintings.count == more


def test_pieces_look_like_one_stroke(plot: CurvePlot) -> None:
    pieces = pixels(plot)
    plot.lines[0].draw_whole(True)
    settle()
    whole = pixels(plot)
    drawn = np.abs(whole - np.median(whole)).max()
    assert np.abs(whole - pieces).mean() < 0.01 * drawn


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_curve_with_gaps_is_drawn(plot: CurvePlot, series: Series, logarithmic: bool) -> None:
    series.extend([POINTS, POINTS + 1, POINTS + 2, POINTS + 3], [float("nan"), 1.5, float("inf"), 1.2])
    plot.set_view(0.0, logarithmic)
    settle()
    assert plot.plot.vb.viewRange()[0] == [0.0, POINTS + 3]


def test_a_curve_is_as_wide_on_a_screen_of_fine_pixels(plot: CurvePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    item = plot.lines[0]
    width = item.item.opts["pen"].widthF()
    monkeypatch.setattr(plot.plot.getViewWidget(), "devicePixelRatioF", lambda: 2.0)
    item.restyle()
    assert item.item.opts["pen"].widthF() == 2 * width
    item.draw_whole(True)
    assert item.item.opts["pen"].widthF() == width


def test_a_file_has_every_curve_in_one_stroke(plot: CurvePlot, tmp_path: Path) -> None:
    path = tmp_path / "curve.svg"
    write(path, plot, [("loss", plot)])
    strokes = [len((one.get("points") or one.get("d") or "").split()) for one in ElementTree.parse(path).iter()]
    assert max(strokes) >= POINTS
    assert plot.lines[0].item.opts["segmentedLineMode"] == "on"


def test_a_line_that_stays_keeps_what_is_drawn(plot: CurvePlot, series: Series) -> None:
    drawn = plot.lines[0]
    validation = Series()
    plot.set_lines([Line("training", series, 0), Line("validation", validation, 1)])
    assert plot.lines[0] is drawn
    plot.set_lines([Line("training", Series(), 0)])
    assert plot.lines[0] is not drawn
