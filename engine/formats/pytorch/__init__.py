"""A PyTorch module in readable code with its state beside it, and a program that trains it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from safetensors.numpy import save as safetensors_bytes

from engine.formats.exporter import Files, Note, Work, exporter
from engine.formats.parts import needed, parts
from engine.formats.python_text import indented, python
from engine.formats.pytorch import core, images, normalization, sequences
from engine.formats.pytorch.builder import Builder, emitters, said
from engine.formats.pytorch.recipe import loss_lines, recipe_notes
from engine.formats.pytorch.script import train_code
from engine.formats.steps import Program, Step, program
from engine.formats.weights import contiguous
from engine.kernel import Array
from graph.layers.core import Embedding
from graph.layers.masking import Masking
from graph.layers.merge import Concatenate
from graph.message import Message
from graph.version import VERSION

__all__ = ["core", "emitters", "images", "normalization", "sequences", "state_of", "write_pytorch"]

IMPORTS = (
    *("argparse", "copy", "math", "os", "np", "torch", "nn", "F", "Path", "DataLoader", "DistributedSampler"),
    *("TensorDataset", "load_file", "save_file", "Network", "load_weights", "loss_of", "dataset", "loss_on", "main"),
    *("INPUTS", "TARGETS", "mean_over", "evaluate", "self", "step", "h"),
)
MODULE_ATTRIBUTES = (
    *("add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu", "cuda", "double"),
    *("dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state", "get_parameter"),
    *("get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers", "named_children"),
    *("named_modules", "named_parameters", "parameters", "register_backward_hook", "register_buffer"),
    *("register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook", "register_module"),
    *("register_parameter", "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict"),
    *("to", "to_empty", "train", "training", "type", "xpu", "zero_grad"),
)
"""What a module has already, so that no layer can be called so in it."""

LOAD_WEIGHTS = '''\
def load_weights(model, path=Path(__file__).with_suffix(".safetensors")):
    """Take the weights from a file."""
    model.load_state_dict(load_file(path))
    return model'''


@exporter(
    "pytorch",
    title="PyTorch (Python)",
    endings=(".torch.py",),
    description="A PyTorch module with its state_dict beside it, and the same training on one GPU or many.",
    needs_shapes=True,
)
def write_pytorch(work: Work) -> Files:
    """The text of the module, and its state beside it where weights are given."""
    to = Builder()
    reserved = {*IMPORTS, *MODULE_ATTRIBUTES, *parts("pytorch"), *dir(builtins)}
    made = program(work.inference, reserved)
    to.attributes = {step.name: step.ys[0] for step in made.steps}
    lines = [line for step in made.steps for line in lines_of(step, to)]
    training = work.project.training
    network = network_class(work, made, to, lines)
    own = [loss_lines(training, work.inference.results), train_code(training, work.inference)]
    body = "\n\n\n".join([network, *own])
    names = {one.id for one in ast.walk(ast.parse(body)) if isinstance(one, ast.Name)}
    library = needed("pytorch", names)
    main = 'if __name__ == "__main__":\n    main()'
    text = "\n\n\n".join([_head(work, body, library), *library, network, LOAD_WEIGHTS, *own, main]) + "\n"
    beside = {} if work.weights is None else {".safetensors": safetensors_bytes(state_of(to, work.weights))}
    return Files(text.encode(errors="backslashreplace"), beside, notes=tuple(_notes(work)))


def state_of(to: Builder, weights: Mapping[str, Array]) -> dict[str, Array]:
    """The state_dict of the module."""
    found: dict[str, Array] = {}
    for attribute, (name, state) in to.states.items():
        own = {key.rpartition("/")[2]: one for key, one in weights.items() if key.rpartition("/")[0] == name}
        found |= {f"{attribute}.{key}": contiguous(one) for key, one in state(own).items()}
    return found


def network_class(work: Work, made: Program, to: Builder, lines: list[str]) -> str:
    """The module."""
    frozen = [f"self.{name}.requires_grad_(False)" for name in to.frozen]
    results = [(name, to.last(variable)) for name, variable in made.results.items()]
    given = results[0][1] if len(results) == 1 else "{" + ", ".join(f"{python(k)}: {v}" for k, v in results) + "}"
    doc = f'"""{python(work.name)[1:-1]}: from samples to outputs' + ('."""' if len(results) == 1 else ', by name."""')
    blocks = [f"class Network(nn.Module):\n    {doc}"]
    if to.modules or to.still:
        init = "\n".join(["super().__init__()", *to.modules, *frozen])
        blocks.append(indented(f"def __init__(self):\n{indented(init)}"))
    body = "\n".join([*lines, f"return {given}"])
    blocks.append(indented(f"def forward(self, {', '.join(made.entries.values())}):\n{indented(body)}"))
    if to.still:
        still = "\n".join(["super().train(mode)", *(f"self.{name}.eval()" for name in to.still), "return self"])
        blocks.append(indented(f"def train(self, mode=True):\n{indented(still)}"))
    return "\n\n".join(blocks)


def lines_of(step: Step, to: Builder) -> list[str]:
    """The assignments of a layer: its mask where it makes one, and its outputs."""
    x = to.last(step.xs[0])
    first = [f"{step.mask} = {x} != 0"] if step.mask and isinstance(step.layer, Embedding) else []
    if step.mask and isinstance(step.layer, Masking):
        first = [f"{step.mask} = ({x} != {step.layer.mask_value!r}).any(-1)"]
    if step.mask and step.layer.key in ("Maximum", "Minimum"):
        y = f"torch.broadcast_tensors({', '.join(core.aligned(step, to))})[0]"
        first = [f"{step.mask} = {_joined(step, to, y)}"]
    value = said(step, to)
    if value.moved:
        to.moved.add(step.ys[0])
    values = f"{', '.join(step.ys)} = {value.text}"
    if step.mask is None or first:
        return [*first, values]
    return [values, f"{step.mask} = {_joined(step, to, to.last(step.ys[0]))}"]


def _joined(step: Step, to: Builder, y: str) -> str:
    masks = f"[{', '.join(mask.text if mask else 'None' for mask in step.masks)}]"
    rank = len(step.inferred.inputs[0])
    along = isinstance(step.layer, Concatenate) and step.layer.axis % rank != rank - 1
    axis = f", axis={step.layer.config()['axis'] % rank}" if along else ""
    return f"joined_mask({y}, [{', '.join(map(to.last, step.xs))}], {masks}{axis})"


def _notes(work: Work) -> list[Note]:
    layers = work.project.network.layers
    stateful = Message("Its states begin at 0 in every call: the module keeps none.")
    notes = [Note(name, stateful) for name, layer in layers.items() if layer.config().get("stateful")]
    if work.weights is None and work.inference.parameters:
        notes.append(Note(None, Message("No weights are given, so PyTorch begins with its own random ones.")))
    return [*notes, *recipe_notes(work.project.training, work.inference)]


def _head(work: Work, body: str, library: list[str]) -> str:
    layers, parameters = len(work.inference.network.layers), work.inference.parameters
    used = "\n".join([body, *library])
    doc = [
        f'"""{python(work.name)[1:-1]}: {layers} layers, {parameters:,} parameters.',
        "",
        f"Written by Netloom {VERSION}. It needs PyTorch, NumPy and safetensors.",
        "",
        "To train: python THIS_FILE data.npz, or torchrun --nproc-per-node=4 THIS_FILE data.npz on four processes.",
        '"""',
        "",
        "import argparse",
        *(["import copy"] if "copy." in used else []),
        *(["import math"] if "math." in used else []),
        "import os",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "import torch",
        "from safetensors.torch import load_file, save_file",
        "from torch import nn",
        *(["from torch.nn import functional as F"] if "F." in used else []),
        "from torch.utils.data import DataLoader, DistributedSampler, TensorDataset",
    ]
    return "\n".join(doc)
