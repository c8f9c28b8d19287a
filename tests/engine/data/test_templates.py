"""Every template is a network without faults that fits its data, and says what it assumed."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from engine.data import DataProblem, load, load_for, prepare
from engine.data.prepare import Wanted
from engine.session import Session
from engine.templates import make, templates
from engine.templates.tabular import fits, fitted
from graph.check import check
from graph.datasets import Column, CsvFile
from graph.declare import UnknownName
from graph.layers.core import Dense
from graph.recipe import DataRecipe
from graph.serialize import dumps, loads

NAMES = [template.name for template in templates()]


def test_the_names_are_those_of_the_command_line():
    assert NAMES == ["digits", "spirals", "regression", "sentiment", "tabular"]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_without_faults(name):
    project, _ = make(name)
    samples = load(project.data)
    checked = check(project, samples.facts)
    assert checked.problems == ()
    (result,) = checked.inference.results
    (target,) = samples.facts.targets
    prepared = prepare(samples, project.data, {target: Wanted(project.training.loss.target)})
    shape = checked.inference.layers[result].outputs[0]
    got = prepared.training.targets[target].shape[1:]
    assert got == (() if project.training.loss.target == "classes" else shape[1:])
    assert set(project.positions) == set(project.network.layers)
    assert loads(dumps(project)).project == project


def test_templates_have_texts():
    for template in templates():
        assert template.title
        assert template.doc.endswith(".")


CASES = [
    (
        "a,b,species\n",
        lambda i: f"{i % 7},{i % 4}.5,{('x', 'y', 'z')[i % 3]}",
        3,
        "softmax",
        "sparse_categorical_crossentropy",
    ),
    (
        "a,b,sick\n",
        lambda i: f"{i % 7},{('u', 'v')[i % 2]},{('no', 'yes')[i // 2 % 2]}",
        1,
        "sigmoid",
        "binary_crossentropy",
    ),
    ("a,b,price\n", lambda i: f"{i % 7},{i % 4}.5,{i * i / 1500:.3f}", 1, "linear", "mean_squared_error"),
]


@pytest.mark.parametrize(("header", "row", "units", "activation", "loss"), CASES)
def test_a_table_gets_the_end_that_fits_it(tmp_path, header, row, units, activation, loss):
    path = tmp_path / "own.csv"
    path.write_text(header + "".join(row(i) + "\n" for i in range(60)))
    project, assumed = make("tabular", path)
    last = project.network.layers["output"]
    assert (last.units, last.activation, project.training.loss.key) == (units, activation, loss)
    assert check(project, load(project.data).facts).problems == ()
    assert any(header.strip().split(",")[-1] in note for note in assumed)
    assert project.notes.splitlines() == list(assumed)


def test_a_table_with_gaps_says_what_it_assumed(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "id,age,town,ill\n" + "".join(f"{i},{'' if i == 4 else i % 9},T{i % 3},{'yn'[i % 2]}\n" for i in range(40))
    )
    _, assumed = make("tabular", path)
    assert list(assumed) == [
        "The column 'ill' is the target, with 2 classes.",
        "The column 'id' is left out, because it only names the rows.",
        "1 empty cell in 'age': filled with the mean of its column.",
        "The column 'town' is text with 3 categories, so it becomes one column for each.",
        "2 columns become 4 inputs, standardized where they are numbers.",
        "Two classes: the last layer is one sigmoid unit, the probability of 'y', with binary_crossentropy.",
    ]


def test_unknown_templates_and_data_that_is_not_wanted(tmp_path):
    with pytest.raises(UnknownName, match=r"There is no template named 'digit'\. Did you mean 'digits'\?"):
        make("digit")
    with pytest.raises(DataProblem, match="The template digits brings its own data"):
        make("digits", tmp_path / "own.csv")
    with pytest.raises(DataProblem, match="There is no data file"):
        make("tabular", tmp_path / "own.csv")


def test_the_example_file_is_the_digits_template():
    example = files("resources").joinpath("examples", "digits.netloom").read_text(encoding="utf-8")
    assert loads(example).project == make("digits")[0]


@pytest.mark.parametrize(
    ("name", "figure", "low", "high"),
    [
        ("digits", "accuracy", 0.98, 1.0),
        ("spirals", "accuracy", 0.97, 1.0),
        ("regression", "loss", 0.005, 0.04),
        ("sentiment", "accuracy", 0.95, 1.0),
        ("tabular", "accuracy", 0.9, 1.0),
    ],
)
def test_a_template_learns_what_it_promises(name, figure, low, high):
    project, _ = make(name)
    *_, last = Session.prepare(project).run(every=1000)
    assert last.epochs <= project.training.epochs
    assert low <= last.test[figure] <= high


def test_a_fitted_project_finds_its_table_from_every_folder(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("a,kind\n" + "".join(f"{i % 7}.5,{'pq'[i % 2]}\n" for i in range(30)))
    monkeypatch.chdir(tmp_path)
    project, _ = make("tabular", Path("t.csv"))
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert len(load_for(project, tmp_path / "deep")) == 30


def learnt(path):
    """The absolute error of the tabular template on its test samples, that of least squares, and the last layer."""
    project, _ = make("tabular", path)
    session = Session.prepare(project)
    *_, last = session.run(every=1000)
    x, y, x_test, y_test = (
        next(iter(arrays.values())).astype(np.float64)
        for part in (session.prepared.training, session.prepared.test)
        for arrays in (part.inputs, part.targets)
    )
    x, x_test = (np.column_stack([rows, np.ones(len(rows))]) for rows in (x, x_test))
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    return last.test["mean_absolute_error"], np.abs(x_test @ weights - y_test).mean(), project.network.layers["output"]


@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (1000.0, 0.0), (80_000.0, 200_000.0), (1e-4, 0.0)])
def test_a_target_of_any_scale_is_learnt_alike(tmp_path, scale, offset):
    """A bend that no plane follows, in units as they come: the error is far below that of least squares."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(600, 4))
    y = 2 * x[:, 0] - x[:, 1] + 1.5 * np.sin(2 * x[:, 2]) + generator.normal(0.0, 0.2, len(x))
    path = tmp_path / "own.csv"
    np.savetxt(path, np.column_stack([x, scale * y + offset]), delimiter=",", header="a,b,c,d,size", comments="")
    error, straight, last = learnt(path)
    assert error < 0.5 * straight
    if scale == 1.0:
        assert last == Dense(1)
    else:
        spread = 2.4 * scale  # of 2a - b + 1.5 sin(2c): about sqrt(4 + 1 + 1.1)
        assert last.scale == pytest.approx(spread, rel=0.1)
        assert last.offset == pytest.approx(offset, abs=0.3 * spread)


def test_the_progress_of_a_disease_is_told_better_than_by_least_squares():
    path = files("resources").joinpath("data", "diabetes.csv")
    error, straight, last = learnt(path)
    assert error < straight
    assert (last.scale, last.offset) == pytest.approx((77, 152), rel=0.03)


def test_a_target_far_from_unit_scale_is_said(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b,price\n" + "".join(f"{i % 7}.5,{i % 5},{200_000 + 1000.5 * i}\n" for i in range(60)))
    project, assumed = make("tabular", path)
    last = project.network.layers["output"]
    assert assumed[-1] == (
        f"The numbers of 'price' lie around {last.offset:,g} with a deviation of {last.scale:,g}: "
        "a Rescaling at the end brings the results there."
    )


def test_a_table_with_several_targets_gets_an_end_for_each(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{i % 7},{i % 5},{('x', 'y', 'z')[i % 3]},{1000 + 50 * (i % 7)},{('no', 'yes')[i % 2]}" for i in range(90)]
    path.write_text("\n".join(["a,dense,kind,price,sick", *rows]) + "\n")
    roles = {"kind": "target", "price": "target", "sick": "target"}
    kinds = {"kind": "category", "sick": "category"}
    columns = tuple(
        Column(name, roles.get(name, "feature"), kinds.get(name, "number"))
        for name in ("a", "dense", "kind", "price", "sick")
    )
    recipe = DataRecipe(source=CsvFile(path=str(path)), columns=columns)
    samples = load(recipe)
    assert fits(samples)
    project, assumed = fitted(samples, recipe)
    checked = check(project, samples.facts)
    assert checked.problems == ()
    assert set(checked.inference.results) == {"kind", "price", "sick"}
    losses = {name: project.training.loss_of(name).key for name in roles}
    assert losses == {
        "kind": "sparse_categorical_crossentropy",
        "price": "mean_squared_error",
        "sick": "binary_crossentropy",
    }
    assert project.training.metrics_of("price") == ("mean_absolute_error",)
    assert any("deviation" in note for note in assumed)
    session = Session.prepare(replace(project, training=project.training.with_(epochs=2)))
    assert [type(event).__name__ for event in session.run()][-1] == "Finished"


def test_pictures_and_words_are_no_table() -> None:
    for name in ("digits", "sentiment"):
        assert not fits(load(make(name)[0].data))
