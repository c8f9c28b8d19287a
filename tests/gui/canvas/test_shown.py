"""The document changes; the canvas shows it, and touches only what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from graph import edits
from graph.check import check
from graph.datasets import DataFacts, TargetFacts
from graph.infer import Inferred
from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project
from gui.canvas.card_text import card_text
from gui.canvas.geometry import Box
from gui.canvas.picture import render_pdf, render_png, render_svg
from gui.canvas.suggestions import everything, fitting
from gui.canvas.tooltips import wire_tooltip
from gui.canvas.wire_path import route
from gui.fuzzy import score
from gui.search_popup import found
from gui.theme import theme, theme_switch
from tests.gui.canvas.conftest import OFFSCREEN, Bench
from tests.gui.helpers import convolutional
from tests.helpers.pdf import pdf

pytestmark = OFFSCREEN


def test_a_card_says_its_shape_and_parameters(bench: Bench) -> None:
    text = bench.view.board.nodes["dense"].text
    assert (text.title, text.details, text.shape, text.count) == ("Dense", "16 · linear", "16", "144")


def test_an_edit_changes_only_the_cards_it_concerns(bench: Bench) -> None:
    items = dict(bench.view.board.nodes)
    texts = {name: item.text for name, item in items.items()}
    bench.document.edit("x", partial(edits.set_parameters, name="dense", changes={"units": 1000}))
    now = bench.view.board.nodes
    assert now == items
    changed = {name for name, item in now.items() if item.text is not texts[name]}
    assert changed == {"dense", "dense_1"}
    assert (now["dense"].text.count, now["dense_1"].text.count) == ("9k", "4k")


def test_the_title_is_the_type_until_a_person_names_the_layer() -> None:
    conv, known = layers.make("Conv2D"), Inferred()
    assert card_text("conv2d_3", conv, known).title == "Conv2D"
    named = card_text("eyes", conv, known)
    assert (named.title, named.details) == ("eyes", "Conv2D · 32 · 3×3 · valid · linear")
    image = card_text("image", layers.make("Input"), known)
    assert (image.title, image.details) == ("image", "Input")


def test_a_long_name_widens_the_card(bench: Bench) -> None:
    bench.document.edit("x", partial(edits.rename, old="dense", new="the_layer_before_the_last_one"))
    assert bench.view.board.nodes["the_layer_before_the_last_one"].width > 188


def test_a_problem_shows_as_a_badge_with_its_text(bench: Bench) -> None:
    wire = Wire("dense_1", "conv2d")
    bench.document.edit("x", partial(edits.connect, wire=wire))
    item = bench.view.board.nodes["conv2d"]
    assert item.problem is not None
    assert item.problem == bench.checks.current.of("conv2d")[0]
    bench.click(bench.card("conv2d"))
    assert item.problem.text in bench.view.accessibleDescription()
    bench.document.undo()
    assert [item.problem] == list(bench.checks.current.of("conv2d")[:1])


def test_undo_of_a_move_brings_the_card_back(bench: Bench, qtbot: QtBot) -> None:
    bench.document.edit("x", partial(edits.move, positions={"dense": (300.0, 400.0)}))
    bench.document.undo()
    qtbot.waitUntil(lambda: not bench.view.motion.running)
    item = bench.view.board.nodes["dense"]
    assert (item.x(), item.y()) == (252.0, 0.0)


def test_the_selection_is_shared(bench: Bench) -> None:
    bench.selection.set(["conv2d"], "panel")
    assert bench.view.board.nodes["conv2d"].selected
    bench.click(bench.card("dense"))
    assert bench.selection.names == ("dense",)
    assert not bench.view.board.nodes["conv2d"].selected


def test_an_empty_canvas_teaches_and_offers_templates(blank: Bench) -> None:
    assert blank.view.empty.isVisible()
    spy = QSignalSpy(blank.view.template_requested)
    for button, _ in blank.view.empty.buttons.values():
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [spy.at(i)[0] for i in range(spy.count())] == ["digits", "tabular", "spirals"]
    blank.drag_in("Dense", blank.at(300, 100))
    assert not blank.view.empty.isVisible()
    assert blank.view.minimap.isVisible()


def test_the_words_on_an_empty_canvas_are_in_nobodys_way(blank: Bench) -> None:
    blank.drag_in("Dense", QPoint(60, 40), over=blank.view.empty)
    corner = blank.view.mapFromScene(*blank.project.positions["dense"])
    wanted = blank.view.empty.pos() + QPoint(60, 40) - QPoint(94, 38)
    assert (corner - wanted).manhattanLength() < 8


def test_a_double_click_on_the_words_of_an_empty_canvas_searches(blank: Bench) -> None:
    QTest.mouseDClick(blank.view.empty, Qt.MouseButton.LeftButton)
    blank.choose("Dense")
    assert "dense" in blank.project.network.layers


def test_the_overview_gives_way_to_a_card_while_all_are_in_sight(bench: Bench) -> None:
    view = bench.view
    assert view.minimap.isVisible()
    corner = view.mapToScene(view.minimap.geometry().topLeft())
    bench.document.edit("move", lambda project: edits.move(project, {"conv2d": (corner.x() - 40, corner.y())}))
    view.motion.finish()
    assert not view.minimap.isVisible()
    view.set_zoom(3.0)
    assert view.minimap.isVisible()
    view.set_zoom(1.0)
    assert not view.minimap.isVisible()


def test_a_press_in_the_overview_moves_the_window(bench: Bench) -> None:
    before = bench.view.visible_box()
    QTest.mouseClick(bench.view.minimap, Qt.MouseButton.LeftButton, pos=bench.view.minimap.rect().bottomRight() / 1.1)
    after = bench.view.visible_box()
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_the_theme_is_followed(bench: Bench) -> None:
    switch = theme_switch()
    dark = switch.current.dark
    switch.set_mode("light" if dark else "dark")
    assert bench.view.board.theme.dark is not dark
    switch.set_mode("dark" if dark else "light")
    assert bench.view.board.theme.dark is dark
    switch.set_mode("system")


def test_a_wire_says_what_it_carries(bench: Bench) -> None:
    assert wire_tooltip(Wire("input", "dense"), bench.checks.current) == "input → dense\n8"


def test_a_wire_says_whether_padding_is_masked() -> None:
    made = {"x": layers.make("Input", {"shape": (5,)}), "words": layers.make("Embedding", {"mask_zero": True})}
    network = Network.of({**made, "read": layers.make("LSTM")}, [Wire("x", "words"), Wire("words", "read")])
    assert wire_tooltip(Wire("words", "read"), check(Project(network))) == "words → read\n5×64 · padding masked"


def boxes_near(boxes: list[Box]) -> Callable[[Box], list[Box]]:
    def near(area: Box) -> list[Box]:
        return [b for b in boxes if b[0] <= area[2] and area[0] <= b[2] and b[1] <= area[3] and area[1] <= b[3]]

    return near


@pytest.mark.parametrize("gap", [1, 5, 14, 30, 43])
@pytest.mark.parametrize("down", [-300, -20, 0, 20, 300])
def test_a_wire_between_cards_that_nearly_touch_stays_between_them(gap: int, down: int) -> None:
    boxes: list[Box] = [(0, 0, 188, 76), (188 + gap, down, 376 + gap, 76 + down)]
    start, end = (188.0, 38.0), (188.0 + gap, 38.0 + down)
    (curve,) = route(start, end, boxes_near(boxes), (boxes[0], boxes[1]))
    assert all(188 <= x <= 188 + gap for x, _ in curve)
    assert all(min(38, 38 + down) <= y <= max(38, 38 + down) for _, y in curve)


@pytest.mark.parametrize(
    ("source", "target", "between"),
    [
        ((0, 0), (600, 0), [(300, 0)]),
        ((0, 0), (900, 0), [(300, 0), (600, 0)]),
        ((0, 0), (900, 200), [(300, 60), (600, 140)]),
        ((600, 0), (0, 300), [(300, 300)]),
        ((600, 0), (0, 0), [(300, 0)]),
        ((600, 300), (0, 0), [(300, 150)]),
    ],
)
def test_a_wire_goes_round_the_cards(
    source: tuple[int, int], target: tuple[int, int], between: list[tuple[int, int]]
) -> None:
    boxes: list[Box] = [(x, y, x + 188, y + 76) for x, y in (source, target, *between)]
    start, end = (source[0] + 188.0, source[1] + 38.0), (target[0] + 0.0, target[1] + 38.0)
    way = route(start, end, boxes_near(boxes), (boxes[0], boxes[1]))
    assert way[0][0] == start
    assert way[-1][3] == end
    # De Casteljau, many times: none of the points may lie inside a card.
    for curve in way:
        for i in range(1, 400):
            t, points = i / 400, list(curve)
            while len(points) > 1:
                points = [(a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairwise(points)]
            x, y = points[0]
            assert not any(left < x < right and top < y < bottom for left, top, right, bottom in boxes), (x, y)


def test_search_finds_by_name_initials_category_and_text() -> None:
    def keys(typed: str) -> list[str]:
        return [suggestion.layer.key for suggestion in found(typed, everything())]

    assert keys("dense")[0] == "Dense"
    assert keys("mp2")[0] == "MaxPooling2D"
    assert keys("batch")[0] == "BatchNormalization"
    assert "MaxPooling2D" in keys("pooling")
    assert "Dropout" in keys("random part")
    assert keys("zzz") == []
    assert score("", "anything") == 0.0


def test_what_is_suggested_fits_and_the_usual_comes_first(bench: Bench) -> None:
    inference = bench.checks.current.inference
    for suggestion in fitting(bench.project, inference, "dense"):
        project = edits.add_layer(bench.project, suggestion.layer(), name="trial")
        assert suggestion.verdict.allowed
        assert edits.connect(project, Wire("dense", "trial"))
    assert fitting(bench.project, inference, "dense")[0].layer.key == "Dense"


def test_the_picture_files_open_and_hold_every_card(bench: Bench, tmp_path: Path) -> None:
    for dark in (True, False):
        render_png(tmp_path / "net.png", bench.project, bench.checks.current, theme(dark), scale=2)
        render_svg(tmp_path / "net.svg", bench.project, bench.checks.current, theme(dark))
        image = QImage(str(tmp_path / "net.png"))
        assert image.pixelColor(0, 0) == theme(dark).color("canvas")
        drawn = QSvgRenderer(str(tmp_path / "net.svg"))
        assert drawn.isValid()
        assert image.width() == pytest.approx(2 * drawn.viewBox().width(), abs=4)
        text = (tmp_path / "net.svg").read_text()
        assert "Conv2D" in text
        assert "<image" not in text
        assert text.count(theme(dark).color("node").name()) >= 5


def test_a_page_fits_the_network_and_has_its_text_as_text(bench: Bench, tmp_path: Path) -> None:
    render_svg(tmp_path / "net.svg", bench.project, bench.checks.current, theme(False))
    render_pdf(tmp_path / "net.pdf", bench.project, bench.checks.current, theme(False))
    page, drawn = pdf(tmp_path / "net.pdf"), QSvgRenderer(str(tmp_path / "net.svg")).viewBoxF()
    assert page.sizes == [pytest.approx((drawn.width() * 0.75, drawn.height() * 0.75), abs=1.5)]
    assert page.images == 0
    assert page.texts >= 2 * len(bench.project.network.layers)


def test_a_network_too_long_for_a_page_is_drawn_smaller(bench_of: Callable[[Project], Bench], tmp_path: Path) -> None:
    bench = bench_of(replace(convolutional(), positions={"digits": (0.0, 0.0), "classes": (40_000.0, 0.0)}))
    render_pdf(tmp_path / "net.pdf", bench.project, bench.checks.current, theme(False))
    ((wide, high),) = pdf(tmp_path / "net.pdf").sizes
    assert wide == pytest.approx(14_400, abs=1)
    assert 0 < high < wide / 20


@pytest.mark.qt_log_ignore(r"begin\(\)")
@pytest.mark.parametrize("render", [render_pdf, render_png, render_svg])
def test_a_picture_that_cannot_be_written_says_so(bench: Bench, tmp_path: Path, render: Callable[..., None]) -> None:
    with pytest.raises(OSError, match="could not be written"):
        render(tmp_path / "no" / "net", bench.project, bench.checks.current, theme(True))


def test_an_activity_line_is_only_for_cards_that_are_there(bench: Bench) -> None:
    bench.view.set_activity("dense", 0.5)
    bench.view.set_activity("gone", 0.5)
    assert bench.view.board.nodes["dense"].activity == 0.5


def test_data_with_another_shape_reaches_the_cards(bench_of: Callable[[Project], Bench]) -> None:
    network = Network.of({"input": layers.make("Input"), "dense": layers.make("Dense")}, [Wire("input", "dense")])
    bench = bench_of(Project(network, {"input": (0.0, 0.0), "dense": (252.0, 0.0)}))
    assert bench.view.board.nodes["dense"].text.shape == ""
    bench.checks.set_facts(DataFacts(10, {"x": (None, 30)}, {"y": TargetFacts("values", (None, 1))}))
    assert bench.view.board.nodes["dense"].text.count == "1.98k"
