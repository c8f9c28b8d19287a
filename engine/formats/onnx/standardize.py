"""How samples are prepared for the network: in the metadata of the file, and where it is wanted inside of the graph."""

from __future__ import annotations

import json

from engine.data.preparation import InputPreparation
from engine.formats.exporter import Work
from engine.formats.onnx.draft import Draft, Tensor
from graph.message import Message
from graph.problem import FileProblem


def preparations(work: Work) -> dict[str, InputPreparation]:
    """What is done to the samples of each entry, where it is known and anything is."""
    return {entry: one for entry, one in work.preparations.items() if one.scale or one.fill or one.mean}


def preparation_said(work: Work, inside: bool) -> dict[str, str]:
    """The numbers as JSON by the entry: `fill` stands for what is missing, then (x / scale - mean) / deviation."""
    said = {
        entry: {"scale": one.scale, "fill": one.fill, "mean": one.mean, "deviation": one.deviation, "inside": inside}
        for entry, one in preparations(work).items()
    }
    return {"preparation": json.dumps(said)} if said else {}


def require_preparation(work: Work) -> None:
    """Raise FileProblem where it is not known what is done to samples."""
    if set(work.preparations) != set(work.inference.entries):
        raise FileProblem(
            Message("How the samples are prepared is not known, so it cannot be part of the graph."),
            Message("Give the weights of a run, which lie in its folder, or leave out standardize."),
        )


def standardized(draft: Draft, x: Tensor, one: InputPreparation) -> Tensor:
    """Raw samples as the network takes them."""
    if one.scale:
        x = draft.op("Div", x, draft.constant(one.scale))
    if one.fill:
        x = draft.op("Where", draft.op("IsNaN", x), draft.constant(one.fill), x)
    if one.mean:
        x = draft.op("Div", draft.op("Sub", x, draft.constant(one.mean)), draft.constant(one.deviation))
    return x
