"""The contract every declaration passes: it is complete, its defaults are its own, and no input makes it raise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.activations import activations
from graph.apply import apply
from graph.constraints import constraints
from graph.datasets import Dataset, datasets
from graph.declare import Declared, ParameterError, Registry, UnknownName
from graph.fields.spec import read_spec
from graph.initializers import initializers
from graph.layers import CATEGORIES, Layer, automatic_name, layers
from graph.losses import losses
from graph.metrics import metrics
from graph.optimizers import optimizers
from graph.recipe import DataRecipe, EarlyStopping, OutputRecipe, TrainingRecipe
from graph.regularizers import regularizers
from graph.schedules import schedules
from graph.shapes import Refusal
from tests.helpers.strategies import declared, instances, layer_instances

REGISTRIES: list[Registry[Any]] = [
    layers,
    losses,
    metrics,
    optimizers,
    schedules,
    initializers,
    regularizers,
    constraints,
    activations,
    datasets,
]
DECLARED: list[type[Declared]] = [
    *(cls for registry in REGISTRIES for cls in registry),
    DataRecipe,
    OutputRecipe,
    EarlyStopping,
    TrainingRecipe,
]
SHAPE = st.tuples(st.none() | st.integers(1, 9)).flatmap(
    lambda batch: st.lists(st.none() | st.integers(1, 40), max_size=5).map(lambda sizes: (*batch, *sizes))
)


@pytest.mark.parametrize("cls", DECLARED, ids=lambda cls: cls.key)
class TestEveryDeclaration:
    def test_says_in_one_sentence_what_it_is(self, cls: type[Declared]) -> None:
        assert cls.__doc__
        assert cls.doc().endswith((".", ":")) or ":" in cls.doc()
        assert cls.doc()[0].isupper() or cls.doc()[0].isdigit()

    def test_every_parameter_has_help_and_a_default_that_it_takes(self, cls: type[Declared]) -> None:
        for name, field in cls.parameters.items():
            assert field.doc.endswith("."), name
            assert field.parse(field.default) == field.default, name
            assert isinstance(field.text(field.default), str)
        assert cls().changed() == {}

    def test_a_wrong_value_is_answered_with_what_was_expected(self, cls: type[Declared]) -> None:
        for name in cls.parameters:
            with pytest.raises(ParameterError, match=f"{cls.key}: {name}: expected .*, received "):
                cls(**{name: object()})


@given(st.sampled_from(DECLARED).flatmap(instances))
def test_what_is_read_back_makes_the_same(value: Declared) -> None:
    assert type(value)(**value.config()) == value
    assert type(value)(**value.changed()) == value
    assert value.with_() == value


@pytest.mark.parametrize("cls", list(layers), ids=lambda cls: cls.key)
class TestEveryLayer:
    def test_has_a_category_ports_and_a_card(self, cls: type[Layer]) -> None:
        assert cls.category in CATEGORIES
        assert all(port.doc for port in (*cls.inputs, *cls.outputs))
        assert isinstance(cls().card(None), str)
        assert automatic_name(cls()).isidentifier()

    @given(data=st.data())
    def test_any_input_gives_a_shape_or_a_reason(self, cls: type[Layer], data: st.DataObject) -> None:
        layer: Layer = data.draw(instances(cls))
        many = bool(layer.inputs) and layer.inputs[0].many
        most = 3 if many else max(len(layer.inputs), 1)
        xs = data.draw(st.lists(SHAPE, min_size=1 if many else most, max_size=most).map(tuple))
        found = apply("layer", layer, xs)
        card = layer.card(xs)
        assert card == card.strip()
        if found.outputs is None:
            assert found.problems[0].text
            assert found.problems[0].hint
            return
        assert len(found.outputs) == len(layer.outputs)
        assert all(size is None or size >= 1 for shape in found.outputs for size in shape)
        assert all(size >= 1 for weight in found.weights.values() for size in weight.shape)
        assert all(read_spec(initializers, weight.initializer) for weight in found.weights.values())
        assert found.macs >= 0

    @given(data=st.data())
    def test_what_it_states_is_a_shape_or_a_reason(self, cls: type[Layer], data: st.DataObject) -> None:
        stated = data.draw(instances(cls)).stated_input()
        assert stated is None or isinstance(stated, Refusal) or len(stated) >= 1


@given(layer_instances())
def test_the_fix_of_a_refusal_is_one_the_layer_takes(layer: Layer) -> None:
    stated = layer.stated_input()
    if isinstance(stated, Refusal):
        assert not isinstance(layer.with_(**stated.changes).stated_input(), Refusal)


@given(declared(datasets))
def test_every_data_set_has_a_title(dataset: Dataset) -> None:
    assert dataset.title


@pytest.mark.parametrize(
    ("registry", "wrong", "text"),
    [
        (layers, "dense", "There is no layer named 'dense'. Did you mean 'Dense'?"),
        (layers, "Conv 2d", "There is no layer named 'Conv 2d'. Did you mean 'Conv2D'?"),
        (losses, "binary-cross-entropy", "There is no loss named 'binary-cross-entropy'. Did you mean "
         "'binary_crossentropy'?"),
        (optimizers, "adm", "There is no optimizer named 'adm'. Did you mean 'Adam'?"),
        (layers, "Xyzzy", "There is no layer named 'Xyzzy'."),
    ],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_nearest(registry: Registry[Any], wrong: str, text: str) -> None:
    with pytest.raises(UnknownName) as caught:
        registry.make(wrong)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("key", "config", "text"),
    [
        ("Dense", {"units": 0}, "Dense: units: expected a whole number from 1 to 65,536, received 0"),
        ("Dense", {"units": True}, "Dense: units: expected a whole number from 1 to 65,536, received True"),
        ("Dense", {"use_bias": 1}, "Dense: use_bias: expected true or false, received 1"),
        ("Dense", {"unit": 3}, "Dense: unit: no such parameter; did you mean 'units'?"),
        ("Dropout", {"rate": 1}, "Dropout: rate: expected a number of at least 0.0 and below 1, received 1"),
        ("Dropout", {"rate": float("nan")}, "Dropout: rate: expected a number of at least 0.0 and below 1, received n"),
        ("Dropout", {"rate": 10**400}, "Dropout: rate: expected a number of at least 0.0 and below 1, received 1000"),
        ("Conv2D", {"kernel_size": [3]}, "Conv2D: kernel_size: expected 2 whole numbers from 1 to 255, received [3]"),
        ("Conv2D", {"padding": "smae"}, "Conv2D: padding: expected one of valid, same, received 'smae'; did you mean "
         "'same'?"),
        ("Reshape", {"target_shape": (-1, -1)}, "Reshape: target_shape: expected at most one size of -1, received "
         "(-1, -1)"),
        ("Input", {"shape": [0]}, "Input: shape: expected up to 8 sizes without the batch, such as (28, 28, 1), each "
         "at least 1 or None where unknown, received [0]"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_answered_with_what_was_expected(key: str, config: dict[str, Any], text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        layers.make(key, config)
    assert str(caught.value).startswith(text)
