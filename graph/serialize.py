"""The project file: a project as JSON text, and back.

Only what differs from its default is written, in a fixed order, one layer, wire or position a line, so that a change
shows as a changed line. Reading never fails over what a person or another version wrote into a valid file: a layer
that is not understood becomes a Placeholder that is written back unchanged, and whatever cannot be kept is said in a
notice. Only a file that is no project at all raises FileProblem.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.arrange import with_positions
from graph.atomic import write_atomically
from graph.declare import Declared
from graph.json_text import LARGEST_TEXT, dump, parse
from graph.layers.base import Layer
from graph.layers.placeholder import Placeholder
from graph.message import Message
from graph.migrate import VERSION, migrate
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from graph.read_layers import read_layers, read_positions, read_wires
from graph.read_recipes import read_data, read_training
from graph.reading import Notices, mapping, unknown_keys
from graph.recipe import DataRecipe, TrainingRecipe

__all__ = ["FileProblem", "Loaded", "dumps", "load", "loads", "save"]

SUFFIX = ".netloom"


@dataclass(frozen=True)
class Loaded:
    """A project that was read, and what a person should know of how it was read."""

    project: Project
    notices: tuple[Message, ...] = ()


def dumps(project: Project) -> str:
    """The text of a project file. The same project gives the same text."""
    document = {
        "format": "netloom",
        "version": VERSION,
        "layers": [layer_entry(name, layer) for name, layer in project.network.layers.items()],
        "wires": [wire_entry(wire) for wire in project.network.wires],
        "positions": {
            name: [_short(number) for number in project.positions[name]]
            for name in project.network.layers
            if name in project.positions
        },
        "data": data_entry(project.data),
        "training": training_entry(project.training),
        "notes": project.notes.split("\n"),
    }
    return dump(document, opened=("columns", "outputs"))


def loads(text: str) -> Loaded:
    """The project that `text` holds; layers without a position in it are laid out.

    Raises FileProblem where it is not the text of a project.
    """
    document = parse(text)
    if not isinstance(document, dict) or document.get("format") != "netloom":
        raise FileProblem(Message("This is not a Netloom project."), _other_format(document))
    document = migrate(document)
    notices = Notices()
    unknown_keys(document, ("format", *SECTIONS), Message("the project"), notices)
    layers = read_layers(document.get("layers"), notices)
    wires = read_wires(document.get("wires"), layers, notices)
    project = Project(
        Network.of(layers, wires),
        read_positions(document.get("positions"), layers, notices),
        read_data(mapping(document.get("data"), Message("data"), notices), notices),
        read_training(mapping(document.get("training"), Message("training"), notices), notices),
        _read_notes(document.get("notes", ""), notices),
    )
    return Loaded(with_positions(project), notices.all())


SECTIONS = ("version", "layers", "wires", "positions", "data", "training", "notes")


def save(project: Project, path: Path) -> None:
    """Write a project file. Raises FileProblem where it cannot be written; an older file is then untouched."""
    write_atomically(path, dumps(project).encode())


def load(path: Path) -> Loaded:
    """Read a project file. Raises FileProblem where it cannot be read or holds no project."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
    except OSError as error:
        raise FileProblem(
            Message(
                "{path} cannot be opened: {reason}.", path=str(path), reason=error.strerror or type(error).__name__
            ),
            Message("Check the name and the folder, and that you may read it."),
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(
            Message("{path} is not UTF-8 text (byte {byte:,}).", path=str(path), byte=error.start + 1),
            Message("Check that this is a project file. If it is, save it as UTF-8 in a text editor."),
        ) from None
    return loads(text)


def layer_entry(name: str, layer: Layer) -> dict[str, Any]:
    """One layer as it stands in the file; a Placeholder as it was read."""
    if isinstance(layer, Placeholder):
        return {"name": name, **layer.given}
    return {"name": name, **declared_entry(layer)}


def wire_entry(wire: Wire) -> dict[str, str]:
    """One wire; its ports only where they are not the usual ones."""
    entry = {"from": wire.source, "to": wire.target}
    if wire.source_port != "y":
        entry["from_port"] = wire.source_port
    if wire.target_port != "x":
        entry["to_port"] = wire.target_port
    return entry


def data_entry(recipe: DataRecipe) -> dict[str, Any]:
    """The data recipe, without what is as usual."""
    entry: dict[str, Any] = {}
    if recipe.source is not None:
        entry["source"] = declared_entry(recipe.source)
    if recipe.columns:
        entry["columns"] = [
            {"name": column.name, "role": column.role, "kind": column.kind, "missing": column.missing}
            for column in recipe.columns
        ]
    return entry | recipe.changed()


def training_entry(recipe: TrainingRecipe) -> dict[str, Any]:
    """The training recipe. Optimizer, loss and length are always said, because a reader looks for them."""
    entry = {
        "optimizer": declared_entry(recipe.optimizer),
        "loss": declared_entry(recipe.loss),
        "metrics": list(recipe.metrics),
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
    } | recipe.changed()
    if recipe.outputs:
        outputs = {}
        for name, output in recipe.outputs.items():
            outputs[name] = ({} if output.loss is None else {"loss": declared_entry(output.loss)}) | output.changed()
            if output.metrics is not None:
                outputs[name]["metrics"] = list(output.metrics)
        entry["outputs"] = outputs
    if recipe.schedule is not None:
        entry["schedule"] = declared_entry(recipe.schedule)
    if recipe.early_stopping is not None:
        entry["early_stopping"] = recipe.early_stopping.changed()
    return entry


def declared_entry(declared: Declared) -> dict[str, Any]:
    """A layer, dataset, loss or optimizer: its name and the parameters that differ, a layer among them likewise."""
    parameters = {
        name: declared_entry(value) if isinstance(value, Declared) else value
        for name, value in declared.changed().items()
    }
    return {"type": declared.key} | ({"parameters": parameters} if parameters else {})


def _short(number: float) -> float:
    return int(number) if number == int(number) else number


def _read_notes(said: Any, notices: Notices) -> str:
    lines = [said] if isinstance(said, str) else said
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return "\n".join(lines)
    notices.add("The notes are not text, so they are left out.")
    return ""


def _other_format(document: Any) -> Message:
    if isinstance(document, dict) and "class_name" in document:
        return Message("It looks like a Keras configuration. Import it instead.")
    if isinstance(document, dict) and "graph" in document and "nodes" in document:
        return Message("It looks like a graph in node-link form. Import it instead.")
    return Message('Choose a file that Netloom has saved. It begins with "format": "netloom".')
