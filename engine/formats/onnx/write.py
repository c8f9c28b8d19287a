"""Writing ONNX files."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np

from engine.formats.exporter import Files, Work, exporter
from engine.formats.onnx.classes import with_classes
from engine.formats.onnx.draft import Draft
from engine.formats.onnx.network import drafted
from engine.formats.onnx.options import OnnxOptions
from engine.formats.onnx.own import NETWORK
from engine.formats.onnx.proto import package, to_bytes
from engine.formats.onnx.standardize import preparation_said, preparations, require_preparation
from engine.formats.weights import listed
from graph.project import Project
from graph.serialize import dumps


@exporter(
    "onnx",
    title="ONNX",
    endings=(".onnx",),
    description="Layers and weights as operators, for ONNX Runtime and all that reads such files.",
    needs_weights=True,
    needs_shapes=True,
    text=False,
    options=OnnxOptions,
)
def write_onnx(work: Work) -> Files:
    """The file, checked by the ONNX checker."""
    package()
    weights = {name: array.astype(np.float32) for name, array in (work.weights or {}).items()}
    options = work.options if isinstance(work.options, OnnxOptions) else OnnxOptions()
    if options.standardize:
        require_preparation(work)
    made = drafted(work.inference, weights, options.opset, preparations(work) if options.standardize else {})
    if options.class_names:
        made = with_classes(made, work.inference)
    network = Project(work.project.network, work.project.positions)
    said = {NETWORK: dumps(network)} | classes_of(work) | preparation_said(work, options.standardize) | dict(work.notes)
    return Files(to_bytes(made, work.name, said), summary=_summary(made.draft), notes=made.notes)


def classes_of(work: Work) -> dict[str, str]:
    """The names of the classes by target, as JSON, where the data is known."""
    targets = {} if work.inference.facts is None else work.inference.facts.targets
    named = {name: list(target.classes) for name, target in targets.items() if target.classes}
    return {"classes": json.dumps(named, ensure_ascii=False)} if named else {}


def _summary(draft: Draft) -> str:
    counted = Counter(one.kind for one in draft.operations)
    operators = "\n".join(f"{count:>5} × {kind}" for kind, count in sorted(counted.items()))
    return f"opset {draft.opset}\n\n{operators}\n\n{listed(draft.arrays)}"
