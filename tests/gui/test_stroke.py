"""Lines of several runs are told apart, also by those who see fewer colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.plots.stroke import OVERLAYS, Stroke
from gui.theme import theme

DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
"""Machado, Oliveira and Fernandes (2009), https://doi.org/10.1109/TVCG.2009.113, severity 1, on linear RGB."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color: QColor, seen: list[list[float]]) -> np.ndarray:
    """CIELAB of a colour as it is seen, https://en.wikipedia.org/wiki/CIELAB_color_space."""
    c = np.array([color.redF(), color.greenF(), color.blueF()])
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(seen) @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_no_two_runs_have_the_same_line() -> None:
    lines = [*OVERLAYS, *(stroke._replace(dashed=True) for stroke in OVERLAYS), Stroke(0), Stroke(1)]
    assert len(set(lines)) == len(lines) == 18
    patterns = {tuple(stroke.pen().dashPattern()) for stroke in lines}
    assert len(patterns) == 4


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@pytest.mark.parametrize("seen", [np.eye(3).tolist(), DEUTERANOPIA, PROTANOPIA], ids=["all", "deutan", "protan"])
def test_the_first_four_differ_for_everyone(dark: bool, seen: list[list[float]]) -> None:
    series = theme(dark).series
    for one, other in combinations(OVERLAYS[:4], 2):
        if one.dotted == other.dotted:
            assert np.linalg.norm(lab(series[one.color], seen) - lab(series[other.color], seen)) > 20
