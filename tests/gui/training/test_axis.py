"""The figures of an axis: as many digits as they need, and no wider than their room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from gui.plots.surface import LEFT, figure
from gui.theme import font


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (0.25, "0.25"),
        (-2.5, "-2.5"),
        (12_500.0, "12500"),
        (1.25e11, "1.25e11"),
        (-4e-5, "-4e-5"),
        (0.30000000000000004, "0.3"),
    ],
)
def test_figures_of_an_axis_are_short(value: float, said: str) -> None:
    assert figure(value) == said
    assert float(said) == pytest.approx(value)


@pytest.mark.parametrize("value", [0.00125, 12_500.0, 1.25e11, 2.5e-11, 99_999.0])
def test_figures_have_room(qapp: QApplication, value: float) -> None:
    assert QFontMetrics(font("font_small")).horizontalAdvance(figure(value)) <= LEFT - 8
