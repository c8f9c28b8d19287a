"""Old project files brought to the present form, one version at a time.

The rules: a saved name (of a layer, a parameter, a key) is never changed without a step here; a default is never
changed without a step that writes the old default into the files that left it out; every step has a fixture of the old
form in `tests/graph/fixtures`. A step takes and returns the plain JSON object. It may meet anything a file can hold,
so it looks before it touches, and leaves alone what it does not understand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graph.message import Message
from graph.problem import FileProblem

Document = dict[str, Any]

VERSION = 2


def migrate(document: Document) -> Document:
    """`document` in the present form. Raises FileProblem for a version that is no number, or not known yet."""
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 0:
        raise FileProblem(
            Message("The file does not say its version; expected a whole number, received {got!r}.", got=version),
            Message('Add "version": {version} if you wrote the file by hand.', version=VERSION),
        )
    if version > VERSION:
        raise FileProblem(
            Message(
                "The file has version {got}; this Netloom reads up to version {known}.", got=version, known=VERSION
            ),
            Message("Update Netloom to open it."),
        )
    for step in range(version, VERSION):
        document = {**STEPS[step](document), "version": step + 1}
    return document


def from_0(document: Document) -> Document:
    """The drafts before the first release: wires were pairs of names, and Dense called its units `neurons`."""
    rename_parameter(document, "Dense", "neurons", "units")
    wires = document.get("wires")
    if not isinstance(wires, list):
        return document
    named = [{"from": w[0], "to": w[1]} if isinstance(w, list) and len(w) == 2 else w for w in wires]
    return {**document, "wires": named}


def from_1(document: Document) -> Document:
    """Metrics had no parameters: three of them are now others with parameters."""
    training = document.get("training")
    if isinstance(training, dict):
        outputs = training.get("outputs")
        for recipe in (training, *(outputs.values() if isinstance(outputs, dict) else ())):
            if isinstance(recipe, dict) and isinstance(recipe.get("metrics"), list):
                recipe["metrics"] = [
                    METRICS.get(name, name) if isinstance(name, str) else name for name in recipe["metrics"]
                ]
    return document


METRICS = {
    "f2_score": "fbeta_score(beta=2.0)",
    "f05_score": "fbeta_score(beta=0.5)",
    "auc_pr": "auc(curve='PR')",
}


STEPS: dict[int, Callable[[Document], Document]] = {0: from_0, 1: from_1}
"""The step that leads away from each old version."""


def rename_parameter(document: Document, layer: str, old: str, new: str) -> None:
    """Give a parameter its new name in every layer of one type."""
    for entry in entries(document):
        parameters = entry.get("parameters")
        if entry.get("type") == layer and isinstance(parameters, dict) and old in parameters and new not in parameters:
            entry["parameters"] = {new if name == old else name: value for name, value in parameters.items()}


def entries(document: Document) -> Iterator[Document]:
    """The layers of a document, those that are objects."""
    layers = document.get("layers")
    if isinstance(layers, list):
        yield from (entry for entry in layers if isinstance(entry, dict))
