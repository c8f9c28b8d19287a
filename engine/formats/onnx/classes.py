"""The names of classes inside of the graph: an output more for every result that has classes."""

from __future__ import annotations

import numpy as np

from engine.formats.onnx.network import Drafted, Value
from graph.inference import Inference
from graph.pairing import pair

SUFFIX = "_class"
"""What stands behind a result's name in that of its classes."""
KINDS = {"ArgMax", "Gather", "Greater", "Cast", "Squeeze", "Identity"}
"""The operators that name a class."""


def with_classes(made: Drafted, inference: Inference) -> Drafted:
    """The draft with the name of the class that each row stands for: that of its largest value, or of one over 0.5."""
    facts = inference.facts
    named = {} if facts is None else {r: facts.targets[t].classes for r, t in pair(inference).targets.items()}
    draft, outputs = made.draft, list(made.outputs)
    for one in made.outputs:
        classes = named.get(one.layer, ())
        columns = one.shape[1] if len(one.shape) == 2 else None
        if not classes or columns not in (len(classes), 1 if len(classes) == 2 else len(classes)):
            continue
        draft.scope = one.layer
        if columns == 1:
            over = draft.op("Greater", one.tensor, draft.constant(0.5))
            chosen = draft.squeeze(draft.cast(over, np.int64), 1)
        else:
            chosen = draft.op("ArgMax", one.tensor, axis=1, keepdims=0)
        names = draft.array(f"{one.layer}{SUFFIX}es", np.array(classes, object))
        tensor = draft.name(f"{one.tensor}{SUFFIX}")
        draft.named(draft.op("Gather", names, chosen, axis=0), tensor)
        outputs.append(Value(tensor, one.layer, one.shape[:1], object))
    return Drafted(draft, made.inputs, tuple(outputs), made.notes)
