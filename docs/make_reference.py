"""Write the reference pages from the declarations: layers, activations, losses, optimizers, metrics, data, formats.

Nothing is said here that the declarations do not say; `make reference` writes the pages, a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import gui.pictures  # noqa: E402, F401 - makes the picture formats known
from engine.formats import exporters  # noqa: E402
from engine.formats.c_code.emitter import emitters as c_emitters  # noqa: E402
from engine.formats.keras.operations import emitters as keras_operations  # noqa: E402
from engine.formats.numpy_code.emitter import emitters as numpy_emitters  # noqa: E402
from engine.formats.onnx.emit import emitters as onnx_emitters  # noqa: E402
from engine.formats.onnx.norm_patterns import STANDARD  # noqa: E402
from engine.formats.onnx.read import NAMING  # noqa: E402
from engine.formats.onnx.reading import readers as onnx_readers  # noqa: E402
from engine.formats.pytorch.builder import emitters as pytorch_emitters  # noqa: E402
from engine.templates import templates  # noqa: E402
from graph.activations import activations  # noqa: E402
from graph.constraints import constraints  # noqa: E402
from graph.datasets import datasets  # noqa: E402
from graph.declare import Declared  # noqa: E402
from graph.expression.operations import CONSTANTS, FUNCTIONS, REDUCTIONS, SYMBOLS  # noqa: E402
from graph.fields import BoolField, ChoiceField, Field, FloatField, IntField, IntsField, limits_text  # noqa: E402
from graph.fields.pairs import PairsField  # noqa: E402
from graph.initializers import initializers  # noqa: E402
from graph.layers import CATEGORIES, Layer, layers  # noqa: E402
from graph.losses import losses  # noqa: E402
from graph.metrics import metrics  # noqa: E402
from graph.optimizers import optimizers  # noqa: E402
from graph.recipe import DataRecipe, EarlyStopping, TrainingRecipe  # noqa: E402
from graph.regularizers import regularizers  # noqa: E402
from graph.schedules import schedules  # noqa: E402
from gui.actions import declared  # noqa: E402

FOLDER = ROOT / "docs" / "reference"
MADE = "<!-- Made by docs/make_reference.py from the declarations. Change those, then run: make reference -->"


def pages() -> dict[str, str]:
    """The text of every page by its file name."""
    made = {
        "layers.md": layer_page(),
        "training.md": training_page(),
        "data.md": data_page(),
        "formats.md": format_page(),
        "keys.md": key_page(),
    }
    return {name: f"{MADE}\n\n" + "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def layer_page() -> list[str]:
    """Every layer by category, and the parameters that all share."""
    lines = ["# Layers", "", "Names and defaults are Keras's. Shapes are written without the batch.", ""]
    for category in CATEGORIES:
        own = [cls for cls in layers if cls.category == category]
        if own:
            lines += [f"## {category}", ""]
        for cls in own:
            lines += [f"### {cls.key}", "", cls.doc(), ""]
            lines += table(cls, [key for key, field in cls.parameters.items() if field is not common().get(key)])
    lines += ["## Parameters that every layer has", ""]
    lines += table(Layer, list(common()))
    lines += ["## Activation functions", "", *formulas(activations)]
    lines += ["## Expressions of a Lambda", "", *expression_lines()]
    lines += ["## Initializers", ""]
    for initializer in initializers:
        lines += [
            f"### {initializer.key}",
            "",
            initializer.doc(),
            "",
            *table(initializer, list(initializer.parameters)),
        ]
    for title, registry in (("Regularizers", regularizers), ("Constraints", constraints)):
        lines += [f"## {title}", "", *formulas(registry)]
        for one in registry:
            if one.parameters:
                lines += [f"### {one.key}", "", *table(one, list(one.parameters))]
    return lines


def expression_lines() -> list[str]:
    """What an expression may hold."""
    rows = [f"| `{name}` | {cell(FUNCTIONS[name].doc)} |" for name in FUNCTIONS]
    rows += [f"| `{name}` | {cell(doc)} |" for name, doc in REDUCTIONS.items()]
    symbols = " ".join(f"`{symbol}`" for symbol in SYMBOLS)
    return [
        "`x` or `x0` is the first input, `x1` the second, and so on. Every sample is computed by itself. Axes count the"
        " batch as 0, and a size of 1 is repeated. Nothing else is known, and nothing is run as Python.",
        "",
        f"- Operators, with Python's precedence: {symbols}. A comparison gives 1 or 0.",
        f"- Numbers, and {' and '.join(f'`{name}`' for name in CONSTANTS)}.",
        "- Parts: `x[:, 0]`, `x[..., 1:3]`, `x[:, ::2]`.",
        "- Along axes: `mean(x, axis=1)`, `max(x, axis=(1, 2), keepdims=True)`; without an axis, all but the batch.",
        "",
        "| function | what it is |",
        "|---|---|",
        *rows,
        "",
    ]


def common() -> dict[str, Field]:
    """The parameters of every layer."""
    return dict(Layer.parameters)


def training_page() -> list[str]:
    """The training recipe, optimizers, losses and metrics."""
    lines = ["# Training", "", *table(TrainingRecipe, list(TrainingRecipe.parameters))]
    lines += ["## Early stopping", "", EarlyStopping.doc(), "", *table(EarlyStopping, list(EarlyStopping.parameters))]
    lines += ["## Optimizers", ""]
    for optimizer in optimizers:
        lines += [f"### {optimizer.key}", "", optimizer.doc(), "", *table(optimizer, list(optimizer.parameters))]
    lines += ["## Schedules of the learning rate", "", *formulas(schedules)]
    for schedule in schedules:
        lines += [f"### {schedule.key}", "", *table(schedule, list(schedule.parameters))]
    lines += ["## Losses", "", *formulas(losses)]
    for loss in losses:
        if loss.parameters:
            lines += [f"### {loss.key}", "", *table(loss, list(loss.parameters))]
    lines += ["## Metrics", "", *formulas(metrics)]
    for metric in metrics:
        if metric.parameters:
            lines += [f"### {metric.key}", "", *table(metric, list(metric.parameters))]
    return lines


def data_page() -> list[str]:
    """Where samples come from, and the data recipe."""
    lines = ["# Data", "", *table(DataRecipe, list(DataRecipe.parameters)), "## Data sets", ""]
    for dataset in datasets:
        lines += [f"### {dataset.title}", "", f"`{dataset.key}`. {dataset.doc()}", ""]
        if dataset.credit:
            lines += [f"Source: {dataset.credit}.", ""]
        lines += table(dataset, list(dataset.parameters))
    return lines


def format_page() -> list[str]:
    """What can be exported, and the templates."""
    lines = ["# Formats", "", "| format | endings | needs weights | what it is |", "|---|---|---|---|"]
    for one in exporters.values():
        endings = " ".join(f"`{ending}`" for ending in one.endings)
        lines.append(f"| `{one.name}` | {endings} | {'yes' if one.needs_weights else 'no'} | {cell(one.description)} |")
    lines += ["", "## Layers by format", "", *layers_by_format()]
    lines += ["", "## Operators of ONNX that are read", "", *onnx_operators()]
    lines += ["", "# Templates", "", "| template | what it is |", "|---|---|"]
    return lines + [f"| `{one.name}` | {cell(one.doc)} |" for one in templates()]


def layers_by_format() -> list[str]:
    """Which layers each format of layers can say: yes, as operations where Keras has no such layer, or not at all."""
    others = {"onnx": onnx_emitters, "pytorch": pytorch_emitters, "numpy": numpy_emitters, "c": c_emitters}
    lines = [
        "Formats refuse what they cannot say, before anything is written.",
        "",
        f"| layer | {' | '.join(f'`{name}`' for name in ('keras', *others))} |",
        f"|---|{'---|' * (len(others) + 1)}",
    ]
    for layer in layers:
        if layer.category != "Input & output":
            said = ["as operations" if layer in keras_operations else "yes"]
            said += ["yes" if layer in emitters else "no" for emitters in others.values()]
            lines.append(f"| {layer.key} | {' | '.join(said)} |")
    return lines


def onnx_operators() -> list[str]:
    """Which operators of other programs' ONNX files become layers, and what each does there."""
    by_reader: dict[str, list[str]] = {}
    for kind, read in onnx_readers.items():
        if kind != STANDARD:
            by_reader.setdefault(str(read.__doc__).split("\n", 1)[0], []).append(f"`{kind}`")
    names = ", ".join(f"`{kind}`" for kind in NAMING)
    return [
        f"All others become placeholders, but for what names classes ({names}), which is left out and told.",
        "",
        "| operators | what they become |",
        "|---|---|",
        *(f"| {' '.join(kinds)} | {cell(doc)} |" for doc, kinds in by_reader.items()),
    ]


def key_page() -> list[str]:
    """Every action of the window with its keys, in the order of the menus."""
    menus: dict[str, list[str]] = {}
    for action in declared().values():
        keys = ", ".join(f"`{key}`" for key in action.keys)
        row = f"| {cell(action.text.replace('&', '').rstrip('…'))} | {keys} |"
        menus.setdefault(action.place.split("/")[0], []).append(row)
    lines = ["# Keys", "", "Every action is in a menu, and in the list of commands (`Ctrl+Shift+P`).", ""]
    for menu, rows in menus.items():
        lines += [f"## {menu}", "", "| action | keys |", "|---|---|", *rows, ""]
    return lines


def formulas(registry: Iterable[Any]) -> list[str]:
    """A table of declarations that are known by a formula."""
    rows = [
        f"| `{one.key}` | {f'`{cell(one.formula)}`' if one.formula else ''} | {cell(one.doc())} |" for one in registry
    ]
    return ["| name | formula | what it is |", "|---|---|---|", *rows, ""]


def table(cls: type[Declared], names: list[str]) -> list[str]:
    """A table of parameters: name, default, what is taken, what it does."""
    if not names:
        return []
    rows = []
    for name in names:
        field = cls.parameters[name]
        rows.append(f"| `{name}` | {cell(field.text(field.default))} | {cell(taken(field))} | {cell(field.doc)} |")
    return ["| parameter | default | takes | what it does |", "|---|---|---|---|", *rows, ""]


def taken(field: Field) -> str:
    """What a field takes, in words."""
    if isinstance(field, BoolField):
        return "yes or no"
    if isinstance(field, ChoiceField):
        names = tuple(field.choices())
        return ", ".join(names) if len(names) <= 6 else f"{'an' if field.what[0] in 'aeiou' else 'a'} {field.what}"
    if isinstance(field, PairsField):
        return f"{field.count} pairs of whole numbers{limits_text(field.min, field.max)}"
    if isinstance(field, IntsField):
        return f"{field.count} whole numbers{limits_text(field.min, field.max)}"
    if isinstance(field, IntField | FloatField):
        return field.expected()
    return "text" if not hasattr(field, "expected") else str(field.expected())


def cell(text: str) -> str:
    """Text that does not end a cell of a table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
