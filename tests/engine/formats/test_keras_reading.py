"""Reading files of Keras: what was written comes back, what is not known is told of, what is damaged is refused."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.formats import export, exporters, make, work_on
from engine.formats.exporter import OptimizerState
from engine.formats.importer import read_import
from engine.formats.keras.reading import read_model, read_weights_onto
from engine.parameters import Parameters
from engine.plan import Plan, compile
from engine.templates import make as template
from engine.templates import templates
from graph.infer import infer
from graph.layers.base import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.network import Network, Wire
from graph.optimizers import SGD
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe
from graph.schedules import ExponentialDecay
from tests.engine.test_kernels import network_of
from tests.helpers.strategies import sound_networks
from tests.reference.case import Case
from tests.reference.cases import CASES

h5py = pytest.importorskip("h5py")


def ran(network: Network, weights: dict[str, np.ndarray] | None = None) -> Plan:
    """A plan that has run, on inputs that follow from their names alone."""
    plan = compile(network, 3, training=False, seed=1)
    if weights is not None:
        plan.parameters.load(weights)
    for name, x in plan.inputs.items():
        x[...] = np.random.default_rng(crc32(name.removesuffix("_input").encode())).integers(0, 2, x.shape)
    plan.forward()
    return plan


def back(project: Project, folder: Path) -> tuple[Project, Plan, Plan]:
    """The project as it is read from the file it was written to, and what both compute."""
    first = ran(project.network)
    export(project, folder / "model.keras", first.parameters.named())
    read = read_model(folder / "model.keras")
    assert not read.notes, read.notes
    return read.project, first, ran(read.project.network, dict(read.weights))


def same_outputs(first: Plan, second: Plan) -> None:
    for y, again in zip(sorted_outputs(first), sorted_outputs(second), strict=True):
        np.testing.assert_allclose(again, y, rtol=1e-5, atol=1e-5, equal_nan=True)


def sorted_outputs(plan: Plan) -> list[np.ndarray]:
    return [plan.outputs[name] for name in sorted(plan.outputs)]


def is_written(case: Case, folder: Path) -> bool:
    """Whether Keras holds the layer, and its operations are such that come back as they were."""
    if case.layer.key in ("Maxout", "SumPooling3D") or case.name.startswith("Lambda(function='x1 - 1')"):
        return False
    try:
        export(Project(network_of(case)), folder / "model.keras.json")
    except FileProblem:
        return False
    return True


@pytest.mark.parametrize("case", [case for case in CASES if case.layer.inputs], ids=lambda case: case.name)
def test_every_layer_comes_back(case: Case, tmp_path: Path) -> None:
    if not is_written(case, tmp_path):
        return
    read, first, second = back(Project(network_of(case)), tmp_path)
    same_outputs(first, second)
    if "layer" in read.network.layers and type(read.network.layers["layer"]) is type(case.layer):
        assert read.network.layers["layer"].key in ("Lambda", case.layer.key)
        if case.layer.key != "Lambda":
            assert read.network.layers["layer"] == case.layer


@pytest.mark.parametrize("name", [one.name for one in templates()])
def test_every_template_comes_back(name: str, tmp_path: Path) -> None:
    project, _ = template(name)
    read, first, second = back(project, tmp_path)
    entries = {f"{name}_input" for name in infer(project.network).entries}
    assert set(read.network.layers) - entries == set(project.network.layers)
    assert read.training.optimizer == project.training.optimizer
    assert read.training.loss == project.training.loss
    assert set(read.positions) == set(read.network.layers)
    same_outputs(first, second)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(network=sound_networks())
def test_random_networks_come_back(network: Network) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            export(Project(network), folder / "model.keras", Parameters(infer(network)).named())
        except FileProblem:
            return
        read = read_model(folder / "model.keras")
    assume(not any(isinstance(layer, Placeholder) for layer in read.project.network.layers.values()))
    assert not [note for note in read.notes if "in the file" in note.text]
    written = {name for name in read.project.network.layers if name in network.layers}
    for name in written:
        ours, theirs = network.layers[name], read.project.network.layers[name]
        if type(ours) is type(theirs) and ours.key != "Lambda":
            assert theirs == ours.with_(**unsaid(ours))


def unsaid(layer: Layer) -> dict[str, object]:
    """What a file of Keras does not hold: whether what has no weights trains, or the inside of a frozen layer."""
    without = ("Regularization", "Input & output")
    changes: dict[str, object] = {"trainable": True} if layer.category in without else {}
    for name, inner in layer.config().items():
        if isinstance(inner, Layer):
            inner = inner.with_(**unsaid(inner))
            changes[name] = inner if layer.trainable else inner.with_(trainable=True)
    return changes


def test_weights_alone_fit_onto_their_network(tmp_path: Path) -> None:
    project, _ = template("digits")
    first = Parameters(infer(project.network))
    first.initialize(3)
    export(project, tmp_path / "model.weights.h5", first.named())
    read = read_weights_onto(tmp_path / "model.weights.h5", infer(project.network))
    assert set(read) == set(first.named())
    for name, array in first.named().items():
        np.testing.assert_array_equal(read[name], array)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    project, _ = template("digits")
    first = Parameters(infer(project.network))
    export(project, tmp_path / "model.weights.h5", first.named())
    other, _ = template("spirals")
    with pytest.raises(FileProblem, match=r"model\.weights\.h5 has no weights for this network"):
        read_weights_onto(tmp_path / "model.weights.h5", infer(other.network))


def functional(*layers: dict[str, Any], ends: Any = ("y", 0, 0)) -> dict[str, Any]:
    """A model in the form of Keras."""
    config = {"name": "m", "layers": list(layers), "input_layers": [["x", 0, 0]], "output_layers": list(ends)}
    return {"class_name": "Functional", "module": "keras", "config": config}


def entry(class_name: str, name: str, *sources: str, module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    """A layer, called on the first outputs of others."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": [s, 0, 0]}} for s in sources
    ]
    nodes = [{"args": tensors, "kwargs": {}}] if tensors else []
    said = {"name": name, **config}
    return {"class_name": class_name, "module": module, "name": name, "config": said, "inbound_nodes": nodes}


X = entry("InputLayer", "x", batch_shape=[None, 4])


def read_config(said: Any, folder: Path) -> Any:
    (folder / "m.json").write_text(json.dumps(said))
    return read_import(folder / "m.json")


def test_what_is_not_known_becomes_a_placeholder_that_is_told_of(tmp_path: Path) -> None:
    read = read_config(functional(X, entry("Whirl", "w", "x", speed=3), entry("Dense", "y", "w", units=2)), tmp_path)
    assert isinstance(read.project.network.layers["w"], Placeholder)
    assert read.project.network.wires == (Wire("x", "w"), Wire("w", "y"))
    assert read.notices[0].startswith("w: There is no layer Whirl here. It is a placeholder")


def test_a_lambda_of_python_is_never_run(tmp_path: Path) -> None:
    code = {"class_name": "__lambda__", "config": {"value": "4wEAAAAAAAAA"}}
    read = read_config(functional(X, entry("Lambda", "y", "x", function=code)), tmp_path)
    assert isinstance(read.project.network.layers["y"], Placeholder)
    assert "Python code, which is never run" in read.notices[0]


def test_arithmetic_between_layers_becomes_one_expression(tmp_path: Path) -> None:
    ops = "keras.src.ops.numpy"
    twice = entry("Multiply", "twice", "x", module=ops)
    twice["inbound_nodes"][0]["args"].append(2.0)
    read = read_config(functional(X, twice, entry("Subtract", "y", "twice", "x", module=ops)), tmp_path)
    assert list(read.project.network.layers) == ["x", "y"]
    assert read.project.network.layers["y"].config()["function"] == "(x * 2.0) - x"


def test_a_parameter_that_is_not_known_is_told_of(tmp_path: Path) -> None:
    read = read_config(functional(X, entry("Dense", "y", "x", units=2, lora_rank=4)), tmp_path)
    assert read.notices == ("y: lora_rank = 4 is not known here, and left out.",)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"class_name": "Functional", "config": {}}, "its model has no layers"),
        (functional(X, entry("Dense", "y", "z", units=1)), "it needs a call of z that is not there"),
        (functional(X, entry("Dense", "y", "a"), entry("Dense", "a", "y")), "its calls run in a circle"),
        (functional(X, X), "two layers of it are called 'x'"),
        (functional(X), "it needs a call of y that is not there"),
        ({"class_name": "Sequential", "config": {"layers": []}}, "it has no layers"),
        ({"class_name": "Sequential", "config": {"layers": [7]}}, "an entry of it is no layer"),
    ],
)
def test_a_config_that_says_no_model_is_refused(said: Any, reason: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=f"m.json is no model of Keras, or is damaged: .*{reason}"):
        read_config(said, tmp_path)


def test_weights_that_are_no_numbers_are_told_of(tmp_path: Path) -> None:
    project = Project(Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")]))
    weights = {"y/kernel": np.full((3, 2), np.nan, np.float32), "y/bias": np.zeros(2, np.float32)}
    export(project, tmp_path / "m.keras", weights)
    assert read_model(tmp_path / "m.keras").notices == ("y: kernel holds values that are no finite numbers.",)


def test_a_model_with_more_layers_than_any_is_refused(tmp_path: Path) -> None:
    many = [entry("Dense", f"d{place}", "x", units=1) for place in range(7000)]
    with pytest.raises(FileProblem, match="it has more than 12,000 layers and calls"):
        read_config(functional(X, *many, ends=("d0", 0, 0)), tmp_path)


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 60_000_000)
    with pytest.raises(FileProblem, match=r"config\.json is too large"):
        read_model(tmp_path / "m.keras")


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file["layers"] = h5py.ExternalLink("/etc/passwd", "/")
    with pytest.raises(FileProblem, match="layers is a link"):
        read_weights_onto(tmp_path / "m.weights.h5", infer(Project().network))
    with h5py.File(tmp_path / "n.weights.h5", "w") as file:
        file.create_dataset("a", (10,), "f4", external=[(str(tmp_path / "b"), 0, 40)])
    with pytest.raises(FileProblem, match="a lies in another file"):
        read_weights_onto(tmp_path / "n.weights.h5", infer(Project().network))


def test_weights_that_only_say_they_are_large_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file.create_dataset("a", (10**9,), "f4", chunks=(1024,))
    with pytest.raises(FileProblem, match="holds more than such a file can"):
        read_weights_onto(tmp_path / "m.weights.h5", infer(Project().network))


def test_a_file_in_which_the_library_goes_round_in_a_circle_is_given_up(tmp_path: Path) -> None:
    """A model of Keras with a few bytes changed, found by chance: libhdf5 itself never comes to its end."""
    (tmp_path / "m.h5").write_bytes(gzip.decompress((Path(__file__).parent / "fixtures/endless.h5.gz").read_bytes()))
    with pytest.raises(FileProblem, match=r"m\.h5 is no model of Keras, or is damaged"):
        read_model(tmp_path / "m.h5")


def compiled(folder: Path, **said: Any) -> Any:
    """A model with two results, compiled as said."""
    ends = [["p", 0, 0], ["q", 0, 0]]
    model = functional(X, entry("Dense", "p", "x", units=2), entry("Dense", "q", "x", units=3), ends=ends)
    return read_config({**model, "compile_config": said}, folder)


def test_what_is_said_of_each_output_by_place_or_by_name_is_taken(tmp_path: Path) -> None:
    by_place = compiled(tmp_path, optimizer="adam", loss=["mse", "mae"], loss_weights=[1.0, 0.5], metrics=[["acc"], []])
    said = {"loss": {"p": "mse", "q": "mae"}, "loss_weights": {"p": 1.0, "q": 0.5}, "metrics": {"p": "acc", "q": []}}
    by_name = compiled(tmp_path, optimizer="Adam", **said)
    assert by_place.project.training == by_name.project.training
    training = by_place.project.training
    assert [training.loss_of(name).key for name in "pq"] == ["mean_squared_error", "mean_absolute_error"]
    assert [training.weight_of(name) for name in "pq"] == [1.0, 0.5]
    assert [training.metrics_of(name) for name in "pq"] == [("accuracy",), ()]


def test_a_schedule_of_the_learning_rate_is_taken(tmp_path: Path) -> None:
    decay = {"initial_learning_rate": 0.3, "decay_steps": 50, "decay_rate": 0.5, "staircase": True, "name": "Decay"}
    rate = {"module": "keras.optimizers.schedules", "class_name": "ExponentialDecay", "config": decay}
    read = compiled(tmp_path, optimizer={"class_name": "SGD", "config": {"learning_rate": rate}}, loss="mse")
    assert not read.notices
    assert read.project.training.optimizer == SGD(0.3)
    assert read.project.training.schedule == ExponentialDecay(50, 0.5, staircase=True)


def test_what_an_optimizer_does_besides_is_told_of(tmp_path: Path) -> None:
    said = {"learning_rate": 0.1, "gradient_accumulation_steps": 4, "jit_compile": True, "loss_scale_factor": None}
    read = compiled(tmp_path, optimizer={"class_name": "SGD", "config": said}, loss="whirl")
    assert read.notices == (
        "gradient_accumulation_steps = 4 is not known here, and left out.",
        "The loss whirl is not known here; the recipe has another.",
    )


def test_the_state_of_another_optimizer_is_told_of(tmp_path: Path) -> None:
    project = Project(Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")]))
    first = ran(project.network).parameters
    vectors = {"momentum": np.ones(8, np.float32), "velocity": np.ones(8, np.float32)}
    work = replace(work_on(project, weights=first.named()), optimizer=OptimizerState(5, vectors))
    make(exporters["keras"], work).write(tmp_path / "m.keras")
    read = read_model(tmp_path / "m.keras")
    assert read.optimizer is not None
    assert read.optimizer.steps == 5
    assert read.optimizer.vectors["velocity"].tolist() == [1.0] * 8
    other = replace(project, training=TrainingRecipe(optimizer=SGD()))
    make(exporters["keras"], replace(work, project=other, optimizer=OptimizerState(5, {"v": np.ones(8)}))).write(
        tmp_path / "m.keras"
    )
    read = read_model(tmp_path / "m.keras")
    assert read.optimizer is None
    assert read.notices[0].startswith("The state of its optimizer does not fit")


@pytest.mark.parametrize(
    "said",
    [
        {"loss_weights": [-1.0, 2.0]},
        {"loss": [[["mse"]], {"class_name": "function"}], "metrics": [[[[]]], {"config": 7}]},
        {"metrics": {"p": {"class_name": "Recall", "config": {"thresholds": ["x"], "class_id": -1}}}},
        {"optimizer": {"class_name": "Adam", "config": {"learning_rate": {"class_name": "CosineDecay", "config": 1}}}},
        {"optimizer": {"class_name": ["Adam"], "config": {"learning_rate": "fast", "beta_1": [1, 2]}}},
        {"optimizer": 5, "loss": {"p": None}, "metrics": "mae", "loss_weights": "heavy"},
    ],
)
def test_what_cannot_be_said_of_training_is_told_of(said: Any, tmp_path: Path) -> None:
    read = compiled(tmp_path, **said)
    assert set(read.project.network.layers) == {"x", "p", "q"}


@pytest.mark.parametrize("steps", [np.float32("nan"), np.int32(-1), np.zeros(2, np.int32)])
def test_a_state_of_no_number_of_steps_is_told_of(steps: Any, tmp_path: Path) -> None:
    read = with_variables(tmp_path, {"0": steps})
    assert read.optimizer is None
    assert read.notices == (
        "The state of its optimizer does not fit, and is left out: training begins with a fresh one.",
    )


def test_an_optimizer_that_has_not_begun_has_no_state(tmp_path: Path) -> None:
    read = with_variables(tmp_path, {"0": np.int32(0)}, kept=2)
    assert read.optimizer is None
    assert not read.notices


def with_variables(tmp_path: Path, changed: dict[str, Any], kept: int = 99) -> Any:
    """A model read from a file some of whose variables of the optimizer were changed, the first `kept` of them."""
    project = Project(Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")]))
    vectors = {"momentum": np.ones(8, np.float32), "velocity": np.ones(8, np.float32)}
    work = replace(work_on(project, weights=ran(project.network).parameters.named()), name="m")
    make(exporters["keras"], replace(work, optimizer=OptimizerState(5, vectors))).write(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO(members["model.weights.h5"])
    with h5py.File(stream, "r+") as file:
        held = file["optimizer/vars"]
        for name in [*changed, *(name for name in held if int(name) >= kept)]:
            del held[name]
        for name, value in changed.items():
            held[name] = value
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        for name, content in {**members, "model.weights.h5": stream.getvalue()}.items():
            archive.writestr(name, content)
    return read_model(tmp_path / "m.keras")
