"""What a template is, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from engine.data.problem import DataProblem
from graph.arrange import arrange
from graph.declare import UnknownName
from graph.layers import Layer
from graph.message import Message
from graph.names import did_you_mean
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import DataRecipe, TrainingRecipe

Made = tuple[Project, tuple[Message, ...]]
"""A project, and what was assumed about its data."""

PAGE = 1200.0
"""The width of the canvas that a template is laid out for."""


@dataclass(frozen=True, slots=True)
class Template:
    """A project to start from: its name on the command line, its title, and what it shows in one sentence."""

    name: str
    title: Message
    doc: Message
    make: Callable[[Path | None], Made]


_templates: dict[str, Template] = {}


def template(name: str, title: Message, doc: Message) -> Callable[[Callable[[Path | None], Made]], None]:
    """A decorator: this function makes the template `name`."""

    def decorate(function: Callable[[Path | None], Made]) -> None:
        _templates[name] = Template(name, title, doc, function)

    return decorate


def templates() -> tuple[Template, ...]:
    """Every template, in the order in which they are offered."""
    return tuple(_templates.values())


def make(name: str, data: Path | None = None) -> Made:
    """A new project from the template `name`, and what was assumed about the data.

    `data` is a CSV file for the template that fits itself to one. Raises UnknownName for a name that is no template,
    DataProblem for data that cannot be used.
    """
    if name not in _templates:
        raise UnknownName("template", name, did_you_mean(name, _templates))
    return _templates[name].make(data)


def own_data_only(name: str, data: Path | None) -> None:
    """Refuse data for a template that brings its own."""
    if data is not None:
        raise DataProblem(
            Message("The template {name} brings its own data.", name=name),
            Message("Use the template tabular for a CSV file, or make the project first and then choose its data."),
        )


def chain(layers: Mapping[str, Layer], data: DataRecipe, training: TrainingRecipe, notes: str) -> Project:
    """A project of layers one after the other, its cards laid out in order."""
    names = list(layers)
    network = Network.of(layers, [Wire(before, after) for before, after in pairwise(names)])
    return Project(network, arrange(network, width=PAGE), data, training, notes)
