"""A small network as one header in C99, weights included, for microcontrollers and wherever nothing else runs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from math import prod

import numpy as np

from engine.formats.c_code import images
from engine.formats.c_code.arena import places
from engine.formats.c_code.core import activation
from engine.formats.c_code.emitter import CStep, emitters, number, refuse
from engine.formats.exporter import Files, Work, exporter
from engine.formats.identifiers import identifier
from engine.formats.python_text import indented
from engine.formats.steps import Program, program
from engine.kernel import Array
from graph.message import Message
from graph.problem import FileProblem
from graph.shapes import Shape
from graph.version import VERSION

__all__ = ["emitters", "images", "write_c"]

MOST = 2_000_000
"""The most weights that a header may hold: it has a dozen characters for each."""
KEYWORDS = (
    *("auto", "case", "char", "const", "default", "do", "double", "enum", "extern", "float", "goto", "inline", "int"),
    *("long", "main", "register", "restrict", "short", "signed", "sizeof", "static", "struct", "switch", "typedef"),
    *("union", "unsigned", "void", "volatile", "if", "else", "for", "while", "return", "break", "continue", "memory"),
    *("i", "w", "mixed"),
)


@exporter(
    "c",
    title="C99 header",
    endings=(".h",),
    description="A small network as one C99 header without dependencies, weights included, for microcontrollers.",
    needs_weights=True,
    needs_shapes=True,
)
def write_c(work: Work) -> Files:
    """The text of the header. Raises FileProblem where C code cannot say a layer, or the network is too large."""
    if work.inference.parameters > MOST:
        text = Message("C code is for small networks: this one has {n:,} weights.", n=work.inference.parameters)
        raise FileProblem(text, Message("Use ONNX, or a network with at most {most:,} weights.", most=MOST))
    made = program(work.inference, KEYWORDS)
    for step in made.steps:
        refuse(step)
    name = identifier(work.name, KEYWORDS)
    steps, memory = _steps(work, made)
    blocks: list[str] = []
    arrays: dict[str, Array] = {}
    for s in steps:
        lines = [*emitters[type(s.step.layer)](s.step.layer, s), *_behind(s)]
        blocks.append(f"{{ /* {_comment(s.step.name)} */\n{indented(chr(10).join(lines))}\n}}")
        arrays |= s.arrays
    ends = [_result(work, made, steps, result) for result in made.results]
    given = [f"const float *{one}" for one in made.entries.values()] + [f"float *out_{i}" for i in range(len(ends))]
    ends = [end.format(i=i) for i, end in enumerate(ends)]
    body = indented("\n".join([f"static float memory[{max(memory, 1)}];", *blocks, *ends]))
    head = f"static inline void {name}_predict({', '.join(given)}) {{"
    constants = [_constant(one, values) for one, values in arrays.items()]
    parts = _needed("\n".join([*blocks, *ends]))
    guard = f"NETLOOM_{name.upper()}_H"
    doc = f"/* {_comment(work.name)}: {_sizes(work, made)}\n\n   Written by Netloom {VERSION}. C99; link with -lm. */"
    header = "\n\n".join(
        [
            doc,
            f"#ifndef {guard}\n#define {guard}",
            "#include <math.h>\n#include <stddef.h>",
            *parts,
            *constants,
            f"{head}\n{body}\n}}",
            f"#endif /* {guard} */",
        ]
    )
    return Files((header + "\n").encode("ascii", errors="replace"))


def _steps(work: Work, made: Program) -> tuple[list[CStep], int]:
    """All layers with their places in memory, and how many values that has."""
    sizes: dict[str, tuple[int, ...]] = {}
    last: dict[str, int] = dict.fromkeys(made.results.values(), len(made.steps))
    for place, step in enumerate(made.steps):
        outputs = step.inferred.outputs or ()
        sizes[step.ys[0]] = tuple(n or 1 for n in outputs[0][1:])
        for x in step.xs:
            last[x] = max(last.get(x, 0), place)
    order = [step.ys[0] for step in made.steps]
    counts = {name: prod(size) for name, size in sizes.items()}
    offsets, memory = places(counts, order, {name: last.get(name, len(order)) for name in order})
    at = {name: f"(memory + {offset})" for name, offset in offsets.items()}
    weights = work.weights or {}
    found = []
    for step in made.steps:
        own = {key.rpartition("/")[2]: w for key, w in weights.items() if key.rpartition("/")[0] == step.name}
        inputs = [tuple(n or 1 for n in shape[1:]) for shape in step.inferred.inputs]
        xs = [at.get(one, one) for one in step.xs]
        found.append(CStep(step, xs, at[step.ys[0]], inputs, sizes[step.ys[0]], own, step.ys[0]))
    return found, memory


def _behind(s: CStep) -> list[str]:
    layer = s.step.layer
    own = "activation" in layer.parameters or layer.only_activates
    return activation(layer.activation_behind, s) if own else []


def _result(work: Work, made: Program, steps: list[CStep], result: str) -> str:
    """The statement that copies a result to where the caller wants it."""
    variable = made.results[result]
    by_name = {s.step.ys[0]: s for s in steps}
    source = by_name[variable].y if variable in by_name else variable
    shape = (work.inference.layers[result].outputs or ((),))[0]
    count = prod(n or 1 for n in shape[1:])
    return f"for (int i = 0; i < {count}; i++) out_{{i}}[i] = {source}[i];"


def _sizes(work: Work, made: Program) -> str:
    """What goes in and comes out, in words."""
    layers = work.inference.layers

    def said(shape: Shape) -> str:
        return " x ".join(map(str, shape[1:])) or "1"

    entries = ", ".join(f"{one} ({said(layers[name].inputs[0])})" for name, one in made.entries.items())
    shapes = {name: (layers[name].outputs or ((),))[0] for name in made.results}
    results = ", ".join(f"out_{i} ({_comment(name)}, {said(shape)})" for i, (name, shape) in enumerate(shapes.items()))
    return f"{entries} to {results}"


def _comment(text: str) -> str:
    """Text that does not end a comment, in ASCII."""
    return text.encode("ascii", errors="replace").decode().replace("*/", "* /").replace("\\", "/").replace("\n", " ")


def _constant(name: str, values: Array) -> str:
    numbers = [number(value) for value in np.ravel(values)]
    lines = [", ".join(numbers[i : i + 8]) for i in range(0, len(numbers), 8)]
    return f"static const float {name}[{len(numbers)}] = {{\n" + ",\n".join(f"    {line}" for line in lines) + "\n};"


@cache
def _library() -> dict[str, str]:
    """The functions of `resources/code/c`, by name, each with the comment before it."""
    text = files("resources").joinpath("code", "c", "layers.c").read_text(encoding="utf-8")
    blocks = re.split(r"\n\n(?=/\*|static)", text.strip())[1:]
    return {names[0]: block for block in blocks if (names := re.findall(r"^(?:static \w+ |\} )(nl_\w+)", block, re.M))}


def _needed(code: str) -> list[str]:
    """The functions that are called in `code`, and those they call in turn."""
    library = _library()
    wanted = more = {name for name in library if re.search(rf"\b{name}\b", code)}
    while more:
        inside = {name for one in more for name in library if re.search(rf"\b{name}\b", library[one])}
        more = inside - wanted
        wanted = wanted | more
    return [block for name, block in library.items() if name in wanted]
