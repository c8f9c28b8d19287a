"""The palette finds layers, adds them by key, and lets them be dragged."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph.layers import CATEGORIES, layers
from gui.canvas.gestures.drop_layer import MIME
from gui.palette import KEY, Palette


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette()
    qtbot.addWidget(made)
    made.resize(212, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def keys(palette: Palette) -> list[str]:
    """The layers that are listed."""
    found = (palette.list.item(row).data(KEY) for row in range(palette.list.count()))
    return [key for key in found if key]


def test_every_layer_stands_under_its_category(palette: Palette) -> None:
    heading, found = "", {}
    for row in range(palette.list.count()):
        item = palette.list.item(row)
        if item.data(KEY):
            found[item.data(KEY)] = heading
            assert item.toolTip() == layers[item.data(KEY)].doc()
        else:
            heading = item.text()
    assert found == {layer.key: layer.category for layer in layers}
    assert list(dict.fromkeys(found.values())) == [c for c in CATEGORIES if c in found.values()]


@pytest.mark.parametrize(
    ("typed", "first"), [("dense", "Dense"), ("conv", "Conv2D"), ("mp", "MaxPooling2D"), ("bn", "BatchNormalization")]
)
def test_typing_finds_a_layer_and_enter_adds_it(palette: Palette, qtbot: QtBot, typed: str, first: str) -> None:
    QTest.keyClicks(palette.search, typed)
    with qtbot.waitSignal(palette.chosen) as chosen:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert chosen.args == [first]


def test_arrows_lead_into_the_list(palette: Palette, qtbot: QtBot) -> None:
    palette.search.setFocus()
    QTest.keyClicks(palette.search, "pooling")
    listed = keys(palette)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as chosen:
        QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert chosen.args == [listed[1]]


def test_a_double_click_adds(palette: Palette, qtbot: QtBot) -> None:
    row = keys(palette).index("Dense")
    item = next(i for i in map(palette.list.item, range(palette.list.count())) if i.data(KEY) == "Dense")
    assert row >= 0
    place = palette.list.visualItemRect(item).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.mouseDClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["Dense"]


def test_a_search_without_result_says_what_to_try(palette: Palette) -> None:
    QTest.keyClicks(palette.search, "qqq")
    assert palette.empty.isVisible()
    assert "qqq" in palette.empty.text()
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.empty.isVisible()
    assert len(keys(palette)) == len(layers)


def test_a_dragged_layer_carries_its_key_and_a_heading_nothing(palette: Palette) -> None:
    items = [palette.list.item(row) for row in range(palette.list.count())]
    dense = next(item for item in items if item.data(KEY) == "Dense")
    assert bytes(palette.list.mimeData([dense]).data(MIME).data()) == b"Dense"
    assert not palette.list.mimeData([items[0]]).hasFormat(MIME)
    assert not items[0].flags() & Qt.ItemFlag.ItemIsDragEnabled
