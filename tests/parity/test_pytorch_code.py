"""The generated PyTorch code, run by PyTorch: the same predictions, and whatever a recipe may hold, it trains."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import safetensors
from hypothesis import assume, given, seed

from engine.formats import export
from engine.objective import Objective, goals_of
from engine.plan import compile
from engine.templates import make as template
from engine.templates import templates
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import losses
from graph.network import Network, Wire
from graph.optimizers import SGD, optimizers
from graph.project import Project
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import ReduceLROnPlateau, schedules
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled, is_steady
from tests.helpers.strategies import sound_networks
from tests.parity.conftest import Keras
from tests.parity.test_random import HEADS, UNITS, VALUES, every_part, few
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS, PADDED, inputs_of

pytestmark = pytest.mark.parity

PLAIN = TrainingRecipe(epochs=2, batch_size=4)
RECIPES = {
    **{f"{cls.__name__}": replace(PLAIN, optimizer=cls()) for cls in optimizers},
    **{f"{cls.__name__}": replace(PLAIN, schedule=cls()) for cls in schedules},
    "clipped": replace(PLAIN, optimizer=SGD(clipnorm=1.0), batch_size=None),
    "clipped values": replace(PLAIN, optimizer=SGD(clipvalue=1.0, momentum=0.5, nesterov=True)),
    "clipped together": replace(PLAIN, optimizer=SGD(global_clipnorm=1.0, weight_decay=0.1), shuffle=False),
    "stopping": replace(
        PLAIN, schedule=ReduceLROnPlateau(monitor="loss"), early_stopping=EarlyStopping(monitor="loss", patience=1)
    ),
}


@pytest.fixture(scope="module")
def torch(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keras]:
    """PyTorch, ready to be asked. It reads states with our safetensors, where its Python has none."""
    python, environment = keras_python
    if subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode:
        pytest.skip("PyTorch is not installed; see .ci/pytorch")
    site = tmp_path_factory.mktemp("site")
    (site / "safetensors").symlink_to(Path(safetensors.__file__).parent)
    script = Path(__file__).with_name("torch_code_worker.py")
    with subprocess.Popen(
        [python, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONPATH": str(site)},
    ) as worker:
        yield Keras(worker)
        assert worker.stdin is not None
        worker.stdin.close()


def compare(project: Project, torch: Keras, inputs: Mapping[str, np.ndarray] | None = None) -> None:
    """Export `project`, let PyTorch run it, and compare with our own forward pass."""
    plan = filled(project.network)
    for entry, x in (inputs or {}).items():
        plan.inputs[entry][...] = x
    plan.forward()
    with TemporaryDirectory() as name:
        folder = Path(name)
        export(project, folder / "model.torch.py", plan.parameters.named())
        np.savez(folder / "inputs.npz", **plan.inputs)
        torch.ask(folder)
        with np.load(folder / "outputs.npz") as outputs:
            got = {key.removeprefix("output_"): outputs[key] for key in outputs.files}
    for result, expected in plan.outputs.items():
        received = got[result if len(plan.outputs) > 1 else ""]
        np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [one.name for one in templates()])
def test_every_template_predicts_the_same_in_pytorch(name: str, torch: Keras) -> None:
    compare(template(name)[0], torch)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_layer_predicts_the_same_in_pytorch(case: Case, torch: Keras) -> None:
    compare(Project(network_of(case)), torch)


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_predict_the_same_in_pytorch(name: str, torch: Keras) -> None:
    compare(Project(NETWORKS[name]), torch, inputs_of(NETWORKS[name], PADDED))


@every_part
def test_random_networks_predict_the_same_in_pytorch(part: int, torch: Keras) -> None:
    @seed(part)
    @few
    @given(network=sound_networks())
    def run(network: Network) -> None:
        embedded = {wire.source for wire in network.wires if network.layers[wire.target].key == "Embedding"}
        assume(all(network.layers[name].key == "Input" for name in embedded))
        assume(is_steady(network))
        compare(Project(network), torch)

    run()


def head(activation: str) -> Network:
    return Network.of({"x": Input((3,)), "y": Dense(UNITS, activation=activation)}, [Wire("x", "y")])


def trained(project: Project, torch: Keras, folder: Path) -> tuple[float, float]:
    """Our loss on some samples and PyTorch's, which then trains on them."""
    random = np.random.default_rng(0)
    kind = HEADS.get(project.training.loss.key, VALUES)
    t = np.asarray(kind.targets(random.normal(size=(8, UNITS))), np.float32)
    plan = compile(project.network, 8, seed=1)
    plan.inputs["x"][...] = random.normal(size=(8, 3))
    objective = Objective(goals_of(infer(project.network), project.training, ("y",)))
    bound = objective.on(plan)
    for name, target in objective.targets(plan, {"y": t}).items():
        bound.targets[name][...] = target
    plan.forward()
    ours = bound.figures()[0]
    export(project, folder / "model.torch.py", plan.parameters.named())
    np.savez(folder / "data.npz", x=plan.inputs["x"], y=t)
    said = torch.ask(folder)
    assert said["finite"]
    return ours, said["loss"]


@pytest.mark.parametrize("key", losses.names())
def test_losses_are_the_same_in_pytorch(key: str, torch: Keras, tmp_path: Path) -> None:
    training = replace(PLAIN, loss=losses.make(key), optimizer=SGD(1e-3))
    ours, theirs = trained(Project(head(HEADS.get(key, VALUES).activation), training=training), torch, tmp_path)
    np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_trains_in_pytorch(name: str, torch: Keras, tmp_path: Path) -> None:
    trained(Project(head("linear"), training=RECIPES[name]), torch, tmp_path)


def test_several_processes_train_together(
    keras_python: tuple[str, dict[str, str]], torch: Keras, tmp_path: Path
) -> None:
    export(Project(head("linear"), training=PLAIN), tmp_path / "model.torch.py")
    np.savez(tmp_path / "data.npz", x=np.ones((8, 3), np.float32), y=np.ones((8, UNITS), np.float32))
    (tmp_path / "safetensors").symlink_to(Path(safetensors.__file__).parent)
    python, environment = keras_python
    run = [python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "model.torch.py", "data.npz"]
    done = subprocess.run(
        run, cwd=tmp_path, env=environment | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("epoch ") == 2
    assert (tmp_path / "trained.safetensors").is_file()
