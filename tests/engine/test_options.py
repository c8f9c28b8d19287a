"""The gradient of every layer in every option: each choice and switch of its declaration, one after the other.

The layers and input sizes are those of the reference cases. An option that no case can be tried with fails the test, so
a new option needs a case in whose sizes it makes sense.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine.gradcheck import gradient_errors
from engine.plan import compile
from graph.edits import set_parameters
from graph.fields import BoolField, ChoiceField, Field
from graph.fields.spec import SpecField
from graph.infer import infer
from graph.layers import Layer, layers
from graph.network import Network
from graph.project import Project
from tests.engine.test_kernels import network_of
from tests.reference.case import BATCH, Case
from tests.reference.cases import CASES

Option = tuple[type[Layer], str, Any]


def values(field: Field) -> list[Any]:
    """What an option can be; nothing for a parameter that is no choice."""
    if isinstance(field, BoolField):
        return [False, True]
    if isinstance(field, ChoiceField) and not isinstance(field, SpecField):
        return list(field.choices())
    return []


def options() -> Iterator[Option]:
    """Every option of every layer."""
    for cls in layers:
        for name, field in cls.parameters.items():
            for value in values(field) if cls.inputs and name != "trainable" else ():
                yield cls, name, value


def varied(case: Case, name: str, value: Any) -> Network | None:
    """The network of a case with an option set, if it makes sense there."""
    network = network_of(case)
    project = set_parameters(Project(network), "layer", {name: value})
    for entry in (name for name in network.layers if name.startswith("x")):
        project = set_parameters(project, entry, {"batch_size": BATCH})
    return None if infer(project.network).problems else project.network


@pytest.mark.parametrize(("cls", "name", "value"), list(options()), ids=lambda part: getattr(part, "key", str(part)))
def test_gradient_is_the_slope_in_every_option(cls: type[Layer], name: str, value: Any) -> None:
    cases = [case for case in CASES if type(case.layer) is cls]
    found = [(case, network) for case in cases if (network := varied(case, name, value)) is not None]
    assert found, f"no case of {cls.key} can be tried with {name}={value!r}"
    case, network = found[0]
    random, whole = np.random.default_rng(len(case.name)), case.whole_below
    plan = compile(network, BATCH, input_gradients=not whole, dtype=np.float64)
    plan.parameters.values[...] = random.uniform(0.1, 1.0, plan.parameters.size)
    inputs = {
        entry: random.integers(0, whole, x.shape) if whole else random.normal(size=x.shape)
        for entry, x in plan.inputs.items()
    }
    errors = gradient_errors(plan, inputs, values_each=6)
    assert {weight: error for weight, error in errors.items() if error > 1e-6} == {}
