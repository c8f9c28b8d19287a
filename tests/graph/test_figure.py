"""The figure for papers: what is drawn, in what proportion, where it stands, and that it is SVG whatever the names."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from math import isfinite, log2

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.figure import Drawing, figure, to_svg
from graph.figure.blocks import blocks_of
from graph.figure.colors import COLORS
from graph.figure.compose import box_of
from graph.figure.drawing import Disc, Face, Line, Text
from graph.figure.fold import folded, segments
from graph.figure.labels import label_of
from graph.figure.place import Placed, placed
from graph.figure.solids import solid_of
from graph.infer import infer
from graph.layers import CATEGORIES, Layer, layers
from graph.layers.activation import Activation
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add, Concatenate
from graph.layers.normalization import BatchNormalization
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.network import Network, Wire
from tests.helpers.strategies import NAMES, networks, sound_networks

SVG = "{http://www.w3.org/2000/svg}"


def chain(*made: Layer) -> Network:
    names = [f"n{i}" for i in range(len(made))]
    return Network.of(dict(zip(names, made, strict=True)), [Wire(*ends) for ends in pairwise(names)])


def residual(*counts: int) -> Network:
    """Stages of residual blocks: each doubles the channels, with a convolution on its first shortcut."""
    made: dict[str, Layer] = {"input": Input(shape=(32, 32, 3)), "stem": Conv2D(16, (3, 3), padding="same")}
    wires = [Wire("input", "stem")]
    last = "stem"
    for stage, count in enumerate(counts):
        for i in range(count):
            name, filters = f"s{stage}b{i}", 16 * 2**stage
            made |= {
                f"{name}a": Conv2D(filters, (3, 3), padding="same"),
                f"{name}n": BatchNormalization(),
                f"{name}r": Activation("relu"),
                f"{name}b": Conv2D(filters, (3, 3), padding="same"),
            }
            wires += [Wire(a, b) for a, b in pairwise([last, *(f"{name}{part}" for part in "anrb")])]
            if stage and not i:
                made[f"{name}c"] = Conv2D(filters, (1, 1))
                wires.append(Wire(last, f"{name}c"))
                last = f"{name}c"
            made |= {f"{name}+": Add(), f"{name}o": Activation("relu")}
            wires += [Wire(f"{name}b", f"{name}+"), Wire(last, f"{name}+"), Wire(f"{name}+", f"{name}o")]
            last = f"{name}o"
    made["out"] = Dense(10)
    return Network.of(made, [*wires, Wire(last, "out")])


def texts(drawing: Drawing) -> list[str]:
    return [mark.text for mark in drawing.marks if isinstance(mark, Text)]


def spots(network: Network, width: float = 900.0) -> tuple[Placed, dict[str, tuple[float, float, float, float]]]:
    """Where the blocks stand, and the box of each with its label."""
    blocks = folded(blocks_of(infer(network)))
    solids = {name: solid_of(block) for name, block in blocks.blocks.items()}
    labels = {name: label_of(name, block) for name, block in blocks.blocks.items()}
    found = placed(blocks.network, solids, labels, width)
    boxes = {}
    for name, (x, y) in found.middles.items():
        half, high = max(solids[name].width, labels[name].width) / 2, solids[name].height / 2
        boxes[name] = (x - half, y - high, x + half, y + high + labels[name].height)
    return found, boxes


def test_layers_that_only_change_values_are_slabs() -> None:
    network = chain(
        Input(shape=(8, 8, 1)),
        Conv2D(4, (3, 3), activation="relu"),
        BatchNormalization(),
        Dropout(0.25),
        Flatten(),
        Dense(10, activation="softmax"),
        Output(),
    )
    blocks = blocks_of(infer(network)).blocks
    assert {name: [slab.key for slab in block.slabs] for name, block in blocks.items()} == {
        "n0": [],
        "n1": ["Activation", "BatchNormalization", "Dropout"],
        "n4": [],
        "n5": ["Activation"],
    }
    said = texts(figure(infer(network)))
    assert [line for line in ("Conv2D", "3×3", "6×6×4", "relu", "BatchNorm", "Dropout 0.25") if line not in said] == []


def test_what_others_read_too_stays_a_block() -> None:
    made = {"a": Input(shape=(4,)), "b": Dense(4), "c": Activation("relu"), "d": Add()}
    network = Network.of(made, [Wire("a", "b"), Wire("b", "c"), Wire("b", "d"), Wire("c", "d")])
    assert list(blocks_of(infer(network)).blocks) == ["a", "b", "c", "d"]


def test_sides_grow_with_the_logarithm() -> None:
    """Every doubling (of one more than the size) adds the same."""

    def size(side: int, channels: int) -> tuple[float, float]:
        blocks = blocks_of(infer(chain(Input(shape=(side, side, channels)), Conv2D(1)))).blocks
        front = solid_of(blocks["n0"]).marks[0]
        assert isinstance(front, Face)
        xs, ys = zip(*front.points, strict=True)
        return max(xs) - min(xs), max(ys) - min(ys)

    wide = {channels: size(8, channels)[0] for channels in (1, 3, 7, 15, 511)}
    high = {side: size(side, 1)[1] for side in (7, 15, 31, 255)}
    for found in (wide, high):
        (a, b), *others = pairwise(found)
        step = (found[b] - found[a]) / (log2(1 + b) - log2(1 + a))
        for c, d in others:
            assert (found[d] - found[c]) / (log2(1 + d) - log2(1 + c)) == pytest.approx(step)
        assert step > 0


def test_a_repeated_layer_is_drawn_once() -> None:
    network = chain(Input(shape=(20,)), *(Dense(64) for _ in range(9)), Dense(3))
    blocks = folded(blocks_of(infer(network)))
    assert [(repeat.names, repeat.count) for repeat in blocks.repeats] == [(("n2",), 8)]  # the first reads 20 values
    assert list(blocks.blocks) == ["n0", "n1", "n2", "n10"]
    assert "× 8" in texts(figure(infer(network)))


def test_residual_blocks_are_drawn_once_a_stage() -> None:
    blocks = folded(blocks_of(infer(residual(3, 4))))
    assert [(repeat.names, repeat.count) for repeat in blocks.repeats] == [
        (("s0b0a", "s0b0b", "s0b0+"), 3),
        (("s1b1a", "s1b1b", "s1b1+"), 3),
    ]
    assert nx.is_directed_acyclic_graph(blocks.network.wiring.graph)
    assert nx.is_weakly_connected(blocks.network.wiring.graph)


def test_parts_with_ways_of_their_own_are_not_folded() -> None:
    """Every one of these gives a result besides: drawn once, the others would be lost."""
    made: dict[str, Layer] = {"n0": Input(shape=(4,))}
    wires = []
    for i in range(8):
        made |= {f"n{i + 1}": Dense(4), f"side{i}": Dense(2)}
        wires += [Wire(f"n{i}", f"n{i + 1}"), Wire(f"n{i + 1}", f"side{i}")]
    found = blocks_of(infer(Network.of(made, wires)))
    assert folded(found).repeats == ()
    assert len(folded(found).blocks) == 17


@given(sound_networks())
def test_waists_cut_the_network(network: Network) -> None:
    """By networkx: without a waist, nothing before it reaches anything after it."""
    parts = segments(network)
    assert [name for part in parts for name in part] == list(network.order)
    for i, part in enumerate(parts[:-1]):
        graph = nx.DiGraph(network.wiring.graph)
        graph.remove_node(part[-1])
        before = {name for one in parts[: i + 1] for name in one} - {part[-1]}
        after = {name for one in parts[i + 1 :] for name in one}
        assert not any(after & nx.descendants(graph, name) for name in before)


@given(networks(), st.sampled_from([300.0, 900.0]))
def test_no_two_blocks_overlap_and_wires_begin_and_end_at_theirs(network: Network, width: float) -> None:
    found, boxes = spots(network, width)
    for (_, a), (_, b) in combinations(boxes.items(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 1e-6 or b[3] <= a[1] + 1e-6
    for (source, target), corners in found.wires.items():
        for name, (x, y) in ((source, corners[0]), (target, corners[-1])):
            left, top, right, bottom = boxes[name]
            assert left - 0.1 <= x <= right + 0.1
            assert top - 0.1 <= y <= bottom + 0.1


def test_a_shortcut_goes_over_the_blocks_and_comes_from_above() -> None:
    found, boxes = spots(residual(1))
    corners = found.wires["stem", "s0b0+"]
    assert corners[0][1] == found.middles["stem"][1]
    assert corners[-1][0] == found.middles["s0b0+"][0]
    assert min(y for _, y in corners) < min(boxes[name][1] for name in ("s0b0a", "s0b0b"))


def test_branches_stand_one_below_the_other() -> None:
    made = {"a": Input(shape=(4,)), "b": Dense(4), "c": Dense(5), "d": Concatenate()}
    found, _ = spots(Network.of(made, [Wire("a", "b"), Wire("a", "c"), Wire("b", "d"), Wire("c", "d")]))
    assert found.middles["b"][0] == found.middles["c"][0]
    assert found.middles["b"][1] < found.middles["d"][1] < found.middles["c"][1]


def test_a_long_chain_goes_on_in_the_next_row() -> None:
    network = chain(Input(shape=(30,)), *(Dense(n) for n in range(30, 10, -1)))
    drawing = figure(infer(network), 500)
    assert drawing.width < 560
    assert drawing.height > 400


@given(networks())
def test_every_network_is_a_drawing_within_its_page(network: Network) -> None:
    drawing = figure(infer(network))
    root = ET.fromstring(to_svg(drawing, "any"))
    assert root.attrib["viewBox"] == f"0 0 {drawing.width:g} {drawing.height:g}" or drawing.width > 1e5
    left, top, right, bottom = box_of(drawing.marks)
    assert (left, top) >= (0, 0)
    assert right <= drawing.width
    assert bottom <= drawing.height
    points = [p for mark in drawing.marks if isinstance(mark, Face | Line) for p in mark.points]
    assert all(isfinite(x) and isfinite(y) for x, y in points)


@given(st.one_of(NAMES, st.sampled_from(["</text><script>alert(1)</script>", "a & b", '"', "\0\x0b\ud800", "]]>"])))
def test_no_name_breaks_out_of_the_drawing(name: str) -> None:
    drawing = figure(infer(Network.of({name: Input(shape=(3,)), "b": Dense()}, [Wire(name, "b")])))
    root = ET.fromstring(to_svg(drawing, name).encode())
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "title", "path", "polygon", "text", "circle"}
    assert [one.text for one in root.iter(f"{SVG}text")].count("Dense") >= 1


def test_an_empty_network_is_an_empty_page() -> None:
    assert [mark for mark in figure(infer(Network())).marks if not isinstance(mark, Disc)] == []


def test_every_category_has_a_colour_of_its_own() -> None:
    assert set(COLORS) == set(CATEGORIES)
    assert len(set(COLORS.values())) == len(CATEGORIES)
    assert {cls.category for cls in layers} <= set(COLORS)
