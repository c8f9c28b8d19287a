"""The split, the standardization and the targets, held against NumPy by hand."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import DataProblem, Preparation, Samples, Wanted, from_rows, load, prepare, read
from engine.data.csv_file import read_table
from engine.data.shipped import shipped
from engine.data.split import split
from graph.datasets import Column, DataFacts, Digits, Reviews, TargetFacts, datasets
from graph.recipe import DataRecipe


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
    st.floats(0, 0.45),
    st.floats(0, 0.45),
    st.integers(0, 5),
)
def test_a_split_is_a_stratified_partition(sizes, validation, test, seed):
    classes = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    parts = split(len(classes), validation, test, seed, classes)
    whole = np.concatenate([parts.training, parts.validation, parts.test])
    assert sorted(whole.tolist()) == list(range(len(classes)))
    for number, size in enumerate(sizes):
        got = [int((classes[part] == number).sum()) for part in (parts.training, parts.validation, parts.test)]
        assert got[0] >= 1
        assert abs(got[2] - size * test) <= 1 or got[2] == size - 1
        assert abs(got[1] - size * validation) <= 2
    assert len(parts.test) <= round(len(classes) * test)


def test_the_seed_decides_the_split():
    one, same, other = (split(100, 0.2, 0.1, seed) for seed in (1, 1, 2))
    assert (len(one.training), len(one.validation), len(one.test)) == (70, 20, 10)
    np.testing.assert_array_equal(one.test, same.test)
    assert not np.array_equal(one.test, other.test)


def test_nothing_to_train_on():
    with pytest.raises(DataProblem, match=r"validation 0\.6 and test 0\.5 leave nothing to train on"):
        split(10, 0.6, 0.5, 0)


def test_class_counts_of_each_part():
    samples = load(DataRecipe(source=datasets.make("iris")))
    prepared = prepare(samples, DataRecipe(validation=0.2, test=0.2))
    assert prepared.class_counts == {
        "species": {"training": (30, 30, 30), "validation": (10, 10, 10), "test": (10, 10, 10)}
    }
    assert [len(part) for part in prepared.parts.values()] == [90, 30, 30]


def test_standardization_learns_from_the_training_part_alone():
    samples = load(DataRecipe(source=datasets.make("wine")))
    prepared = prepare(samples, DataRecipe(seed=3))
    raw = samples.inputs["x"]
    mean, deviation = raw[prepared.training.rows].mean(0), raw[prepared.training.rows].std(0)
    for part in prepared.parts.values():
        np.testing.assert_allclose(part.inputs["x"], (raw[part.rows] - mean) / deviation, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(prepared.training.inputs["x"].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.training.inputs["x"].std(0), 1, atol=1e-5)


def test_without_standardization_values_stay():
    samples = load(DataRecipe(source=datasets.make("wine")))
    prepared = prepare(samples, DataRecipe(standardize=False))
    np.testing.assert_allclose(prepared.test.inputs["x"], samples.inputs["x"][prepared.test.rows], rtol=1e-6)


def numbers(x, y=None) -> Samples:
    x = np.asarray(x, np.float64)
    y = np.zeros((len(x), 1)) if y is None else y
    facts = DataFacts(len(x), {"x": (None, x.shape[1])}, {"y": TargetFacts("values", (None, 1))})
    return Samples({"x": x}, {"y": y}, facts, "")


def test_large_numbers_keep_their_differences_and_constants_are_safe():
    years = 1.7e12 + np.arange(40.0)
    prepared = prepare(numbers(np.stack([years, np.full(40, 0.1), np.full(40, 7e9)], 1)), DataRecipe())
    x = prepared.training.inputs["x"]
    assert np.unique(x[:, 0]).size == len(x)
    np.testing.assert_allclose(x[:, 1:], 0, atol=1e-5)


def table(tmp_path, text: str):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return path


def rows(count: int) -> str:
    cells = [
        (i * 7 % 31, "" if i % 5 == 0 else i * 3 % 13, ("Bern", "Rome", "Oslo", "")[i % 4], "pqr"[i % 3])
        for i in range(count)
    ]
    return "a,b,town,kind\n" + "".join(",".join(map(str, row)) + "\n" for row in cells)


@pytest.mark.parametrize("standardize", [True, False])
def test_gaps_are_filled_with_the_training_mean(tmp_path, standardize):
    samples = read_table(table(tmp_path, rows(60)))
    prepared = prepare(samples, DataRecipe(standardize=standardize))
    raw = samples.inputs["x"][prepared.training.rows, 1]
    filled = np.where(np.isnan(raw), np.nanmean(raw), raw)
    expected = (filled - np.nanmean(raw)) / np.nanstd(raw) if standardize else filled
    np.testing.assert_allclose(prepared.training.inputs["x"][:, 1], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(prepared.training.inputs["x"][:, 2:], samples.inputs["x"][prepared.training.rows, 2:])


@pytest.mark.parametrize(
    ("name", "wanted", "make"),
    [
        ("iris", None, lambda y: y),
        ("iris", Wanted("classes"), lambda y: y),
        ("iris", Wanted("one_hot"), lambda y: np.eye(3)[y]),
        ("iris", Wanted("binary", 3), lambda y: np.eye(3)[y]),
        ("iris", Wanted("values"), lambda y: np.eye(3)[y]),
        ("iris", Wanted("values", 1), lambda y: y[:, None]),
        ("moons", Wanted("binary"), lambda y: y[:, None]),
        ("moons", Wanted("binary", 2), lambda y: np.eye(2)[y]),
        ("moons", Wanted("one_hot"), lambda y: np.eye(2)[y]),
        ("moons", Wanted("values", 1), lambda y: y[:, None]),
        ("curve", Wanted("values"), lambda y: y),
        ("curve", None, lambda y: y),
    ],
)
def test_targets_are_what_the_loss_wants(name, wanted, make):
    samples = load(DataRecipe(source=datasets.make(name)))
    (target,) = samples.targets
    prepared = prepare(samples, DataRecipe(), {target: wanted} if wanted else None)
    expected = make(samples.targets[target][prepared.test.rows])
    got = prepared.test.targets[target]
    np.testing.assert_array_equal(got, expected.astype(got.dtype))
    assert got.shape == expected.shape
    assert got.dtype == (np.int32 if expected.ndim == 1 else np.float32)


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("iris", "binary", "The loss tells 2 classes apart, but the target 'species' has 3. Choose sparse_cat"),
        ("diabetes", "classes", "The loss compares classes, but the target 'progression' holds numbers."),
        ("diabetes", "binary", "Choose mean_squared_error, or make the target a category."),
    ],
)
def test_targets_that_cannot_be_what_the_loss_wants(name, kind, said):
    samples = load(DataRecipe(source=datasets.make(name)))
    (target,) = samples.targets
    with pytest.raises(DataProblem) as caught:
        prepare(samples, DataRecipe(), {target: Wanted(kind)})
    assert said in str(caught.value)


def test_words_stay_whole_unless_the_network_has_no_embedding():
    samples = load(DataRecipe(source=Reviews()))
    assert prepare(samples, DataRecipe()).training.inputs["x"].dtype == np.int32
    x = prepare(samples, DataRecipe(), whole=()).training.inputs["x"]
    assert x.dtype == np.float32
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-5)


def test_an_embedding_wants_whole_numbers():
    with pytest.raises(DataProblem, match="goes into an Embedding, but does not hold whole numbers"):
        prepare(numbers([[0.5], [1], [2], [3]]), DataRecipe(), whole=("x",))
    prepared = prepare(numbers([[4], [1], [2], [3]]), DataRecipe(validation=0, test=0), whole=("x",))
    assert prepared.training.inputs["x"].tolist() == [[4], [1], [2], [3]]


@pytest.mark.parametrize("name", [name for name in datasets.names() if name not in ("csv", "npz")])
def test_a_preparation_survives_json(name):
    samples = load(DataRecipe(source=datasets.make(name)))
    preparation = prepare(samples, DataRecipe()).preparation
    assert Preparation.from_json(json.loads(json.dumps(preparation.to_json()))) == preparation


def test_a_preparation_of_gaps_and_categories_survives_json(tmp_path):
    preparation = prepare(read_table(table(tmp_path, rows(60))), DataRecipe()).preparation
    assert Preparation.from_json(json.loads(json.dumps(preparation.to_json()))) == preparation


@pytest.mark.parametrize("stored", [None, {}, {"inputs": 3}, {"inputs": [], "targets": [{"name": "y"}], "words": []}])
def test_a_damaged_preparation_says_so(stored):
    with pytest.raises(ValueError, match="The preparation of the data is damaged"):
        Preparation.from_json(stored)


def test_new_rows_are_prepared_as_the_old_ones_were(tmp_path):
    path = table(tmp_path, rows(60))
    samples = read_table(path)
    prepared = prepare(samples, DataRecipe())
    again = read(prepared.preparation, path)
    assert again.samples == 60
    for part in prepared.parts.values():
        np.testing.assert_array_equal(again.inputs["x"][part.rows], part.inputs["x"])
        np.testing.assert_array_equal(again.targets["kind"][part.rows], part.targets["kind"])


def test_new_rows_in_any_order_and_without_the_target(tmp_path):
    prepared = prepare(read_table(table(tmp_path, rows(60))), DataRecipe())
    fresh = read(prepared.preparation, table(tmp_path, "town;more;b;a\nOslo;x;3;1,5\n;y;;20\n"))
    typed = from_rows(prepared.preparation, [{"a": "1.5", "b": "3", "town": "Oslo"}, {"a": "20"}])
    np.testing.assert_array_equal(fresh.inputs["x"], typed.inputs["x"])
    assert not fresh.complete
    np.testing.assert_array_equal(fresh.inputs["x"][:, 2:], [[0, 1, 0, 0], [0, 0, 0, 1]])
    one = prepared.preparation.input("x")
    assert fresh.inputs["x"][0, 0] == pytest.approx((1.5 - one.mean[0]) / one.deviation[0], rel=1e-6)
    assert fresh.inputs["x"][1, 1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a,b,town\n1,2,bern\n",
            "row 2, column 'town': expected one of 'Bern', 'Oslo', 'Rome', '', received 'bern'. Did you mean 'Bern'?",
        ),
        ("a,b,town\n1,2,Paris-Nord\n", "received 'Paris-Nord'. The network was trained with these categories only."),
        ("a,b,town\n,2,Bern\n", "row 2, column 'a': expected a number, but the cell is empty."),
        ("a,town,kind\n1,Bern,p\n", "has no column named 'b'"),
        ("a,b,town,kind\n1,2,Bern,z\n", "row 2, column 'kind': expected one of 'p', 'q', 'r', received 'z'."),
    ],
)
def test_new_rows_that_cannot_be(tmp_path, text, said):
    prepared = prepare(read_table(table(tmp_path, rows(60))), DataRecipe())
    with pytest.raises(DataProblem) as caught:
        read(prepared.preparation, table(tmp_path, text))
    assert said in str(caught.value)


def test_new_digits_from_their_own_file(tmp_path):
    samples = load(DataRecipe(source=Digits()))
    prepared = prepare(samples, DataRecipe())
    again = read(prepared.preparation, shipped("digits.npz"))
    np.testing.assert_array_equal(again.inputs["x"], samples.inputs["x"])
    np.testing.assert_array_equal(again.targets["y"], samples.targets["y"])
    np.savez(tmp_path / "some.npz", samples.inputs["x"][:7, ..., 0])
    np.testing.assert_array_equal(
        read(prepared.preparation, tmp_path / "some.npz").inputs["x"], samples.inputs["x"][:7]
    )
    np.savez(tmp_path / "wrong.npz", x=np.zeros((3, 9, 9, 1)))
    with pytest.raises(DataProblem, match="The array 'x' has samples of 9×9×1, but the network takes 8×8×1"):
        read(prepared.preparation, tmp_path / "wrong.npz")


def test_a_table_for_a_network_of_arrays(tmp_path):
    prepared = prepare(load(DataRecipe(source=Digits())), DataRecipe())
    with pytest.raises(DataProblem, match="is a table, but the network was trained on arrays"):
        read(prepared.preparation, table(tmp_path, rows(5)))


def test_a_column_may_be_chosen_as_a_class_target(tmp_path):
    columns = (Column("a"), Column("b", "target", "category"))
    samples = read_table(table(tmp_path, "a,b\n" + "".join(f"{i},{i % 3}.0\n" for i in range(30))), columns)
    assert samples.facts.targets["b"].classes == ("0", "1", "2")
