"""Layers that hold a layer: what their parameter takes, how a file keeps it, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from graph.apply import apply
from graph.check import check
from graph.declare import ParameterError
from graph.infer import infer
from graph.layers import layers
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.losses import losses
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import TrainingRecipe
from graph.serialize import dumps, loads
from graph.shapes import Shape
from tests.helpers.strategies import instances


def project_of(layer: Layer, shape: Shape = (5, 3)) -> Project:
    return Project(Network.of({"x": Input(shape), "layer": layer}, [Wire("x", "layer")]))


def nested(depth: int) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "Dense"}
    for _ in range(depth):
        said = {"type": "TimeDistributed", "parameters": {"layer": said}}
    return said


@given(instances(Bidirectional))
def test_a_file_keeps_the_layer_inside(layer: Bidirectional) -> None:
    project = Project(Network.of({"layer": layer}, []))
    loaded = loads(dumps(project))
    assert loaded.notices == ()
    assert loaded.project.network.layers["layer"] == layer


def test_a_file_says_it_as_it_says_every_layer() -> None:
    text = dumps(project_of(Bidirectional(LSTM(8), "sum")))
    assert '"parameters": {"layer": {"type": "LSTM", "parameters": {"units": 8}}, "merge_mode": "sum"}' in text


def test_it_is_a_value() -> None:
    assert Bidirectional(LSTM(8)) == Bidirectional({"type": "LSTM", "parameters": {"units": 8}})
    assert hash(Bidirectional(LSTM(8))) == hash(Bidirectional(LSTM(8)))
    assert Bidirectional(LSTM(8)) != Bidirectional(LSTM(9))
    assert Bidirectional().changed() == {}
    assert Bidirectional(LSTM(8)).card(None) == "LSTM 8"
    assert TimeDistributed(Conv2D(4)).card(None) == "Conv2D 4 · 3×3 · valid · linear"


@pytest.mark.parametrize(
    ("key", "said", "text"),
    [
        ("Bidirectional", {"type": "LSTM", "parameters": {"units": 0}}, "Bidirectional: layer.units: expected a whole"),
        ("Bidirectional", {"type": "LSTM", "parameters": {"unit": 3}}, "Bidirectional: layer.unit: no such parameter; "
         "did you mean 'units'?"),
        ("Bidirectional", {"type": "LTSM"}, "Bidirectional: layer: expected a layer with memory: SimpleRNN, LSTM, GRU"),
        ("Bidirectional", Dense(3), "Bidirectional: layer: expected a layer with memory: SimpleRNN, LSTM, GRU"),
        ("Bidirectional", {"type": "LSTM", "units": 3}, "Bidirectional: layer: expected a type and its parameters,"),
        ("Bidirectional", None, "Bidirectional: layer: expected a layer with memory: SimpleRNN, LSTM, GRU"),
        ("Bidirectional", LSTM(4, input_shape=(5, 3)), "Bidirectional: layer.input_shape: expected nothing, received "
         "(5, 3): state it outside"),
        ("TimeDistributed", {"type": "Add"}, "TimeDistributed: layer: expected a layer with one input and one output, "
         "received 'Add'"),
        ("TimeDistributed", {"type": "TimeDistributed", "parameters": {"layer": {"type": "Dense", "parameters": {
            "units": "many"}}}}, "TimeDistributed: layer.layer.units: expected a whole number from 1 to 65,536, "
         "received 'many'"),
    ],
)  # fmt: skip
def test_a_wrong_layer_is_answered_with_the_way_there(key: str, said: Any, text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        layers.make(key, {"layer": said})
    assert str(caught.value).startswith(text)


def test_the_nearest_layer_is_offered() -> None:
    with pytest.raises(ParameterError, match="did you mean 'LSTM'"):
        layers.make("Bidirectional", {"layer": {"type": "LTSM"}})


def test_a_file_with_a_layer_that_is_not_understood_is_kept_and_can_be_mended() -> None:
    project = project_of(Bidirectional(LSTM(8)))
    text = dumps(project).replace('"LSTM"', '"LTSM"')
    loaded = loads(text).project
    placeholder = loaded.network.layers["layer"]
    assert isinstance(placeholder, Placeholder)
    assert '"LTSM"' in dumps(loaded)
    assert placeholder.mended == Bidirectional(LSTM(8))


@pytest.mark.parametrize("depth", [5, 400])
def test_layers_are_not_nested_without_end(depth: int) -> None:
    with pytest.raises(ParameterError, match="at most 4 layers inside of each other"):
        layers.make("TimeDistributed", {"layer": nested(depth)})
    assert layers.make("TimeDistributed", {"layer": nested(3)})


@pytest.mark.parametrize(
    ("layer", "shape", "text", "mended"),
    [
        (TimeDistributed(Dense(4)), (3,), "TimeDistributed takes a sequence, but gets 3.", None),
        (TimeDistributed(Conv2D(4, 9)), (2, 5, 5, 1), "A window of 9×9 does not fit into 5×5.",
         TimeDistributed(Conv2D(4, 9, padding="same"))),
        (TimeDistributed(Conv2D(4)), (5, 3), "Conv2D takes images (height, width, channels), but gets 3.", None),
        (TimeDistributed(LSTM(4, return_state=True)), (2, 5, 3), "The layer inside has 3 outputs, but one can be given "
         "on.", TimeDistributed(LSTM(4))),
        (Bidirectional(LSTM(4, go_backwards=True)), (5, 3), "Both layers read in the same direction.",
         Bidirectional(LSTM(4))),
        (Bidirectional(LSTM(4), backward_layer=LSTM(4)), (5, 3), "Both layers read in the same direction.",
         Bidirectional(LSTM(4), backward_layer=LSTM(4, go_backwards=True))),
        (Bidirectional(LSTM(4), backward_layer=GRU(4, return_sequences=True, go_backwards=True)), (5, 3),
         "The two layers differ in return_sequences.",
         Bidirectional(LSTM(4), backward_layer=GRU(4, go_backwards=True))),
        (Bidirectional(LSTM(4), backward_layer=LSTM(3, go_backwards=True)), (5, 3), "The two directions give 4 and 3.",
         Bidirectional(LSTM(4))),
        (Bidirectional(LSTM(4, return_state=True), backward_layer=GRU(4, return_state=True, go_backwards=True)), (5, 3),
         "The two layers have different states.", Bidirectional(LSTM(4, return_state=True))),
        (Bidirectional(LSTM(4, activity_regularizer="l2"), "sum"), (5, 3), "The activity_regularizer l2 cannot be told "
         "of joined directions.", Bidirectional(LSTM(4), "sum")),
        (Bidirectional(LSTM(4)), (5, None), "The number of features in a step is not known, so the weights have no size"
         ".", None),
    ],
)  # fmt: skip
def test_what_cannot_be_says_why_and_how_to_mend_it(
    layer: Layer, shape: Shape, text: str, mended: Layer | None
) -> None:
    project = project_of(layer, shape)
    (problem,) = infer(project.network).layers["layer"].problems
    assert problem.text == text
    assert problem.hint
    assert [fix.edit(project).network.layers["layer"] for fix in problem.fixes] == ([mended] if mended else [])


@pytest.mark.parametrize("layer", [LSTM(4), Bidirectional(LSTM(4))])
def test_a_fix_that_cannot_be_is_not_offered(layer: Layer) -> None:
    """A first state with more values than a layer may have units."""
    ports = [port.name for port in layer.inputs]
    found = {name: Input((70_000,)) for name in ports[1:]}
    network = Network.of({ports[0]: Input((5, 3)), **found, "layer": layer}, [Wire(n, "layer", "y", n) for n in ports])
    (problem,) = infer(network).layers["layer"].problems
    assert problem.text == "The first state has 70000 values, but units is 4."
    assert problem.fixes == ()


def test_first_states_come_for_both_directions() -> None:
    found = {"x": Input((5, 3)), "h": Input((4,)), "layer": Bidirectional(GRU(4))}
    wires = [Wire("x", "layer"), Wire("h", "layer", "y", "forward_h"), Wire("h", "layer", "y", "backward_h")]
    assert infer(Network.of(found, wires)).layers["layer"].outputs == ((None, 8),)
    (problem,) = infer(Network.of(found, wires[:2])).layers["layer"].problems
    assert problem.text == "Bidirectional takes 2 first states together, but has 1."


def test_ports_follow_the_layer_inside() -> None:
    layer = Bidirectional(LSTM(4, return_state=True), None)
    assert [port.name for port in layer.inputs] == ["x", "forward_h", "forward_c", "backward_h", "backward_c"]
    names = ["y", "backward", "forward_h", "forward_c", "backward_h", "backward_c"]
    assert [port.name for port in layer.outputs] == names
    assert [port.name for port in Bidirectional(SimpleRNN()).outputs] == ["y"]


def test_parameters_and_multiply_adds_are_those_inside() -> None:
    inner = apply("layer", LSTM(4), ((None, 5, 3),))
    both = apply("layer", Bidirectional(LSTM(4)), ((None, 5, 3),))
    assert (both.parameters, both.macs) == (2 * inner.parameters, 2 * inner.macs)
    dense = apply("layer", Dense(4), ((None, 3),))
    steps = apply("layer", TimeDistributed(Dense(4)), ((None, 5, 3),))
    assert (steps.parameters, steps.macs) == (dense.parameters, 5 * dense.macs)
    frozen = apply("layer", Bidirectional(LSTM(4), backward_layer=LSTM(4, go_backwards=True, trainable=False)),
                   ((None, 5, 3),))  # fmt: skip
    assert {name for name, weight in frozen.weights.items() if not weight.trainable} == {
        "backward_kernel", "backward_recurrent_kernel", "backward_bias"
    }  # fmt: skip


@pytest.mark.parametrize("inner", [Dense(4, activation="softmax"), Activation("softmax")], ids=lambda one: one.key)
def test_lints_see_the_activation_inside(inner: Layer) -> None:
    project = project_of(TimeDistributed(inner))
    recipe = TrainingRecipe(loss=losses.make("categorical_crossentropy"))
    assert not any("probabilities" in problem.text for problem in check(replace(project, training=recipe)).problems)
    linear = project_of(TimeDistributed(Dense(4)))
    (problem,) = check(replace(linear, training=recipe)).problems
    assert "needs probabilities" in problem.text
