"""The generated Keras code as text; `make parity` runs it."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given, settings

from engine.formats import exporters, make, work_on
from engine.formats.identifiers import Identifiers
from engine.formats.python_text import call, python
from engine.templates import make as template
from graph.layers.attention import MultiHeadAttention
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add
from graph.losses import SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.optimizers import SGD
from graph.project import Project
from graph.recipe import EarlyStopping, OutputRecipe, TrainingRecipe
from tests.helpers.strategies import NAMES, sound_networks


def code(project: Project, name: str = "model") -> str:
    return make(exporters["keras-code"], work_on(project, name)).content.decode()


def chain(training: TrainingRecipe) -> Project:
    layers = {"input": Input((28, 28, 1)), "conv2d": Conv2D(8, 5, padding="same"), "add": Add(), "out": Output()}
    wires = [Wire("input", "conv2d"), Wire("input", "add"), Wire("conv2d", "add"), Wire("add", "out")]
    return Project(Network.of(layers, wires), training=training)


def test_it_reads_as_a_person_would_write_it() -> None:
    training = TrainingRecipe(
        optimizer=SGD(learning_rate=0.1, momentum=0.9, nesterov=True),
        metrics=("mean_absolute_error",),
        epochs=5,
        early_stopping=EarlyStopping(patience=3),
    )
    text = code(chain(training))
    assert (
        """\
    input_ = keras.Input(shape=(28, 28, 1), name="input")
    conv2d = layers.Conv2D(8, (5, 5), padding="same", name="conv2d")(input_)
    add = layers.Add(name="add")([input_, conv2d])
    return keras.Model(inputs=input_, outputs=add, name="model")
"""
        in text
    )
    assert (
        """\
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True),
        loss="mean_squared_error",
        metrics=["mean_absolute_error"],
    )
"""
        in text
    )
    assert 'keras.callbacks.EarlyStopping(\n                monitor="val_loss",\n                patience=3,' in text


def test_several_outputs_have_a_loss_each() -> None:
    layers = {"x": Input((4,)), "kind": Dense(3, activation="softmax"), "size": Dense(1), "free": Dense(1)}
    wires = [Wire("x", name) for name in ("kind", "size", "free")]
    recipe = OutputRecipe(weight=0.5, metrics=("accuracy",)).with_(loss=SparseCategoricalCrossentropy())
    text = code(Project(Network.of(layers, wires), training=TrainingRecipe(outputs={"kind": recipe})))
    assert 'outputs={"kind": kind, "size": size, "free": free}' in text
    assert '"kind": "sparse_categorical_crossentropy"' in text
    assert '"size": "mean_squared_error"' in text
    assert 'loss_weights={"kind": 0.5, "size": 1.0, "free": 1.0}' in text
    assert 'metrics={"kind": ["accuracy"]}' in text


def test_the_first_layer_may_state_the_input() -> None:
    text = code(Project(Network.of({"dense": Dense(2, input_dim=784)})))
    assert 'dense_input = keras.Input(shape=(784,), name="dense_input")' in text
    assert 'dense = layers.Dense(2, name="dense")(dense_input)' in text


def test_words_come_in_as_whole_numbers() -> None:
    assert 'dtype="int32"' in code(template("sentiment")[0])


def test_the_name_of_a_file_cannot_break_out_of_the_docstring() -> None:
    tree = ast.parse(code(chain(TrainingRecipe()), 'x"""\nimport os\n"""\\'))
    assert [type(node) for node in tree.body][:2] == [ast.Expr, ast.Import]
    assert not any(isinstance(node, ast.Import) and node.names[0].name == "os" for node in ast.walk(tree))


@settings(max_examples=50, deadline=None)
@given(network=sound_networks())
def test_every_network_gives_python_with_one_name_a_layer(network: Network) -> None:
    tree = ast.parse(code(Project(network)))
    (build,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build_model"]
    assigned = [node.id for node in ast.walk(build) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    assert len(assigned) == len(set(assigned))


@given(names=NAMES)
def test_identifiers_are_names_of_python(names: str) -> None:
    made = Identifiers([names, names + "-", names.upper()])
    variables = [made.variable(name) for name in (names, names + "-", names.upper())]
    assert all(variable.isidentifier() for variable in variables)


def test_literals_are_those_of_python(tmp_path: Path) -> None:
    values = [None, True, 1, 0.1, 1e-7, 'a"b\\\n', (1,), (1, None), [1, "x"], {"a": (2, 3)}]
    for value in values:
        assert ast.literal_eval(python(value)) == value


def test_a_long_call_takes_a_line_for_each_argument() -> None:
    assert call("f", ["1"], {"a": "2"}) == "f(1, a=2)"
    assert call("f", ["x" * 60], {"a": "y" * 60}).splitlines() == ["f(", f"    {'x' * 60},", f"    a={'y' * 60},", ")"]


def test_what_keras_cannot_read_by_name_is_made() -> None:
    dense = Dense(3, kernel_initializer="he_normal", bias_initializer="constant", kernel_regularizer="l2")
    said = code(Project(Network.of({"x": Input((2,)), "y": dense}, [Wire("x", "y")])))
    assert 'kernel_initializer="he_normal"' in said
    assert "bias_initializer=keras.initializers.Constant()" in said
    assert "kernel_regularizer=keras.regularizers.L2()" in said


def test_what_keras_makes_of_layers_is_frozen_once_it_is_made() -> None:
    layers = {"x": Input((5, 4)), "heads": MultiHeadAttention(2, 4, trainable=False), "y": Dense(3, trainable=False)}
    wires = [Wire("x", "heads", "y", "query"), Wire("x", "heads", "y", "value"), Wire("heads", "y")]
    said = code(Project(Network.of(layers, wires)))
    assert 'y = layers.Dense(3, trainable=False, name="y")(heads)' in said
    assert 'heads = layers.MultiHeadAttention(num_heads=2, key_dim=4, name="heads")(x, x)' in said
    assert 'model.get_layer("heads").trainable = False\n    return model' in said


def test_it_reads_samples_by_the_names_of_inputs_and_results() -> None:
    layers = {"a": Input((4,)), "b": Dense(4, input_shape=(3,)), "sum": Add(), "p": Dense(3), "q": Dense(1)}
    wires = [Wire("a", "sum"), Wire("b", "sum"), Wire("sum", "p"), Wire("sum", "q")]
    text = code(Project(Network.of(layers, wires)))
    assert 'x, y = {"a": arrays["a"], "b_input": arrays["b"]}, {"p": arrays["p"], "q": arrays["q"]}' in text
    assert 'help="an NPZ file with the arrays a, b, p, q"' in text
    one = code(Project(Network.of({"x": Input((4,)), "y": Dense(1)}, [Wire("x", "y")])))
    assert 'x, y = arrays["x"], arrays["y"]' in one
