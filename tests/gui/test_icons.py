"""Every drawing is one of the set, and everything that is drawn has one."""

from __future__ import annotations

import re
from importlib import resources
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from graph.layers import layers
from gui.actions import declared
from gui.drawings import names
from gui.icons import icon, layer_icon_name, pixmap


@pytest.mark.parametrize("name", names())
def test_a_drawing_is_sixteen_pixels_of_line_in_the_colour_of_the_theme(name: str) -> None:
    text = resources.files("resources").joinpath(f"icons/{name}.svg").read_text()
    root = ElementTree.fromstring(text)
    assert root.attrib["viewBox"] == "0 0 16 16"
    assert root.attrib["stroke"] == "currentColor"
    assert root.attrib["stroke-width"] == "1.5"
    assert root.attrib["stroke-linecap"] == "round"
    assert not re.search(r"#[0-9a-fA-F]{3,6}|rgb", text.replace("http://www.w3.org/2000/svg", ""))


def test_every_action_and_every_layer_has_a_drawing() -> None:
    wanted = {action.icon for action in declared().values() if action.icon}
    wanted |= {layer_icon_name(layer) for layer in layers}
    assert wanted <= set(names())


def test_a_pixmap_is_sharp_and_in_the_colour_asked_for(qapp: QApplication) -> None:
    drawn = pixmap("stop", QColor("#ff0000"), 16, 2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)
    image = drawn.toImage()
    solid = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255]
    assert solid
    assert {color.name() for color in solid} == {"#ff0000"}


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    made = icon("stop", QColor("#ffffff"))
    normal = made.pixmap(16, made.Mode.Normal).toImage().pixelColor(8, 3)
    disabled = made.pixmap(16, made.Mode.Disabled).toImage().pixelColor(8, 3)
    assert normal != disabled
