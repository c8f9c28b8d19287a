"""The registry of export formats: each is a function from a project, and perhaps weights, to the files that say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.data.preparation import InputPreparation, Preparation
from engine.kernel import Array
from graph.atomic import write_atomically
from graph.declare import Declared, ParameterError
from graph.infer import Inference
from graph.message import Message
from graph.names import did_you_mean
from graph.pairing import matched
from graph.problem import FileProblem, Severity
from graph.project import Project


@dataclass(frozen=True)
class OptimizerState:
    """How many steps were taken, and the optimizer's vectors, each as long as all weights that train."""

    steps: int
    vectors: Mapping[str, Array]


@dataclass(frozen=True)
class Work:
    """What is exported: the project with its shapes, the weights by name (`dense/kernel`), and the name it goes by."""

    project: Project
    inference: Inference
    weights: Mapping[str, Array] | None = None
    name: str = "model"
    notes: Mapping[str, str] = field(default_factory=dict)
    """Short texts that a format may keep beside the weights, such as the epoch they are from."""
    optimizer: OptimizerState | None = None
    """Where training stopped, for formats that go on from there."""
    preparation: Preparation | None = None
    """What was done to the samples before training, where it is known."""
    options: Declared | None = None
    """What was chosen of the format's own options."""

    @property
    def preparations(self) -> Mapping[str, InputPreparation]:
        """What was done to the samples of each entry, where it is known."""
        known = {} if self.preparation is None else {one.name: one for one in self.preparation.inputs}
        return {entry: known[name] for entry, name in matched(self.inference.entries, tuple(known)).items()}

    def prepared(self, entry: str, x: Array) -> Array:
        """Samples as the network takes them; they are raw where the file was asked to prepare them itself."""
        inside = self.options is not None and self.options.config().get("standardize")
        one = self.preparations.get(entry) if inside else None
        if one is None:
            return x
        return one.apply(x / one.scale if one.scale else x)


@dataclass(frozen=True)
class Note:
    """What a format cannot say as the project does, and what was done about it; `node` is None for the whole."""

    node: str | None
    text: Message


@dataclass(frozen=True)
class Files:
    """What an export writes, whole before anything is written.

    `beside` holds further files by ending: they get the name of the first one with that ending in place of its own.
    `summary` says what is in a file that is not text, for a look at it beforehand.
    """

    content: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)
    summary: str = ""
    notes: tuple[Note, ...] = ()

    def paths(self, path: Path) -> tuple[Path, ...]:
        """Where everything goes when the first file goes to `path`."""
        return (path, *(path.with_suffix(ending) for ending in self.beside))

    def write(self, path: Path) -> tuple[Path, ...]:
        """Write everything, the first file last: where it is, all is there. Raises FileProblem as writing does."""
        for ending, content in self.beside.items():
            write_atomically(path.with_suffix(ending), content)
        write_atomically(path, self.content)
        return self.paths(path)


Maker = Callable[[Work], Files]


@dataclass(frozen=True)
class Exporter:
    """One format. The file's ending chooses it; where two share an ending, the first declared is meant."""

    name: str
    title: Message
    endings: tuple[str, ...]
    description: Message
    make: Maker
    needs_weights: bool = False
    needs_shapes: bool = False
    """Whether the network must be free of errors."""
    takes_weights: bool = False
    """Whether weights are in the file where there are any."""
    text: bool = True
    """Whether the file is text, which is then what a look at it shows."""
    options: type[Declared] | None = None
    """What may be chosen, where anything may."""


exporters: dict[str, Exporter] = {}


def exporter(
    name: str,
    *,
    title: str,
    endings: tuple[str, ...],
    description: str,
    needs_weights: bool = False,
    needs_shapes: bool = False,
    takes_weights: bool = False,
    text: bool = True,
    options: type[Declared] | None = None,
) -> Callable[[Maker], Maker]:
    """A decorator: this function makes files of the format `name`."""

    def decorate(make: Maker) -> Maker:
        if name in exporters:
            raise ValueError(f"the format {name!r} is declared twice")
        flags = (needs_weights, needs_shapes, takes_weights or needs_weights, text)
        exporters[name] = Exporter(name, Message(title), endings, Message(description), make, *flags, options)
        return make

    return decorate


def named(name: str) -> Exporter:
    """The format of this name. Raises FileProblem, with the nearest name, where there is none."""
    if name in exporters:
        return exporters[name]
    near = did_you_mean(name, exporters)
    question = Message(" Did you mean {near}?", near=near) if near else ""
    raise FileProblem(
        Message("There is no format named {name!r}.{question}", name=name, question=question),
        Message("The formats are {names}.", names=", ".join(exporters)),
    )


def for_file(file_name: str) -> Exporter:
    """The format that the ending of `file_name` stands for; the longest ending wins."""
    lower = file_name.lower()
    fitting = [(len(end), one) for one in exporters.values() for end in one.endings if lower.endswith(end)]
    if fitting:
        longest = max(length for length, _ in fitting)
        return next(one for length, one in fitting if length == longest)
    endings = [f"{end} ({one.title})" for one in exporters.values() for end in one.endings[:1]]
    raise FileProblem(
        Message("The ending of {name} stands for no format.", name=file_name),
        Message("Use one of {endings}.", endings=", ".join(endings)),
    )


def chosen_options(exporter: Exporter, said: Mapping[str, str]) -> Declared | None:
    """The options of a format from texts by name. Raises FileProblem where there are no such ones."""
    known = {} if exporter.options is None else exporter.options.parameters
    for name in said:
        if name not in known:
            raise FileProblem(
                Message("{title} has no option {name}.", title=exporter.title, name=name),
                Message("Its options are {names}.", names=", ".join(known)) if known else Message("It has no options."),
            )
    if exporter.options is None:
        return None
    try:
        return exporter.options(**{name: _read(text) for name, text in said.items()})
    except ParameterError as error:
        raise FileProblem(Message("{text}.", text=str(error)), Message("Choose another value.")) from None


def _read(text: str) -> int | bool | str:
    """A value of an option as people write it."""
    if text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    return int(text) if text.lstrip("-").isdecimal() else text


def make(exporter: Exporter, work: Work) -> Files:
    """What would be written. Raises FileProblem where the format needs weights or shapes that are not there."""
    if exporter.needs_weights and work.weights is None:
        raise FileProblem(
            Message("{title} needs trained weights.", title=exporter.title),
            Message("Train the network first, and choose the weights of that run."),
        )
    if exporter.needs_shapes:
        refuse_errors(work.inference, exporter)
    return exporter.make(work)


def refuse_errors(inference: Inference, exporter: Exporter) -> None:
    """Raise FileProblem with the first error of a network that has any."""
    errors = [problem for problem in inference.problems if problem.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        raise FileProblem(
            Message(
                "The network has errors, so there is no {title} of it. {node}: {text}",
                title=exporter.title,
                node=first.node or "network",
                text=first.text,
            ),
            first.hint,
        )
    if not inference.network.layers:
        raise FileProblem(Message("The network has no layers."), Message("Add some layers first."))
