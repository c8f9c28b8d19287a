"""NPZ files: which arrays are what, and files that are refused before they are read."""

import contextlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import DataProblem
from engine.data.npz_file import read_npz


@pytest.fixture
def saved(tmp_path):
    def write(**arrays) -> Path:
        path = tmp_path / "data.npz"
        np.savez(path, **arrays)
        return path

    return write


def problem(path: Path) -> str:
    with pytest.raises(DataProblem) as caught:
        read_npz(path)
    return str(caught.value)


X = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
Y = np.arange(20) % 4


def test_x_and_y(saved):
    samples = read_npz(saved(x=X, y=Y))
    np.testing.assert_array_equal(samples.inputs["x"], X)
    np.testing.assert_array_equal(samples.targets["y"], Y)
    assert samples.facts.inputs == {"x": (None, 3)}
    assert samples.facts.targets["y"].classes == ("0", "1", "2", "3")
    assert samples.facts.vocabulary is None


def test_arrays_go_by_the_networks_names(saved):
    path = saved(left=X, right=X[:, :2], price=X[:, 0], label=Y)
    samples = read_npz(path, inputs=("left", "right"), outputs=("price",))
    assert samples.facts.inputs == {"left": (None, 3), "right": (None, 2)}
    assert {name: facts.kind for name, facts in samples.facts.targets.items()} == {
        "price": "values",
        "label": "classes",
    }


def test_one_array_left_over_is_what_is_missing(saved):
    assert list(read_npz(saved(x=X, price=X[:, 0])).targets) == ["price"]
    assert list(read_npz(saved(pixels=X, y=Y)).inputs) == ["pixels"]


@pytest.mark.parametrize(
    ("y", "kind", "shape", "classes"),
    [
        (Y, "classes", (None,), ("0", "1", "2", "3")),
        (Y[:, None] * 1.0, "classes", (None,), ("0", "1", "2", "3")),
        (np.array([9, 10, 8, 9] * 5), "classes", (None,), ("8", "9", "10")),
        (np.array([9, 2, 2, 9] * 5), "classes", (None,), ("2", "9")),
        (np.array([9, 10, 2, 9] * 5), "values", (None, 1), ()),
        (np.array([-1, 0, 1, 0] * 5), "values", (None, 1), ()),
        (np.array(["cat", "dog"] * 10), "classes", (None,), ("cat", "dog")),
        (Y > 1, "classes", (None,), ("0", "1")),
        (np.eye(4)[Y], "classes", (None,), ("0", "1", "2", "3")),
        (np.array([[1, 1, 0], [0, 0, 1]] * 10), "binary", (None, 3), ()),
        (X[:, 0], "values", (None, 1), ()),
        (X, "values", (None, 3), ()),
        (np.arange(20) * 37 + 1, "values", (None, 1), ()),
    ],
)
def test_what_a_target_is(saved, y, kind, shape, classes):
    facts = read_npz(saved(x=X, y=y)).facts.targets["y"]
    assert (facts.kind, facts.shape, facts.classes) == (kind, shape, classes)


def test_one_column_a_class_becomes_class_numbers(saved):
    np.testing.assert_array_equal(read_npz(saved(x=X, y=np.eye(4)[Y])).targets["y"], Y)


def test_whole_number_images_are_divided_by_their_largest_value(saved):
    images = np.arange(20 * 12, dtype=np.uint8).reshape(20, 2, 2, 3)
    samples = read_npz(saved(x=images, y=Y))
    np.testing.assert_allclose(samples.inputs["x"] * 239, images, rtol=1e-5)
    assert samples.scales == {"x": 239.0}
    assert samples.inputs["x"].dtype == np.float32
    assert samples.notes == ("The whole numbers of 'x' were divided by 239.",)


def test_rows_of_whole_numbers_stay_words(saved):
    words = np.arange(60).reshape(20, 3)
    samples = read_npz(saved(x=words, y=Y))
    np.testing.assert_array_equal(samples.inputs["x"], words)
    assert samples.inputs["x"].dtype == np.int32
    assert samples.facts.vocabulary == 60


def test_parts_are_joined(saved):
    samples = read_npz(saved(x_train=X[:15], y_train=Y[:15], x_test=X[15:], y_test=Y[15:]))
    assert samples.facts.inputs == {"x": (None, 3)}
    for row, number in zip(X, Y, strict=True):
        (at,) = np.flatnonzero((samples.inputs["x"] == row).all(1))
        assert samples.targets["y"][at] == number


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"x": X}, "data.npz holds no target; its arrays are x. Name it 'y', or after the network's layer"),
        ({"y": Y}, "data.npz holds no input"),
        ({"x": X, "y": Y[:5]}, "The arrays differ in their number of samples (x: 20, y: 5)."),
        ({"x": X, "y": np.array(3)}, "The array 'y' has no samples."),
        ({"x": X[:0], "y": Y[:0]}, "The array 'x' has no samples."),
        ({"x": np.where(X[4, 1] == X, np.nan, X), "y": Y}, "The array 'x' is not a number in sample 4."),
        ({"x": X, "y": np.array(["a", None] * 10, dtype=object)}, "The array 'y' holds Python objects, not numbers."),
        ({"x": X * 1j, "y": Y}, "The array 'x' holds the type complex64, not numbers."),
        ({"x": np.array(["a"] * 20), "y": Y}, "The input 'x' holds text."),
        ({"x_train": X, "x_test": X[:, :2], "y_train": Y}, "The arrays x_test, x_train differ in shape."),
    ],
)
def test_arrays_that_do_not_fit(saved, arrays, said):
    assert said in problem(saved(**arrays))


def test_no_archive_at_all(tmp_path):
    path = tmp_path / "data.npz"
    path.write_bytes(b"not a zip file")
    assert "data.npz is no NPZ file, or is damaged" in problem(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "data.npz holds no arrays. Save it with numpy.savez(path, x=..., y=...)." in problem(path)


def test_a_damaged_archive(saved):
    path = saved(x=X, y=Y)
    data = bytearray(path.read_bytes())
    data[200:210] = b"\xff" * 10
    path.write_bytes(data)
    assert "damaged" in problem(path)


def test_a_header_that_declares_more_than_is_there(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 8)})
    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", header.getvalue())
    assert "x needs 59604.6 GB; at most 4 GB are read." in problem(path)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (1000, 8)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", header.getvalue())
    assert "The array 'x' cannot be read: x declares 64,000 bytes, but holds 128." in problem(path)


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_refused_or_read_but_nothing_else(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("npz") / "data.npz"
    np.savez(path, x=X, y=Y)
    data = bytearray(path.read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    path.write_bytes(data)
    with contextlib.suppress(DataProblem):
        read_npz(path)


def test_parts_without_samples_cannot_be_joined(saved):
    assert problem(saved(x_train=np.array(5.0), x_test=X, y_train=Y)).startswith("The array 'x_train' has no samples.")


def test_a_class_for_every_sample_is_refused_at_once(saved):
    many = np.array([f"user {number}" for number in range(200_000)])
    assert problem(saved(x=np.zeros((200_000, 1)), y=many)).startswith("The target 'y' has 200,000 classes.")
