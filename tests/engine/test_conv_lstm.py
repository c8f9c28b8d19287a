"""What the reference cases do not say of LSTMs that slide filters: how they begin, and masks.

Keras lays masks along the wrong axis here with JAX; with PyTorch it does what these tests ask for.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.gradcheck import gradient_errors
from engine.plan import compile
from graph.infer import infer
from graph.layers.base import Layer
from graph.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.reshape import Reshape
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.network import Network, Wire
from tests.reference.masks import EVERYWHERE, FEATURES, PADDED, STEPS

LAYERS = (
    ConvLSTM1D(2, kernel_size=2),
    ConvLSTM1D(2, kernel_size=2, go_backwards=True),
    Bidirectional(ConvLSTM1D(2, kernel_size=2)),
)


def network(layer: Layer, steps: int | None = STEPS) -> Network:
    """A layer behind the mask of features that are all 0."""
    layers = {"x": Input((steps, FEATURES)), "mask": Masking(), "seen": TimeDistributed(Reshape((FEATURES, 1)))}
    wires = [Wire("x", "mask"), Wire("mask", "seen"), Wire("seen", "layer")]
    return Network.of({**layers, "layer": layer}, wires)


def sequences(padded: np.ndarray) -> np.ndarray:
    x = np.random.default_rng(0).standard_normal((*padded.shape, FEATURES))
    x[padded] = 0.0
    return x


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_padding_is_as_if_it_were_not_there(layer: Layer) -> None:
    x = sequences(PADDED)
    plan = compile(network(layer), len(x), training=False, dtype=np.float64, seed=3)
    plan.inputs["x"][...] = x
    plan.forward()
    for i, hidden in enumerate(PADDED):
        short = x[i, ~hidden]
        alone = compile(network(layer, len(short)), 1, training=False, dtype=np.float64, seed=3)
        alone.inputs["x"][...] = short
        alone.forward()
        np.testing.assert_allclose(plan.outputs["layer"][i], alone.outputs["layer"][0], rtol=1e-12)


@pytest.mark.parametrize("sequence", [False, True])
@pytest.mark.parametrize("padded", [PADDED, EVERYWHERE], ids=["some", "one sample whole"])
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_gradient_of_the_weights_is_the_slope(layer: Layer, padded: np.ndarray, sequence: bool) -> None:
    asked = layer.layer.with_(return_sequences=sequence) if isinstance(layer, Bidirectional) else layer
    layer = layer.with_(layer=asked) if isinstance(layer, Bidirectional) else layer.with_(return_sequences=sequence)
    plan = compile(network(layer), len(padded), dtype=np.float64)
    errors = gradient_errors(plan, {"x": sequences(padded)})
    assert errors
    assert {name: error for name, error in errors.items() if error > 1e-6} == {}


def test_a_stateful_layer_goes_on_where_the_batch_before_ended() -> None:
    x = np.random.default_rng(0).standard_normal((2, 6, 5, 1))
    whole, half = (
        compile(
            Network.of(
                {
                    "x": Input((steps, 5, 1), batch_size=2),
                    "layer": ConvLSTM1D(2, kernel_size=2, stateful=stateful, return_sequences=True),
                },
                [Wire("x", "layer")],
            ),
            2,
            training=False,
            dtype=np.float64,
            seed=3,
        )
        for steps, stateful in ((6, False), (3, True))
    )
    whole.inputs["x"][...] = x
    whole.forward()
    for part in (slice(0, 3), slice(3, 6)):
        half.inputs["x"][...] = x[:, part]
        half.forward()
        np.testing.assert_allclose(half.outputs["layer"], whole.outputs["layer"][:, part], rtol=1e-12)


def test_the_forget_gate_begins_open() -> None:
    net = Network.of({"x": Input((3, 5, 2)), "layer": ConvLSTM1D(2)}, [Wire("x", "layer")])
    bias = compile(net, 2).parameters.of("layer")["bias"]
    np.testing.assert_array_equal(bias, [0, 0, 1, 1, 0, 0, 0, 0])


def test_each_gate_drops_its_own_at_every_step() -> None:
    """The same values are dropped at all steps of a sample, others for another gate and another sample.

    A unit remembers where its forget gate dropped the input, and holds something where the new value was kept.
    """
    layer = ConvLSTM1D(1, kernel_size=1, dropout=0.5, activation="linear", return_sequences=True)
    plan = compile(Network.of({"x": Input((4, 40, 1)), "layer": layer}, [Wire("x", "layer")]), 2)
    weights = plan.parameters.of("layer")
    weights["recurrent_kernel"][...] = 0.0
    weights["kernel"][...] = [0.0, -1e4, 1.0, 0.0]
    weights["bias"][...] = 0.0
    plan.inputs["x"][...] = 1.0
    plan.forward()
    y = plan.outputs["layer"][..., 0]
    forgotten = y[:, 1] == y[:, 0]
    assert set(np.unique(y[:, 0])) == {0.0, 0.5}
    for t in (2, 3):
        np.testing.assert_array_equal((y[:, t] == y[:, 0]) | (y[:, 0] == 0.0), forgotten | (y[:, 0] == 0.0))
    assert (forgotten != (y[:, 0] == 0.0)).any()
    assert (y[0] != y[1]).any()


@pytest.mark.parametrize(
    ("layer", "shape", "text"),
    [
        (ConvLSTM2D(2), (3, None, 5, 2), "The size of a step is not known, so the state has no size."),
        (ConvLSTM2D(2), (3, 2, 2, 1), "A window of 3×3 does not fit into 2×2."),
        (ConvLSTM2D(2, strides=2, dilation_rate=2), (3, 8, 8, 1), "strides and dilation_rate are both above 1."),
        (
            ConvLSTM1D(2, stateful=True),
            (3, 8, 1),
            "A stateful layer keeps a state for every sample of a batch, but how many those are is not fixed.",
        ),
        (ConvLSTM2D(2), (3, 8, 8), "ConvLSTM2D takes volumes (3 axes and channels), but gets 3×8×8."),
    ],
)
def test_what_cannot_be_says_why(layer: Layer, shape: tuple[int | None, ...], text: str) -> None:
    (problem,) = infer(Network.of({"x": Input(shape), "layer": layer}, [Wire("x", "layer")])).layers["layer"].problems
    assert problem.text == text


def test_first_states_are_as_large_as_a_step() -> None:
    layers = {"x": Input((3, 5, 2)), "h": Input((3, 4)), "layer": ConvLSTM1D(4)}
    wires = [Wire("x", "layer"), Wire("h", "layer", "y", "h"), Wire("h", "layer", "y", "c")]
    assert infer(Network.of(layers, wires)).layers["layer"].outputs == ((None, 3, 4),)
    wrong = Network.of({**layers, "h": Input((5, 4))}, wires)
    (problem,) = infer(wrong).layers["layer"].problems
    assert problem.text == "The first state is 5×4, but a step gives 3×4."
