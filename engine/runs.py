"""Training runs that are kept: each in a folder of its own, which can be read at any time, also after a crash.

    NAME.runs/20261120-215409-123456/
        run.json              the project, the seed, versions, hashes, how the data was prepared, how it ended
        metrics.csv           one line for each finished epoch
        state.safetensors     the last epoch's weights and the optimizer's vectors, to go on from
        best.safetensors      the weights of the best epoch so far
        weights.safetensors   the weights that were kept in the end, which the test figures are from

Names are times (UTC), so they sort by age.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.checkpoint import CANNOT_GO_ON, flat, read_state
from engine.data.preparation import Preparation
from engine.events import Logs
from engine.formats.weights import read_weights
from engine.kernel import Array
from engine.parameters import Slot
from engine.trainer import State
from graph.json_text import check_depth, parse
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe
from graph.serialize import loads, training_entry

ABOUT, METRICS, STATE = "run.json", "metrics.csv", "state.safetensors"
BEST, WEIGHTS = "best.safetensors", "weights.safetensors"
LARGEST_ABOUT = 64 * 2**20
LARGEST_FIGURE = sys.float_info.max

UNFINISHED = "unfinished"
"""The status of a run that goes on in this moment, or was cut off."""
IMPORTED = "imported"
"""The status of a run that holds what another program has trained."""


@dataclass(frozen=True)
class Epoch:
    """The figures of one finished epoch."""

    epoch: int
    seconds: float
    logs: Logs


@dataclass(frozen=True)
class Run:
    """One run as its folder tells it. `about` is the content of its run.json."""

    folder: Path
    about: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its name, which says when it began."""
        return self.folder.name

    @property
    def status(self) -> str:
        """How it ended: a `Reason`, "failed", `IMPORTED`, or `UNFINISHED`."""
        return str(self.about.get("status", UNFINISHED))

    @property
    def imported(self) -> bool:
        """Whether another program has trained it, on data that is not known here."""
        return self.status == IMPORTED

    @property
    def started(self) -> str:
        """When it began, in ISO 8601 and UTC."""
        return str(self.about.get("started", ""))

    @property
    def test(self) -> Logs:
        """The figures on the test samples; empty before the end."""
        return {str(name): float(value) for name, value in self.about.get("test", {}).items()}

    @property
    def classes(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the classes of each target that has any."""
        return {str(name): tuple(map(str, said)) for name, said in self.about.get("classes", {}).items()}

    @cached_property
    def project(self) -> Project:
        """The project as it was trained. Raises FileProblem where it cannot be read."""
        return loads(json.dumps(self.about.get("project"))).project

    @cached_property
    def preparation(self) -> Preparation:
        """How its data was prepared. Raises ValueError where that cannot be read."""
        return Preparation.from_json(self.about.get("preparation"))

    @cached_property
    def epochs(self) -> tuple[Epoch, ...]:
        """The finished epochs."""
        return tuple(read_metrics(self.folder / METRICS))

    @property
    def seconds(self) -> float:
        """How long its epochs took."""
        return sum(epoch.seconds for epoch in self.epochs)

    @property
    def monitor(self) -> str:
        """The figure that its best epoch is chosen by."""
        return str(self.about.get("monitor", "loss"))

    @property
    def best(self) -> Epoch | None:
        """Its best epoch, by the monitored figure."""
        number = self.about.get("best_epoch")
        return next((epoch for epoch in self.epochs if epoch.epoch == number), None)

    @property
    def weights_path(self) -> Path:
        """The file of the weights that are kept; of the best epoch so far where the run has not ended."""
        kept = self.folder / WEIGHTS
        return kept if kept.exists() else self.folder / BEST

    def weights(self) -> dict[str, Array]:
        """The weights that are kept, by name. Raises FileProblem where there are none that can be read."""
        return read_weights(self.weights_path)

    def state(self, slots: tuple[Slot, ...]) -> State:
        """Its state after the last epoch, to go on from. Raises FileProblem where it cannot be read."""
        best = self.folder / BEST
        best_weights = flat(slots, read_weights(best), best.name) if best.exists() else None
        state = read_state(self.folder / STATE, slots, best_weights)
        if best_weights is None and state.best.epoch is not None:
            raise FileProblem(
                Message("{path} is missing: the weights of epoch {n}, the best.", path=str(best), n=state.best.epoch),
                CANNOT_GO_ON,
            )
        return state


@dataclass(frozen=True)
class Runs:
    """The runs of one project, the oldest first, and what could not be read."""

    found: tuple[Run, ...] = ()
    problems: tuple[FileProblem, ...] = field(default=())


def runs_folder(project: Path) -> Path:
    """The folder of the runs of a project file: `digits.runs` beside `digits.netloom`."""
    return project.with_suffix(".runs")


def list_runs(folder: Path) -> Runs:
    """The runs in a folder; none where it is not there."""
    found, problems = [], []
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if (path / ABOUT).is_file():
                try:
                    found.append(open_run(path))
                except FileProblem as problem:
                    problems.append(problem)
    return Runs(tuple(found), tuple(problems))


def open_run(folder: Path) -> Run:
    """The run in a folder. Raises FileProblem where there is none that can be read."""
    path = folder / ABOUT
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_ABOUT + 1)
        about = parse(content.decode())
        check_depth(about)
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(
            Message("{path} cannot be read: {reason}.", path=str(path), reason=str(error)),
            Message("Choose a folder that training has written."),
        ) from error
    except FileProblem as problem:
        raise FileProblem(Message("{path}: {problem}", path=str(path), problem=problem.text), problem.hint) from None
    if not isinstance(about, dict) or about.get("format") != "netloom run" or not _well_formed(about):
        raise FileProblem(
            Message("{path} does not describe a run.", path=str(path)),
            Message("Choose a folder that training has written."),
        )
    return Run(folder, about)


def _well_formed(about: Mapping[str, Any]) -> bool:
    test, classes = about.get("test", {}), about.get("classes", {})
    return (
        isinstance(test, dict)
        and all(isinstance(value, int | float) and abs(value) <= LARGEST_FIGURE for value in test.values())
        and isinstance(classes, dict)
        and all(isinstance(value, list) for value in classes.values())
    )


def new_folder(runs: Path) -> tuple[Path, str]:
    """A folder nobody had before, named after the time, and the time as it is told."""
    while True:
        now = datetime.now(UTC)
        folder = runs / now.strftime("%Y%m%d-%H%M%S-%f")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder, now.isoformat(timespec="seconds")


def delete_run(run: Run) -> None:
    """Delete a run's folder. Raises FileProblem where that cannot be."""
    try:
        shutil.rmtree(run.folder)
    except OSError as error:
        raise FileProblem(
            Message("{path} cannot be deleted: {reason}.", path=str(run.folder), reason=error.strerror or str(error)),
            Message("Check that you may write to the folder and that nothing in it is open."),
        ) from error


def read_metrics(path: Path) -> Iterator[Epoch]:
    """The epochs in a metrics.csv. A last line that was cut off is left out, as is one that is no numbers."""
    if not path.is_file():
        return
    whole = path.read_text(encoding="utf-8", errors="replace").rpartition("\n")[0]
    for row in csv.DictReader(whole.splitlines()):
        try:
            numbers = {name: float(cell) for name, cell in row.items()}
            epoch, seconds = int(numbers.pop("epoch")), numbers.pop("seconds")
        except (TypeError, ValueError, KeyError):
            continue
        yield Epoch(epoch, seconds, numbers)


def differences(recipes: Sequence[TrainingRecipe]) -> dict[str, tuple[str, ...]]:
    """What differs between training recipes: each parameter's value in each of them, as text."""
    flattened = [recipe_leaves(recipe) for recipe in recipes]
    names = dict.fromkeys(name for entry in flattened for name in entry)
    columns = {name: tuple(entry.get(name, "") for entry in flattened) for name in names}
    return {name: values for name, values in columns.items() if len(set(values)) > 1}


def recipe_leaves(recipe: TrainingRecipe) -> dict[str, str]:
    """Every parameter of a recipe as text, by its way there: `optimizer.learning_rate`."""
    return dict(_leaves(training_entry(recipe)))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        yield path, ", ".join(map(str, value))
    else:
        yield path, f"{value:g}" if isinstance(value, float) else str(value)
