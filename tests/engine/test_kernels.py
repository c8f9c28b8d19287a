"""The contract of every kernel: the shape that was inferred, Keras's values, and a gradient that is the slope."""

from __future__ import annotations

import numpy as np
import pytest

from engine.gradcheck import gradient_errors
from engine.kernel import Array, kernel_of
from engine.plan import Plan, compile
from graph.activations import activations
from graph.infer import infer
from graph.layers import layers
from graph.layers.activation import Activation
from graph.layers.axes import channels_last
from graph.layers.endpoints import Input, Output
from graph.network import Network, Wire
from tests.reference.case import BATCH, Case
from tests.reference.cases import CASES
from tests.reference.stored import stored

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_settled_case = pytest.mark.parametrize("case", [c for c in CASES if not c.random], ids=lambda case: case.name)


def network_of(case: Case) -> Network:
    """The layer of a case, with an Input for each of its inputs, and an Output for each of several outputs."""
    if isinstance(case.layer, Input):
        return Network.of({"x0": case.layer, "layer": Output()}, [Wire("x0", "layer")])
    inputs = {f"x{i}": Input(shape=x) for i, x in enumerate(case.xs)}
    ports = case.layer.inputs * len(inputs) if case.layer.inputs[0].many else case.layer.inputs
    wires = [Wire(name, "layer", "y", port.name) for name, port in zip(inputs, ports, strict=False)]
    ports = case.layer.outputs if len(case.layer.outputs) > 1 else ()
    wires += [Wire("layer", f"layer {port.name}", port.name) for port in ports]
    return Network.of({**inputs, "layer": case.layer, **{f"layer {port.name}": Output() for port in ports}}, wires)


def run(case: Case, training: bool) -> tuple[Plan, Array]:
    """The layer's output for Keras's inputs and weights, in float32."""
    plan = compile(network_of(case), BATCH, training=training)
    kept = stored(case)
    plan.parameters.load({f"layer/{name[7:]}": w for name, w in kept.items() if name.startswith("weight ")})
    for name, x in plan.inputs.items():
        x[...] = kept[name]
    plan.forward()
    return plan, plan.outputs["layer" if len(plan.outputs) == 1 else f"layer {case.layer.outputs[0].name}"]


def test_every_layer_has_a_kernel_and_a_case() -> None:
    for layer in layers:
        assert kernel_of(layer()), layer.key
    for name in activations.names():
        assert kernel_of(Activation(name)), name
    assert {case.layer.key for case in CASES} == set(layers.names())
    assert {case.layer.activation for case in CASES if isinstance(case.layer, Activation)} == set(activations.names())


def test_every_case_is_stored() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert [case.name for case in CASES if "inference" not in stored(case)] == []


@every_case
def test_shape_is_the_inferred_one(case: Case) -> None:
    inferred = infer(network_of(case)).layers["layer"].outputs
    assert inferred is not None
    assert run(case, training=False)[1].shape == (BATCH, *inferred[0][1:])


@every_case
def test_inference_is_as_in_keras(case: Case) -> None:
    _, y = run(case, training=False)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, stored(case)["inference"], rtol=1e-5, atol=1e-5)


@every_settled_case
def test_training_is_as_in_keras(case: Case) -> None:
    plan, y = run(case, training=True)
    np.testing.assert_allclose(y, stored(case)["training"], rtol=1e-5, atol=1e-5)
    for name, w in stored(case).items():
        if name.startswith("after "):
            np.testing.assert_allclose(plan.parameters.of("layer")[name[6:]], w, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", [c for c in CASES if len(c.layer.outputs) > 1], ids=lambda case: case.name)
def test_further_outputs_are_as_in_keras(case: Case) -> None:
    for mode in ("inference",) if case.random else ("inference", "training"):
        plan, _ = run(case, training=mode == "training")
        for port in case.layer.outputs[1:]:
            expected = stored(case)[f"{mode} {port.name}"]
            np.testing.assert_allclose(plan.outputs[f"layer {port.name}"], expected, rtol=1e-5, atol=1e-5)


@every_case
def test_gradient_is_the_slope(case: Case) -> None:
    smooth = not case.whole_below and case.padding is None
    plan = compile(network_of(case), BATCH, input_gradients=smooth, dtype=np.float64)
    kept = stored(case)
    plan.parameters.load({f"layer/{name[7:]}": w for name, w in kept.items() if name.startswith("weight ")})
    errors = gradient_errors(plan, {name: kept[name] for name in plan.inputs})
    slots = [slot for slot in plan.parameters.slots if slot.trainable]
    assert set(errors) == {slot.name for slot in slots} | set(plan.input_gradients)
    assert {name: error for name, error in errors.items() if error > 1e-6} == {}


@every_settled_case
def test_scratch_keeps_nothing_from_one_step_to_the_next(case: Case) -> None:
    """A step on other values in between changes neither the output nor the gradient."""
    plan, y = run(case, training=True)
    results = []
    for _ in range(2):
        plan.forward()
        for dy in plan.output_gradients.values():
            dy[...] = np.linspace(-1.0, 1.0, dy.size).reshape(dy.shape)
        plan.backward()
        results.append((y.copy(), plan.parameters.gradient.copy()))
        kept = {name: x.copy() for name, x in plan.inputs.items()}
        for x in plan.inputs.values():
            x[...] = x[::-1]
        plan.forward()
        plan.backward()
        for name, x in kept.items():
            plan.inputs[name][...] = x
    np.testing.assert_array_equal(results[0][0], results[1][0])
    np.testing.assert_array_equal(results[0][1], results[1][1])


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize(
    "case", [c for c in CASES if c.layer.key in ("Conv1D", "Conv2D", "Conv3D")], ids=lambda case: case.name
)
def test_convolution_in_pieces_is_the_same(case: Case, samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch whose columns do not fit at once is worked through in pieces, the last of which may be smaller."""
    inferred = infer(network_of(case)).layers["layer"]
    assert inferred.outputs is not None
    places = channels_last(inferred.outputs[0], case.layer.config()["data_format"])[1:-1]
    kernel = inferred.weights["kernel"].shape
    for itemsize in (4, 8):
        bytes_each = itemsize * int(np.prod([n for n in (*places, *kernel[:-1]) if n is not None]))
        monkeypatch.setattr("engine.kernels.product.COLUMN_BYTES", samples * bytes_each)
        if itemsize == 4:
            test_training_is_as_in_keras(case)
        else:
            test_gradient_is_the_slope(case)
