"""Files of Keras as Keras opens them: the same predictions, and training that goes on along the same curve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, seed

from engine.formats import export
from engine.kernel import Array
from engine.templates import make, templates
from graph.infer import infer
from graph.network import Network
from graph.project import Project
from tests.engine.test_kernels import network_of
from tests.helpers.strategies import sound_networks
from tests.parity.conftest import Keras
from tests.parity.test_keras_code import filled
from tests.parity.test_random import can_be_compared, every_part, few, is_steady
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS, PADDED, inputs_of

pytestmark = pytest.mark.parity
h5py = pytest.importorskip("h5py")


def compare(project: Project, keras: Keras, given: Mapping[str, Array] | None = None, parts: bool = False) -> None:
    """Let Keras open `project` as a file, or as architecture and weights, and compare what both predict."""
    inference, plan = infer(project.network), filled(project)
    if given is not None:
        for entry, x in given.items():
            plan.inputs[entry][...] = x
        plan.forward()
    weights = plan.parameters.named()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if parts:
            export(project, folder / "model.keras.json")
            export(project, folder / "model.weights.h5", weights)
        else:
            export(project, folder / "model.keras", weights)
        layers = project.network.layers
        entries = {name if not layers[name].inputs else f"{name}_input": x for name, x in plan.inputs.items()}
        np.savez(folder / "inputs.npz", **entries)
        said = keras.ask(folder)
        assert said["parameters"] == inference.parameters
        assert said["optimizer"] == ("NoneType" if parts else project.training.optimizer.key)
        with np.load(folder / "outputs.npz") as outputs:
            got = {key.removeprefix("output_"): outputs[key] for key in outputs.files}
    for result in inference.results:
        received = got[result if len(inference.results) > 1 else ""]
        np.testing.assert_allclose(received, plan.outputs[result], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_every_template_is_the_same_in_keras(name: str, keras: Keras) -> None:
    project, _ = make(name)
    compare(project, keras)


@pytest.mark.parametrize("case", [case for case in CASES if case.layer.inputs], ids=lambda case: case.name)
def test_every_layer_is_the_same_in_keras(case: Case, keras: Keras) -> None:
    compare(Project(network_of(case)), keras)


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_are_the_same_in_keras(name: str, keras: Keras) -> None:
    compare(Project(NETWORKS[name]), keras, inputs_of(NETWORKS[name], PADDED))


@every_part
def test_random_networks_are_the_same_in_keras(part: int, keras: Keras) -> None:
    @seed(part)
    @few
    @given(network=sound_networks())
    def run(network: Network) -> None:
        assume(can_be_compared(network))
        assume(is_steady(Project(network)))
        compare(Project(network), keras)

    run()
