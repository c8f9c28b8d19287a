"""Where samples come in, and every sentence that inference says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from graph.check import check
from graph.datasets import DataFacts, TargetFacts
from graph.infer import infer
from graph.layers import layers
from graph.network import Network, Wire
from graph.problem import Severity
from graph.project import Project
from graph.shapes import Shape


def chain(*described: tuple[str, dict[str, Any]]) -> Network:
    """Layers one behind the other: a, b, c, ..."""
    found = {"abcdef"[i]: layers.make(key, config) for i, (key, config) in enumerate(described)}
    names = list(found)
    return Network.of(found, [Wire(a, b) for a, b in pairwise(names)])


def data(**inputs: Shape) -> DataFacts:
    return DataFacts(100, dict(inputs), {"y": TargetFacts("values", (None, 1))})


class TestKerasWaysToStateTheInput:
    """Expected shapes from Keras 2's documentation of input_shape, input_dim and input_length."""

    @pytest.mark.parametrize(
        ("key", "config", "shape"),
        [
            ("Dense", {"input_dim": 784}, (None, 784)),
            ("Dense", {"input_shape": (784,)}, (None, 784)),
            ("Dense", {"input_shape": (784,), "input_dim": 784}, (None, 784)),
            ("Dense", {"input_dim": 16, "input_length": 10}, (None, 10, 16)),
            ("Dense", {"input_shape": (10, 16), "input_length": 10}, (None, 10, 16)),
            ("Dense", {"input_shape": (None, 16), "input_length": 10}, (None, 10, 16)),
            ("Dense", {"input_shape": (10, 16), "input_dim": 16, "input_length": 10}, (None, 10, 16)),
            ("Dense", {"input_dim": 784, "batch_size": 32}, (32, 784)),
            ("Conv2D", {"input_shape": (28, 28, 1)}, (None, 28, 28, 1)),
            ("LSTM", {"input_dim": 16, "input_length": 10}, (None, 10, 16)),
            ("Embedding", {"input_dim": 1000, "input_length": 10}, (None, 10)),
            ("Embedding", {"input_dim": 1000, "input_shape": (10,)}, (None, 10)),
            ("Embedding", {"input_dim": 1000, "input_shape": (None,), "input_length": 10}, (None, 10)),
            ("Input", {"shape": (3,), "batch_size": 8}, (8, 3)),
        ],
    )
    def test_what_is_stated_is_the_input(self, key: str, config: dict[str, Any], shape: Shape) -> None:
        network = chain((key, config))
        inferred = infer(network).layers["a"]
        assert inferred.problems == ()
        assert inferred.inputs == (shape,)
        assert inferred.entry

    @pytest.mark.parametrize(
        ("key", "config", "text"),
        [
            (
                "Dense",
                {"input_shape": (3,), "input_dim": 4},
                "input_shape is (3,), but input_dim and input_length say (4,).",
            ),
            ("Dense", {"input_length": 5}, "input_length is 5, but the number of features is not given."),
            ("Dense", {"input_shape": (3, 4), "input_length": 5}, "input_shape is (3, 4), but input_length is 5."),
            ("Embedding", {"input_shape": (3,), "input_length": 5}, "input_shape is (3,), but input_length is 5."),
        ],
    )
    def test_where_they_disagree_the_fix_makes_them_agree(self, key: str, config: dict[str, Any], text: str) -> None:
        project = Project(chain((key, config)))
        (problem,) = infer(project.network).problems
        assert problem.text == text
        (fix,) = problem.fixes
        assert text not in [p.text for p in infer(fix.edit(project).network).problems]

    def test_input_dim_of_an_embedding_is_its_vocabulary_and_no_shape(self) -> None:
        inferred = infer(chain(("Embedding", {"input_dim": 50, "output_dim": 8, "input_length": 4}))).layers["a"]
        assert inferred.outputs == ((None, 4, 8),)
        assert inferred.weights["embeddings"].shape == (50, 8)


class TestData:
    def test_one_input_goes_to_one_entry_whatever_the_names(self) -> None:
        inference = infer(chain(("Dense", {})), data(pixels=(None, 7)))
        assert inference.layers["a"].inputs == ((None, 7),)
        assert inference.sources == {"a": "pixels"}

    def test_several_go_by_name(self) -> None:
        network = Network.of(
            {"left": layers.make("Input"), "right": layers.make("Input"), "both": layers.make("Concatenate")},
            [Wire("left", "both"), Wire("right", "both")],
        )
        inference = infer(network, data(right=(None, 2), left=(None, 3)))
        assert inference.layers["both"].inputs == ((None, 3), (None, 2))
        assert inference.layers["both"].outputs == ((None, 5),)

    def test_a_stated_shape_and_the_data_complete_each_other(self) -> None:
        inference = infer(chain(("Input", {"shape": (None, 3)})), data(x=(None, 9, 3)))
        assert inference.layers["a"].outputs == ((None, 9, 3),)

    @pytest.mark.parametrize("key", ["Input", "Dense"])
    def test_where_they_disagree_the_data_can_be_taken(self, key: str) -> None:
        stated = {"shape": (5,)} if key == "Input" else {"input_dim": 5}
        project = Project(chain((key, stated), ("Dense", {})))
        facts = data(x=(None, 7))
        problem = infer(project.network, facts).problems[0]
        assert problem.text == "It states 5, but the data has 7."
        assert problem.fixes[0].text == "Take 7 from the data"
        assert infer(problem.fixes[0].edit(project).network, facts).layers["b"].inputs[0][-1] in (7, 64)
        assert infer(problem.fixes[0].edit(project).network, facts).problems == ()

    def test_an_embedding_takes_its_length_from_the_data(self) -> None:
        project = Project(chain(("Embedding", {"input_dim": 50, "input_length": 5})))
        facts = data(x=(None, 12))
        mended = infer(project.network, facts).problems[0].fixes[0].edit(project)
        assert infer(mended.network, facts).layers["a"].inputs == ((None, 12),)

    def test_an_entry_that_the_data_has_nothing_for(self) -> None:
        (problem,) = infer(chain(("Input", {})), data(p=(None, 2), q=(None, 3))).problems
        assert problem.text == "The data has nothing for a; it has p, q."


class TestSentences:
    @pytest.mark.parametrize(
        ("network", "node", "text"),
        [
            (chain(("Input", {})), "a", "The shape of the samples is not known."),
            (chain(("Dense", {}), ("Dense", {})), "a", "Dense has no input."),
            (chain(("Add", {}), ("Dense", {})), "a", "Add has no input."),
            (chain(("Input", {"shape": (4,)}), ("Add", {})), "b", "Add needs at least 2 inputs, but has 1."),
            (
                chain(("Input", {"shape": (4,)}), ("Dense", {"input_dim": 5})),
                "b",
                "It states the input 5, but its wire brings 4.",
            ),
            (
                chain(("Input", {"shape": (4,)}), ("Conv2D", {})),
                "b",
                "Conv2D takes images (height, width, channels), but gets 4.",
            ),
            (
                chain(("Input", {"shape": (4, 6)}), ("Reshape", {"target_shape": (5, -1)})),
                "b",
                "24 values (4×6) cannot be laid out as 5×-1.",
            ),
            (
                Network.of(
                    {n: layers.make("Dense") for n in "abc"}, [Wire("a", "b"), Wire("b", "c"), Wire("c", "a")]
                ),
                "a",
                "The wires run in a circle: a → b → c → a.",
            ),
            (
                Network.of(
                    {"a": layers.make("Input", {"shape": (4,)}), "b": layers.make("Dense")}, [Wire("a", "b", "z")]
                ),
                "b",
                "The wire from a ends in a port that is not there.",
            ),
            (
                Network.of(
                    {"a": layers.make("Input", {"shape": (4,)}), "b": layers.make("Input", {"shape": (4,)}),
                     "c": layers.make("Dense")},
                    [Wire("a", "c"), Wire("b", "c")],
                ),
                "c",
                "Dense takes one wire, but has 2.",
            ),
        ],
    )  # fmt: skip
    def test_one_mistake_makes_one_problem(self, network: Network, node: str, text: str) -> None:
        problems = infer(network).problems
        assert [(p.node, p.text, p.severity) for p in problems] == [(node, text, Severity.ERROR)]
        for fix in problems[0].fixes:
            mended = infer(fix.edit(Project(network)).network)
            assert text not in [p.text for p in mended.problems]

    def test_a_layer_without_wires_is_left_out_with_a_warning(self) -> None:
        network = Network.of(
            {"a": layers.make("Dense", {"input_dim": 3}), "b": layers.make("Dense"), "c": layers.make("Dense")},
            [Wire("a", "b")],
        )
        inference = infer(network)
        (problem,) = inference.problems
        assert (problem.node, problem.text) == ("c", "It is not wired, so it is left out.")
        assert problem.severity is Severity.WARNING
        assert inference.results == ("b",)

    def test_a_cycle_that_is_cut_leaves_no_trace(self) -> None:
        """The layer that carried the problem keeps its wire, and what feeds it has no shape before or after."""
        names = {n: layers.make("Dense") for n in ("z", "a")}
        looped = Project(Network.of(names, [Wire("z", "a"), Wire("a", "z")]))
        before = check(looped)
        (problem,) = before.inference.problems
        cut = Project(Network.of(names, [Wire("z", "a")]))
        after = check(cut, None, before)
        assert "circle" in problem.text
        assert [p.text for p in after.inference.problems] == ["Dense has no input."]


SLASH = 'A name holds no "/": files put it between a layer and its weight, as in dense/kernel.'
CONTROL = "A name holds no line breaks or other control characters."


@pytest.mark.parametrize(
    ("name", "text", "better"),
    [
        ("block/dense", SLASH, "block_dense"),
        ("two\nlines", CONTROL, "two_lines"),
        ("\x00", CONTROL, "_"),
        (" ", "A layer needs a name.", "layer"),
    ],
)
def test_a_name_that_files_cannot_hold_is_mended_by_one_click(name: str, text: str, better: str) -> None:
    made = Network.of({"in": layers.make("Input", {"shape": (4,)}), name: layers.make("Dense")}, [Wire("in", name)])
    project = Project(made)
    (problem,) = check(project).errors
    assert (problem.node, problem.text) == (name, text)
    assert check(project).inference.layers[name].outputs == ((None, 64),)
    (fix,) = problem.fixes
    mended = fix.edit(project)
    assert set(mended.network.layers) == {"in", better}
    assert check(mended).errors == ()


def test_names_of_every_alphabet_are_names() -> None:
    names = ["Schicht 1", "слой", "層", "a.b:c", "μ²", "\U0001f9e0"]
    found = {name: layers.make("Input", {"shape": (4,)}) for name in names}
    assert [p for p in check(Project(Network.of(found))).errors if "name" in p.text] == []
