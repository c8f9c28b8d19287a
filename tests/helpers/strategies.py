"""Random layers, networks and projects, made from the declarations: a new layer is drawn with no more said here."""

from __future__ import annotations

import math
import string
from typing import Any

from hypothesis import strategies as st

from graph import edits
from graph.connect import judge
from graph.datasets import Column, datasets
from graph.declare import Declared, Registry
from graph.expression.field import ExpressionField
from graph.fields import BoolField, ChoiceField, Field, FloatField, IntField, IntsField, ShapeField, TextField
from graph.fields.inner import LayerField
from graph.fields.numbers import NumbersField
from graph.fields.pairs import PairsField
from graph.fields.spec import SpecField, write_spec
from graph.fields.weights import WeightsField
from graph.infer import infer
from graph.layers import Layer, layers
from graph.losses import losses
from graph.metrics import metrics
from graph.network import Network, Wire
from graph.optimizers import optimizers
from graph.project import Project
from graph.recipe import DataRecipe, EarlyStopping, OutputRecipe, TrainingRecipe
from graph.schedules import schedules
from graph.shapes import Shape

NAMES = st.one_of(
    st.text(string.ascii_lowercase + string.digits + "_", min_size=1, max_size=12),
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
)


def values(field: Field, small: bool = False) -> st.SearchStrategy[Any]:
    """What a parameter may hold. With `small`, numbers that are quick to compute with."""
    plain = _values(field, small)
    return st.none() | plain if field.optional else plain


def _values(field: Field, small: bool) -> st.SearchStrategy[Any]:
    match field:
        case IntField(min=low, max=high):
            return _ints(low, high, small)
        case FloatField():
            low = field.min if field.min is not None else field.above
            high = field.max if field.max is not None else field.below
            if small:
                low, high = max(-100.0, -100.0 if low is None else low), min(100.0, 100.0 if high is None else high)
            return st.floats(
                low,
                high,
                exclude_min=field.above is not None and low == field.above,
                exclude_max=field.below is not None and high == field.below,
                allow_nan=False,
                allow_infinity=False,
            )
        case BoolField():
            return st.booleans()
        case SpecField(registry=registry):
            return declared(registry, small).map(write_spec)
        case ChoiceField(choices=choices):
            return st.sampled_from(list(choices()))
        case NumbersField(whole=whole, rising=rising, min=low, max=high):
            top = 10**6 if high is None else int(high)
            number = st.integers(int(low or 0), top) if whole else st.floats(low, top, allow_nan=False)
            rows = st.lists(number, min_size=1, max_size=4, unique=rising)
            return rows.map(lambda row: tuple(sorted(row) if rising else row))
        case PairsField(count=count, min=low, max=high):
            one = _ints(low, min(high or 3, 3) if small else high, small)
            return st.tuples(*[st.tuples(one, one)] * count)
        case IntsField(count=count, min=low, max=high):
            return st.tuples(*[_ints(low, min(high or 3, 3) if small else high, small)] * count)
        case ShapeField():
            return _shapes(field, small)
        case LayerField(choices=choices):
            plain = [layers[name] for name in choices() if not any(map(_holds_layer, layers[name].parameters.values()))]
            return st.sampled_from(plain).flatmap(lambda cls: instances(cls, small)).map(unstated)
        case ExpressionField():
            return expressions(1)
        case WeightsField():
            named = st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), st.floats(0, 1e6))
            return st.just("balanced") | named.filter(bool).map(field.parse)
        case TextField():
            return st.text(max_size=30)
    raise TypeError(f"no values are known for {type(field).__name__}")


def _holds_layer(field: Field) -> bool:
    return isinstance(field, LayerField)


def _ints(low: int | None, high: int | None, small: bool) -> st.SearchStrategy[int]:
    if not small:
        return st.integers(low, high)
    bottom = max(low if low is not None else -4, -4)
    return st.integers(bottom, min(high if high is not None else bottom + 8, bottom + 8))


def _shapes(field: ShapeField, small: bool) -> st.SearchStrategy[tuple[int | None, ...]]:
    size: st.SearchStrategy[int | None] = st.integers(1, 6 if small else 10_000)
    if field.unknown:
        size = st.none() | size
    shapes = st.lists(size, max_size=3).map(tuple)
    if not field.inferred:
        return shapes
    return shapes | st.tuples(shapes, shapes).map(lambda two: (*two[0], -1, *two[1]))


def expressions(inputs: int) -> st.SearchStrategy[str]:
    """Expressions of so many inputs, which have a value for every number, and a slope nearly everywhere."""
    single = st.sampled_from([f"x{i}" for i in range(inputs)]) | st.floats(-2, 2).map(lambda n: f"{n:.3f}")

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        two = st.tuples(inner, inner)
        return st.one_of(
            two.flatmap(lambda ab: st.sampled_from([f"{ab[0]} {sign} {ab[1]}" for sign in "+-*"])),
            two.map(lambda ab: f"({ab[0]}) / (1 + square({ab[1]}))"),
            two.map(lambda ab: f"where({ab[0]} > {ab[1]}, {ab[0]}, {ab[1]} / 2)"),
            two.map(lambda ab: f"max({ab[0]}, {ab[1]}) - min({ab[0]}, {ab[1]}, 0.3)"),
            inner.map(lambda a: f"-({a})"),
            inner.map(lambda a: f"({a}) ** 2"),
            st.tuples(st.sampled_from(["tanh", "sigmoid", "sin", "cos", "abs", "square"]), inner).map(
                lambda fa: f"{fa[0]}({fa[1]})"
            ),
            inner.map(lambda a: f"exp(tanh({a}))"),
            inner.map(lambda a: f"log(1 + abs({a}))"),
            inner.map(lambda a: f"sqrt(1 + square({a}))"),
            st.tuples(st.sampled_from(["mean", "sum", "max", "min"]), inner).map(
                lambda fa: f"{fa[0]}({fa[1]} + x, axis=-1, keepdims=True)"
            ),
            inner.map(lambda a: f"(({a}) * x0)[..., 0:1]"),
        )

    return st.recursive(single, larger, max_leaves=6).map(lambda text: f"{text} + x0")


def declared(registry: Registry[Any], small: bool = False) -> st.SearchStrategy[Any]:
    """Any declaration of a registry with any parameters."""
    return st.sampled_from(list(registry)).flatmap(lambda cls: instances(cls, small))


def instances(cls: type[Declared], small: bool = False) -> st.SearchStrategy[Any]:
    """One declaration with any parameters, about half of them left at their default."""
    drawn = {name: values(field, small) for name, field in cls.parameters.items()}
    return st.fixed_dictionaries({}, optional=drawn).map(lambda config: cls(**config))


def layer_instances(small: bool = False) -> st.SearchStrategy[Layer]:
    """Any layer with any parameters."""
    return declared(layers, small)


FIRST_LAYER_ONLY = ("input_shape", "input_dim", "input_length", "batch_size")


def inner_layers(small: bool = True) -> st.SearchStrategy[Layer]:
    """Any layer that takes a wire, with nothing stated that only a first layer states."""
    cls = st.sampled_from([cls for cls in layers if cls.inputs])
    return cls.flatmap(lambda cls: instances(cls, small)).map(unstated)


def unstated(layer: Layer) -> Layer:
    """The layer without a stated input. An Embedding keeps its input_dim, which is no shape."""
    names = [name for name in FIRST_LAYER_ONLY if layer.parameters[name].default is None]
    return layer.with_(**dict.fromkeys(names))


@st.composite
def networks(draw: st.DrawFn, most: int = 12) -> Network:
    """Any layers, any wires that run in no circle; few of them fit each other."""
    names = draw(st.lists(NAMES, max_size=most, unique=True))
    found = {name: draw(layer_instances()) for name in names}
    places = draw(st.permutations(names))
    wires = []
    for i, target in enumerate(places):
        inputs = found[target].inputs
        for source in draw(st.lists(st.sampled_from(places[:i]), max_size=3)) if i and inputs else ():
            ends = draw(st.sampled_from(found[source].outputs)), draw(st.sampled_from(inputs))
            wires.append(Wire(source, target, ends[0].name, ends[1].name))
    return Network.of(found, draw(st.permutations(wires)))


@st.composite
def sound_networks(draw: st.DrawFn, most: int = 8, shape: Shape | None = None) -> Network:
    """Networks that can be computed: every layer has a shape, small enough to run, and there is one Input or more."""
    sizes = st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple)
    project = Project()
    for _ in range(draw(st.integers(1, 2))):
        given = shape[1:] if shape is not None else draw(sizes.filter(_moderate))
        project = edits.add_layer(project, layers["Input"](shape=given))
    wanted = len(project.network.layers) + draw(st.integers(1, most))
    for attempt in range(3 * most):
        if len(project.network.layers) == wanted:
            break
        project = draw(_grown(project, attempt))
    return project.network


@st.composite
def _grown(draw: st.DrawFn, project: Project, attempt: int) -> Project:
    """`project` with one more layer, if one was drawn that fits.

    A source is drawn first, more often a late one, then a layer that takes its rank, then sources for its other ports,
    those of the same shape where there are any. What stands first in a list is drawn most often, so the list of layers
    begins elsewhere at every attempt.
    """
    known = infer(project.network).layers
    sources = [
        (name, port.name, shape)
        for name, found in known.items()
        for port, shape in zip(project.network.layers[name].outputs, found.outputs or (), strict=True)
    ]
    first = draw(st.sampled_from(sources[-3:] * 3 + sources))
    rank = len(first[2])
    fitting = [cls for cls in layers if cls.inputs and (not cls.inputs[0].ranks or rank in cls.inputs[0].ranks)]
    begin = 7 * attempt % len(fitting)
    cls = draw(st.sampled_from(fitting[begin:] + fitting[:begin]))
    layer = unstated(draw(instances(cls, small=True)))
    grown = edits.add_layer(project, layer)
    (name,) = set(grown.network.layers) - set(project.network.layers)
    alike = [source for source in sources if source[2] == first[2]]
    others = st.sampled_from(alike * 3 + sources)
    ports = [port for port in layer.inputs[1:] if not port.optional or draw(st.booleans())]
    ports = [layer.inputs[0], *(layer.inputs[:1] if layer.inputs[0].many else ()), *ports]
    chosen = [first, *(draw(others) for _ in ports[1:])]
    for (source, end, _), port in zip(chosen, ports, strict=True):
        wire = Wire(source, name, end, port.name)
        if not judge(grown.network, wire, infer(grown.network)).allowed:
            return project
        grown = edits.connect(grown, wire)
    seen = infer(grown.network).layers[name]
    fits = seen.outputs is not None and not seen.problems and all(map(_moderate, seen.outputs))
    return grown if fits else project


def _moderate(shape: Shape) -> bool:
    return math.prod(size or 1 for size in shape) <= 4096


COLUMNS = st.builds(
    Column,
    name=st.text(max_size=10),
    role=st.sampled_from(["feature", "target", "weight", "ignore"]),
    kind=st.sampled_from(["number", "category"]),
    missing=st.sampled_from(["refuse", "fill"]),
)
METRICS = st.lists(declared(metrics).map(write_spec), max_size=4, unique=True).map(tuple)


@st.composite
def recipes(draw: st.DrawFn, names: tuple[str, ...] = ()) -> tuple[DataRecipe, TrainingRecipe]:
    """Any two recipes, the outputs among `names`."""
    columns = st.lists(COLUMNS, max_size=4, unique_by=lambda column: column.name).map(tuple)
    data = draw(instances(DataRecipe))
    data = data.with_(source=draw(st.none() | declared(datasets)), columns=draw(columns))
    output = st.builds(
        lambda recipe, loss, chosen: recipe.with_(loss=loss, metrics=chosen),
        instances(OutputRecipe),
        st.none() | declared(losses),
        st.none() | METRICS,
    )
    outputs = st.dictionaries(st.sampled_from(names), output, max_size=3) if names else st.just({})
    training = draw(instances(TrainingRecipe)).with_(
        optimizer=draw(declared(optimizers)),
        loss=draw(declared(losses)),
        metrics=draw(METRICS),
        outputs=draw(outputs),
        early_stopping=draw(st.none() | instances(EarlyStopping)),
        schedule=draw(st.none() | declared(schedules)),
    )
    return data, training


@st.composite
def projects(draw: st.DrawFn, most: int = 12) -> Project:
    """Any project: most of its networks have problems, as those of people at work have."""
    network = draw(networks(most))
    number = st.floats(-1e6, 1e6, allow_nan=False)
    positions = {name: draw(st.tuples(number, number)) for name in network.layers}
    data, training = draw(recipes(tuple(network.layers)))
    return Project(network, positions, data, training, draw(st.text(max_size=60)))
