"""One file of Python that needs only NumPy and the weights, and predicts what the network does."""

from __future__ import annotations

import ast
import builtins

from engine.formats.exporter import Files, Note, Work, exporter
from engine.formats.numpy_code import core, images, sequences
from engine.formats.numpy_code.emitter import emitters, written
from engine.formats.parts import needed, parts
from engine.formats.python_text import indented, python
from engine.formats.steps import Step, program
from engine.formats.weights import write_npz
from graph.layers.core import Embedding
from graph.layers.masking import Masking
from graph.layers.merge import Concatenate
from graph.message import Message
from graph.version import VERSION

__all__ = ["core", "emitters", "images", "sequences", "write_numpy_code"]

RESERVED = ("np", "w", "math", "step", "Path", "sys", "load_weights", "predict")

LOAD_WEIGHTS = '''\
def load_weights(path=Path(__file__).with_suffix(".npz")):
    """The weights by layer and name."""
    weights = {}
    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            layer, _, weight = name.rpartition("/")
            weights.setdefault(layer, {})[weight] = arrays[name]
    return weights'''


@exporter(
    "numpy",
    title="NumPy code (Python)",
    endings=(".numpy.py",),
    description="One readable Python file that needs only NumPy, and the weights beside it. It predicts the same.",
    needs_weights=True,
    needs_shapes=True,
)
def write_numpy_code(work: Work) -> Files:
    """The text of the module, and the weights beside it."""
    body = network_code(work)
    names = {one.id for one in ast.walk(ast.parse(body)) if isinstance(one, ast.Name)}
    library = needed("numpy", names)
    text = "\n\n\n".join([_head(work, library), *library, LOAD_WEIGHTS, body, _main()]) + "\n"
    notes = tuple(
        Note(name, Message("Its states begin at 0 in every call: a file of functions keeps none."))
        for name, layer in work.project.network.layers.items()
        if layer.config().get("stateful")
    )
    return Files(text.encode(errors="backslashreplace"), {".npz": write_npz(work).content}, notes=notes)


def network_code(work: Work) -> str:
    """The function that predicts."""
    made = program(work.inference, {*RESERVED, *parts("numpy"), *dir(builtins)})
    lines = [line for step in made.steps for line in lines_of(step)]
    results = list(made.results.items())
    given = results[0][1] if len(results) == 1 else "{" + ", ".join(f"{python(k)}: {v}" for k, v in results) + "}"
    doc = "The outputs for a batch of samples" + ("." if len(results) == 1 else ", by name.")
    head = f'def predict(w, {", ".join(made.entries.values())}):\n    """{doc}"""\n'
    return head + indented("\n".join([*lines, f"return {given}"]))


def lines_of(step: Step) -> list[str]:
    """The assignments of a layer: its mask where it makes one, and its outputs; values are computed first."""
    values = f"{', '.join(step.ys)} = {written(step)}"
    if step.mask is None:
        return [values]
    x = step.xs[0]
    if isinstance(step.layer, Embedding):
        return [f"{step.mask} = {x} != 0", values]
    if isinstance(step.layer, Masking):
        return [f"{step.mask} = np.any({x} != {step.layer.mask_value!r}, axis=-1)", values]
    masks = f"[{', '.join(mask.text if mask else 'None' for mask in step.masks)}]"
    axis = ""
    rank = len(step.inferred.inputs[0])
    if isinstance(step.layer, Concatenate) and step.layer.axis % rank != rank - 1:
        axis = f", axis={step.layer.axis % rank}"
    xs = ", ".join(step.xs)
    if step.layer.key in ("Maximum", "Minimum"):
        y = f"np.broadcast_arrays({', '.join(core.aligned(step))})[0]"
        return [f"{step.mask} = joined_mask({y}, [{xs}], {masks})", values]
    return [values, f"{step.mask} = joined_mask({step.ys[0]}, [{xs}], {masks}{axis})"]


def _head(work: Work, library: list[str]) -> str:
    imports = ["import math"] if any("math." in one for one in library) else []
    layers, parameters = len(work.inference.network.layers), work.inference.parameters
    return "\n".join(
        [
            f'"""{python(work.name)[1:-1]}: {layers} layers, {parameters:,} parameters.',
            "",
            f"Written by Netloom {VERSION}. It needs NumPy, and the weights in the .npz file beside it.",
            '"""',
            "",
            *imports,
            "import sys",
            "from pathlib import Path",
            "",
            "import numpy as np",
        ]
    )


def _main() -> str:
    given = "*(np.load(path, allow_pickle=False) for path in sys.argv[1:])"
    return f'if __name__ == "__main__":\n    print(predict(load_weights(), {given}))'
