"""The generated C code, compiled and run: the same predictions as the network, for every layer that C can say."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats import exporters, make, work_on
from engine.formats.c_code import emitters
from engine.formats.c_code.arena import places
from engine.formats.c_code.core import ACTIVATIONS, ROWS
from engine.templates import make as template
from graph.activations import activations
from graph.layers import layers
from graph.layers.activation import Activation
from graph.layers.convolution import Conv1D, Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add, Concatenate
from graph.layers.normalization import LayerNormalization
from graph.layers.pooling import GlobalAveragePooling1D
from graph.layers.rectifiers import Softmax
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled
from tests.reference.case import Case
from tests.reference.cases import CASES

COMPILER = shutil.which("cc")
compiled = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler (cc)")
FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC")


def written(project: Project) -> bytes:
    return make(exporters["c"], work_on(project, "my", filled(project.network).parameters.named())).content


def compare(project: Project, folder: Path) -> None:
    """Write the header, compile it, and run every sample through it."""
    plan = filled(project.network)
    (folder / "my.h").write_bytes(written(project))
    entries, results = list(plan.inputs.values()), list(plan.outputs.values())
    given = ", ".join(
        [f"const float *x{i}" for i in range(len(entries))] + [f"float *y{i}" for i in range(len(results))]
    )
    passed = ", ".join([f"x{i}" for i in range(len(entries))] + [f"y{i}" for i in range(len(results))])
    (folder / "my.c").write_text(f'#include "my.h"\nvoid run({given}) {{ my_predict({passed}); }}\n')
    assert COMPILER is not None
    subprocess.run([COMPILER, *FLAGS, "-o", folder / "my.so", folder / "my.c", "-lm"], check=True)
    run = ctypes.CDLL(str(folder / "my.so")).run
    for sample in range(len(entries[0])):
        given_xs = [np.ascontiguousarray(x[sample], np.float32) for x in entries]
        made_ys = [np.empty(y.shape[1:], np.float32) for y in results]
        run(*(ctypes.c_void_p(array.ctypes.data) for array in (*given_xs, *made_ys)))
        for y, expected in zip(made_ys, results, strict=True):
            np.testing.assert_allclose(y, expected[sample], rtol=1e-5, atol=1e-5)


def can_be_said(case: Case) -> bool:
    try:
        written(Project(network_of(case)))
    except FileProblem:
        return False
    return True


SAID = [case for case in CASES if case.layer.inputs and type(case.layer) in emitters]


@compiled
@pytest.mark.parametrize("case", SAID, ids=lambda case: case.name)
def test_every_layer_predicts_the_same(case: Case, tmp_path: Path) -> None:
    if can_be_said(case):
        compare(Project(network_of(case)), tmp_path)


def test_most_cases_of_the_layers_it_has_can_be_said() -> None:
    refused = [case.name for case in SAID if not can_be_said(case)]
    assert len(refused) < len(SAID) / 4, refused


@compiled
@pytest.mark.parametrize("name", ["digits", "spirals", "regression"])
def test_templates_predict_the_same(name: str, tmp_path: Path) -> None:
    compare(template(name)[0], tmp_path)


@compiled
def test_branches_share_memory_and_do_not_disturb_each_other(tmp_path: Path) -> None:
    layers = {
        "x": Input((6, 2)),
        "a": Conv1D(3, 3, padding="same", activation="relu"),
        "b": Conv1D(3, 1),
        "sum": Add(),
        "side": Dense(2, activation="softmax"),
        "end": Concatenate(),
        "int": Dense(4),
    }
    wires = [Wire("x", "a"), Wire("x", "b"), Wire("a", "sum"), Wire("b", "sum"), Wire("sum", "side")]
    wires += [Wire("a", "end"), Wire("side", "end"), Wire("sum", "int")]
    compare(Project(Network.of(layers, wires)), tmp_path)


def test_tensors_share_a_place_only_where_they_are_never_needed_at_once() -> None:
    sizes = {"a": 4, "b": 2, "c": 4, "d": 1}
    offsets, size = places(sizes, list(sizes), {"a": 1, "b": 3, "c": 3, "d": 4})
    assert offsets == {"a": 0, "b": 4, "c": 0, "d": 6}
    assert size == 7


def test_every_activation_can_be_said() -> None:
    assert {*ACTIVATIONS, *ROWS, "linear"} == set(activations.names())


def test_what_has_no_emitter_is_refused_by_name() -> None:
    for case in CASES:
        if case.layer.inputs and not isinstance(case.layer, Output) and type(case.layer) not in emitters:
            with pytest.raises(FileProblem) as refused:
                written(Project(network_of(case)))
            assert str(refused.value.text) == f"layer: C code has no {case.layer.key}."


@pytest.mark.parametrize(
    ("layer", "shape", "text"),
    [
        (Conv2D(2, data_format="channels_first"), (2, 5, 5), "y: C code has channels last only."),
        (Softmax(axis=1), (3, 2), "y: C code has a softmax along the last axis only."),
        (LayerNormalization(axis=1), (3, 2), "y: C code normalizes along the last axis only."),
        (Dense(2), (None, 2), "y: C code needs every size, but one is not known."),
    ],
)
def test_what_it_cannot_say_is_refused(layer: Dense, shape: tuple[int | None, ...], text: str) -> None:
    project = Project(Network.of({"x": Input(shape), "y": layer}, [Wire("x", "y")]))
    weights = {} if None in shape else filled(project.network).parameters.named()
    with pytest.raises(FileProblem) as refused:
        make(exporters["c"], work_on(project, "my", weights))
    assert str(refused.value.text) == text


def test_masks_and_sizes_that_differ_are_refused() -> None:
    words = {"x": Input((4,)), "w": Embedding(9, 2, mask_zero=True), "y": GlobalAveragePooling1D()}
    masked = Project(Network.of(words, [Wire("x", "w"), Wire("w", "y")]))
    with pytest.raises(FileProblem, match="y: C code reads no masks"):
        written(masked)
    two = {"x": Input((4, 2)), "z": Input((1, 2)), "y": Add()}
    with pytest.raises(FileProblem, match="y: C code merges inputs of the same size only"):
        written(Project(Network.of(two, [Wire("x", "y"), Wire("z", "y")])))


def test_a_large_network_is_refused() -> None:
    project = Project(Network.of({"x": Input((2000,)), "y": Dense(2000)}, [Wire("x", "y")]))
    with pytest.raises(FileProblem, match="C code is for small networks: this one has 4,002,000 weights"):
        make(exporters["c"], work_on(project, "my", {}))


def test_a_name_cannot_break_out_of_a_comment() -> None:
    project = Project(Network.of({"x": Input((3,)), "y": Activation("relu")}, [Wire("x", "y")]))
    text = make(exporters["c"], work_on(project, "*/ int y; /*", {})).content.decode()
    assert text.startswith("/* * / int y; /*: x (3) to out_0 (y, 3)")
    assert "static inline void int_y_predict(const float *x, float *out_0) {" in text


def test_every_emitter_is_that_of_a_layer() -> None:
    assert set(emitters) <= set(layers)
