"""Every declared data set has a loader, and gives what its declaration says."""

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.data import DataProblem, load, prepare
from engine.data.reviews import STRENGTHS, WORDS, decode, encode
from engine.data.shipped import shipped
from engine.data.sources import loaders
from graph.datasets import (
    Circles,
    CsvFile,
    Curve,
    Dataset,
    Digits,
    Moons,
    NpzFile,
    Plane,
    Reviews,
    Spirals,
    Xor,
    datasets,
)
from graph.recipe import DataRecipe

FROM_FILES = ("csv", "npz")
MADE = [name for name in datasets.names() if name not in FROM_FILES]


def recipe(source: Dataset) -> DataRecipe:
    return DataRecipe(source=source)


def test_every_data_set_has_a_loader():
    assert {datasets[name] for name in datasets.names()} == set(loaders)


@pytest.mark.parametrize("name", MADE)
def test_a_data_set_keeps_its_promises(name):
    source = datasets.make(name)
    samples = load(recipe(source))
    facts = samples.facts
    assert facts.samples == len(samples) > 100
    for key, x in samples.inputs.items():
        assert x.shape == (len(samples), *facts.inputs[key][1:])
        assert facts.inputs[key][0] is None
        assert np.isfinite(x).all()
    ((key, target),) = facts.targets.items()
    assert (target.kind == "classes") == (source.task == "classification")
    if target.kind == "classes":
        assert set(samples.targets[key].tolist()) == set(range(len(target.classes)))
    assert samples.digest == load(recipe(source)).digest
    prepared = prepare(samples, recipe(source))
    for part in prepared.parts.values():
        for x in part.inputs.values():
            assert x.flags.c_contiguous
            assert x.dtype == (np.int32 if name == "reviews" else np.float32)


def test_the_sizes_are_those_of_the_sources():
    sizes = {
        name: len(load(recipe(datasets.make(name)))) for name in ("digits", "iris", "wine", "breast_cancer", "diabetes")
    }
    assert sizes == {"digits": 1797, "iris": 150, "wine": 178, "breast_cancer": 569, "diabetes": 442}


def test_digits_are_grey_values_from_0_to_1():
    samples = load(recipe(Digits()))
    with shipped("digits.npz").open("rb") as stream, np.load(stream) as raw:
        np.testing.assert_allclose(samples.inputs["x"] * 16, raw["x"])
        np.testing.assert_array_equal(samples.targets["y"], raw["y"])
    assert samples.inputs["x"].max() == 1.0


def test_a_shipped_table_is_what_the_csv_module_reads():
    with shipped("iris.csv").open("r") as stream:
        rows = list(csv.DictReader(stream))
    samples = load(recipe(datasets.make("iris")))
    assert samples.feature_names == list(rows[0])[:4]
    np.testing.assert_array_equal(samples.inputs["x"], [[float(row[name]) for name in list(row)[:4]] for row in rows])
    classes = samples.facts.targets["species"].classes
    assert [classes[number] for number in samples.targets["species"]] == [row["species"] for row in rows]


@pytest.mark.parametrize("kind", [Spirals, Moons, Circles, Xor, Curve, Plane, Reviews])
def test_the_seed_makes_the_points(kind):
    one, same, other = (load(recipe(kind(samples=60, seed=seed))) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.inputs["x"], same.inputs["x"])
    assert one.digest == same.digest != other.digest
    assert not np.array_equal(one.inputs["x"], other.inputs["x"])


def test_circles_lie_on_their_radii():
    samples = load(recipe(Circles(noise=0.0, factor=0.25)))
    radius = np.hypot(*samples.inputs["x"].T)
    np.testing.assert_allclose(radius, np.where(samples.targets["y"] == 0, 1.0, 0.25), rtol=1e-5)


def test_moons_lie_on_their_half_circles():
    samples = load(recipe(Moons(noise=0.0)))
    centre = np.where(samples.targets["y"][:, None] == 0, [[0.0, 0.0]], [[1.0, 0.5]])
    away = samples.inputs["x"] - centre
    np.testing.assert_allclose(np.hypot(*away.T), 1.0, rtol=1e-5)
    assert ((away[:, 1] >= -1e-6) == (samples.targets["y"] == 0)).mean() > 0.99


def test_xor_is_told_by_the_signs():
    samples = load(recipe(Xor(noise=0.0)))
    np.testing.assert_array_equal(samples.inputs["x"].prod(1) < 0, samples.targets["y"] == 1)


def test_the_curve_and_the_plane_follow_their_formulas():
    samples = load(recipe(Curve(noise=0.0)))
    x = samples.inputs["x"]
    np.testing.assert_allclose(samples.targets["y"], np.sin(3 * x) + x / 2, atol=1e-5)
    samples = load(recipe(Plane(noise=0.0)))
    a, b = samples.inputs["x"].T
    np.testing.assert_allclose(samples.targets["y"][:, 0], np.sin(2 * a) * np.cos(b), atol=1e-5)


def test_noise_is_as_large_as_it_says():
    samples = load(recipe(Curve(noise=0.5, samples=20_000)))
    x = samples.inputs["x"]
    assert np.std(samples.targets["y"] - np.sin(3 * x) - x / 2) == pytest.approx(0.5, rel=0.03)


def sentiment(words: list[str]) -> float:
    """What a review says, read clause by clause, as its grammar tells."""
    total, sign, degree = 0.0, 1.0, 1.0
    for word in words:
        if word in ("not", "never"):
            sign = -1.0
        elif word in ("very", "really"):
            degree = 2.0
        elif word in ("slightly", "somewhat"):
            degree = 0.5
        elif word in STRENGTHS:
            total += sign * degree * STRENGTHS[word]
            sign, degree = 1.0, 1.0
    return total


@pytest.mark.parametrize("length", [4, 5, 12, 30])
def test_reviews_mean_what_they_are_labelled(length):
    samples = load(recipe(Reviews(length=length)))
    assert samples.facts.vocabulary == len(WORDS) == len(samples.words)
    assert samples.inputs["x"].shape == (2000, length)
    for row, praise in zip(samples.inputs["x"], samples.targets["y"], strict=True):
        assert (sentiment(decode(row).split()) > 0) == bool(praise)


def test_counting_words_does_not_solve_the_reviews():
    samples = load(recipe(Reviews()))
    counted = np.array([STRENGTHS.get(word, 0) for word in WORDS])[samples.inputs["x"]].sum(1)
    right = ((counted > 0) == (samples.targets["y"] == 1)).mean()
    assert 0.5 < right < 0.8


def test_a_typed_review_becomes_numbers():
    numbers = encode("The plot was NOT good, honestly!", 8)
    assert [WORDS[number] for number in numbers] == ["the", "plot", "was", "not", "good", "?", "", ""]
    assert encode("good " * 20, 4) == [WORDS.index("good")] * 4


@pytest.mark.parametrize("kind", [CsvFile, NpzFile])
def test_a_missing_file_is_named(kind, tmp_path):
    with pytest.raises(DataProblem, match=r"There is no data file .*gone\.csv\. Check the path"):
        load(recipe(kind(path="gone.csv")), tmp_path)
    with pytest.raises(DataProblem, match=r"No data file is chosen\. Choose a CSV or NPZ file\."):
        load(recipe(kind()))
    with pytest.raises(DataProblem, match="is a folder"):
        load(recipe(kind(path=str(tmp_path))))


def test_no_source_is_a_problem():
    with pytest.raises(DataProblem, match="No data is chosen"):
        load(DataRecipe())


def test_a_relative_path_starts_at_the_project(tmp_path: Path):
    (tmp_path / "t.csv").write_text("a,y\n1,u\n2,v\n3,u\n")
    assert len(load(recipe(CsvFile(path="t.csv")), tmp_path)) == 3
