"""The samples of the open project: loaded in the background whenever the project names others."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.data.load import load
from engine.data.problem import DataProblem
from engine.data.samples import Samples
from graph.datasets import Dataset, NpzFile
from graph.message import Message
from graph.project import Project
from graph.recipe import DataRecipe
from gui.checks import Checks
from gui.document import Document
from gui.training.background import Background


class SourceState(StrEnum):
    """How far the samples are."""

    NONE = "none"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class DataSource(QObject):
    """Follows `document.project.data`. `changed` follows every step of loading; the facts go to `checks`."""

    changed = Signal()

    def __init__(self, document: Document, checks: Checks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks = document, checks
        self.state = SourceState.NONE
        self.samples: Samples | None = None
        self.problem: DataProblem | None = None
        self.part = 0.0
        self._asked: tuple[object, ...] = ()
        self._background = Background(self)
        self._background.done.connect(self._on_done)
        self._background.failed.connect(self._on_failed)
        self._background.progressed.connect(self._on_progress)
        document.changed.connect(self._on_changed)
        document.state_changed.connect(self._follow)
        self._follow()

    @property
    def base(self) -> Path | None:
        """The folder that relative paths start at."""
        return self._document.path.parent if self._document.path else None

    @property
    def text(self) -> str:
        """The data in a few words, as on the button that opens it."""
        source = self._document.project.data.source
        if source is None:
            return self.tr("no data")
        name = source_name(source)
        if self.state is SourceState.LOADING:
            return self.tr("{name} · loading").format(name=name)
        if self.state is SourceState.FAILED or self.samples is None:
            return self.tr("{name} · cannot be read").format(name=name)
        return self.tr("{name} · {n} samples").format(name=name, n=f"{len(self.samples):,}")

    def reload(self) -> None:
        """Read the samples again, such as after the file has changed."""
        self._asked = ()
        self._follow()

    def cancel(self) -> None:
        """Give up loading."""
        if self.state is SourceState.LOADING:
            self._background.cancel()
            cancelled = Message("Loading was cancelled.")
            self._on_failed(DataProblem(cancelled, Message("Load the data again, or choose other data.")))

    def close(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()

    def _on_changed(self, before: Project, after: Project, initiator: str) -> None:
        if after.data is not before.data or after.network.wiring is not before.network.wiring:
            self._follow()

    def _follow(self) -> None:
        recipe = self._document.project.data
        asked = self._request(recipe)
        if asked == self._asked:
            return
        other = not self._asked or asked[0] != self._asked[0]
        self._asked = asked
        self.problem, self.part = None, 0.0
        if recipe.source is None:
            self._background.cancel()
            self.samples = None
            self._say(SourceState.NONE)
            self._checks.set_facts(None)
            return
        if other:
            self.samples = None
        self._say(SourceState.LOADING)
        base, names = self.base, asked[3]
        inputs, outputs = names if isinstance(names, tuple) and names else ((), ())
        self._background.run(
            lambda progress: load(recipe, base, inputs=inputs, outputs=outputs, progress=progress),
        )

    def _request(self, recipe: DataRecipe) -> tuple[object, ...]:
        """Whatever the samples depend on. The split and the standardization come after loading."""
        inference = self._checks.current.inference
        names = (inference.entries, inference.results) if isinstance(recipe.source, NpzFile) else ()
        base = self.base if getattr(recipe.source, "path", "") else None
        return recipe.source, recipe.columns, base, names

    def _on_progress(self, part: float) -> None:
        self.part = part
        self.changed.emit()

    def _on_done(self, samples: Samples) -> None:
        self.samples = samples
        self._say(SourceState.READY)
        self._checks.set_facts(samples.facts)

    def _on_failed(self, error: Exception) -> None:
        self.samples = None
        self.problem = error if isinstance(error, DataProblem) else unexpected(error)
        self._say(SourceState.FAILED)
        self._checks.set_facts(None)

    def _say(self, state: SourceState) -> None:
        self.state = state
        self.changed.emit()


def source_name(source: Dataset) -> str:
    """The name of a data set in few letters: its file's, or its own."""
    path = getattr(source, "path", "")
    return Path(path).name if path else source.key


def unexpected(error: Exception) -> DataProblem:
    """An error nobody has foreseen, said as well as it can be."""
    text = Message("The data cannot be read: {error}.", error=f"{type(error).__name__}: {error}")
    return DataProblem(text, Message("Try other data. If this happens again, please report it."))
