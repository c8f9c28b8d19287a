"""The figures beside the curves: the one that matters most, how far the run is, the last values, what to do next."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.data.problem import DataProblem
from engine.figures import figure
from gui.checks import Checks
from gui.data.source import DataSource, source_name
from gui.document import Document
from gui.parts import label
from gui.theme import current_theme, font, theme_switch
from gui.training.controller import State, TrainingController
from gui.training.curves import PREFIX, TRAINING, VALIDATION, RunCurves, title
from gui.training.notice_line import NoticeLine
from gui.training.pace import Pace
from gui.training.progress import duration
from gui.translate import tr_message

STEPS = 1000


class Readout(QWidget):
    """Follows the controller. `problems_wanted` follows a click on what keeps the network from being trained."""

    problems_wanted = Signal()
    data_wanted = Signal()

    def __init__(
        self, document: Document, checks: Checks, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._checks, self._controller = document, checks, controller
        self._source: DataSource | None = None
        self.caption = label("", "muted", self)
        self.figure = label("", "figure", self)
        self.figure.setFont(font("font_figure", bold=True))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName(self.tr("Progress of training"))
        self.status = label("", "muted", self, wrap=True)
        self.legend = QLabel(self)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setProperty("role", "small")
        self.note = label("", "muted", self, wrap=True)
        self.notice = NoticeLine(self)
        self.link = QPushButton(self)
        self.link.setProperty("kind", "link")
        self.link.clicked.connect(self._on_link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.caption)
        column.addWidget(self.figure)
        column.addSpacing(4)
        column.addWidget(self.bar)
        column.addSpacing(4)
        column.addWidget(self.status)
        column.addSpacing(4)
        column.addWidget(self.legend)
        column.addSpacing(4)
        column.addWidget(self.note)
        column.addWidget(self.notice)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        pace = Pace(self.refresh, self)
        controller.ticked.connect(lambda _: pace.ask())
        controller.changed.connect(pace.now)
        checks.changed.connect(lambda _: self.refresh())
        theme_switch().changed.connect(self.refresh)
        self.refresh()

    def follow(self, source: DataSource) -> None:
        """Say also what is wrong with the data, where they cannot be read."""
        self._source = source
        source.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the state of the run."""
        curves = self._controller.curves
        self._show_figure(curves)
        self.bar.setMaximum(0 if self._controller.state is State.PREPARING else STEPS)
        self.bar.setValue(round(self._controller.progress.part * STEPS))
        _set(self.status, self._status())
        self._show_legend(curves)
        text, role = self._note()
        _set(self.note, text, role)
        self.note.setVisible(bool(text))
        self.notice.show_notices(self._controller.notices)
        link = self._link()
        self.link.setText(link)
        self.link.setVisible(bool(link))

    def main_figure(self, curves: RunCurves | None) -> str:
        """The name of the log that matters most: the metric on the validation samples, if there are such."""
        figures = curves.figures if curves is not None and curves.figures else ("loss", *self._metrics())
        chosen = next((name for name in figures if name != "loss" and not name.endswith("_loss")), "loss")
        logs = curves.logs if curves is not None else {}
        validated = PREFIX + chosen in logs if logs else self._document.project.data.validation > 0
        return PREFIX + chosen if validated else chosen

    def _metrics(self) -> tuple[str, ...]:
        return self._document.project.training.metrics

    def _show_figure(self, curves: RunCurves | None) -> None:
        name = self.main_figure(curves)
        plain = title(name.removeprefix(PREFIX))
        lower = plain[:1].lower() + plain[1:]
        said = self.tr("Validation {figure}") if name.startswith(PREFIX) else self.tr("Training {figure}")
        _set(self.caption, said.format(figure=lower))
        value = curves.logs.get(name) if curves is not None else None
        _set(self.figure, "–" if value is None else figure(value))
        self.figure.setAccessibleName(f"{self.caption.text()}: {self.figure.text()}")

    def _status(self) -> str:
        state, progress = self._controller.state, self._controller.progress
        if state is State.IDLE:
            return self._ready()
        if state is State.PREPARING:
            return self._controller.preparing_text
        if state is State.FAILED:
            return self.tr("Training stopped with an error.")
        parts = [self.tr("Epoch {n} of {m}").format(n=progress.epoch, m=progress.epochs)]
        if state is State.FINISHED:
            over = progress.finished
            if over is not None:
                parts[0] = self.tr("{reason} after {n} of {m} epochs").format(
                    reason=self._reason(over.reason), n=over.epochs, m=progress.epochs
                )
                parts.append(duration(over.seconds))
            return " · ".join(parts)
        if state is State.PAUSED:
            parts.append(self.tr("paused"))
        elif state is State.STOPPING:
            parts.append(self.tr("stopping"))
        elif not progress.part:
            parts.append(self.tr("getting ready, which can take a minute the first time"))
        elif progress.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=duration(progress.seconds_left)))
        if state is State.TRAINING and progress.samples_per_second is not None:
            parts.append(self.tr("{n} samples/s").format(n=f"{rounded(progress.samples_per_second):,}"))
        return " · ".join(parts)

    def _ready(self) -> str:
        reason = self._controller.obstacle
        if reason:
            return reason
        if self._data_problem is not None:
            return self.tr("The data cannot be read.")
        training = self._document.project.training
        if training.batch_size is None:
            return self.tr("Ready: {n} epochs of one step over all samples.").format(n=training.epochs)
        return self.tr("Ready: {n} epochs of batches of {b}.").format(n=training.epochs, b=training.batch_size)

    def _reason(self, reason: str) -> str:
        return {
            "completed": self.tr("Finished"),
            "early stopping": self.tr("Stopped early"),
            "stopped": self.tr("Stopped"),
            "diverged": self.tr("Diverged"),
        }[reason]

    def _show_legend(self, curves: RunCurves | None) -> None:
        logs = curves.logs if curves is not None else {}
        name = self.main_figure(curves).removeprefix(PREFIX)
        series = current_theme().series
        pairs = [(self.tr("training"), name, TRAINING), (self.tr("validation"), PREFIX + name, VALIDATION)]
        parts = [
            f'<span style="color:{series[color].name()}">━━</span>&nbsp; '
            f"{escape(said)} {figure(logs[key]) if key in logs else ''}"
            for said, key, color in pairs
            if key in logs or not logs
        ]
        text = "&nbsp;&nbsp;&nbsp;&nbsp;".join(parts)
        if text != self.legend.text():
            self.legend.setText(text)

    @property
    def _data_problem(self) -> DataProblem | None:
        """What is wrong with the data; nothing while a run is under way, which has its own."""
        if self._source is None or self._controller.state.busy:
            return None
        return self._source.problem

    def _note(self) -> tuple[str, str]:
        controller = self._controller
        problem = self._data_problem
        if problem is not None:
            source = self._document.project.data.source
            said = f"{tr_message(problem.text)} {tr_message(problem.hint)}"
            return (f"{source_name(source)}: {said}" if source is not None else said), "error"
        if controller.state is State.FAILED:
            return controller.failure, "error"
        over = controller.progress.finished
        if over is not None and over.advice is not None:
            return tr_message(over.advice), "error"
        parts = []
        if controller.progress.best_epoch is not None:
            parts.append(self._best(over is not None).format(n=controller.progress.best_epoch))
        if over is not None and over.test:
            name = self.main_figure(controller.curves).removeprefix(PREFIX)
            names = list(dict.fromkeys([name if name in over.test else "loss", "loss"]))
            values = " · ".join(f"{title(key).lower()} {figure(over.test[key])}" for key in names if key in over.test)
            parts.append(self.tr("On the test samples: {values}").format(values=values))
        return "\n".join(parts), "muted"

    def _best(self, over: bool) -> str:
        recipe = self._controller.trained_with
        stopping = recipe.early_stopping if recipe is not None else None
        if stopping is None or not stopping.restore_best_weights:
            return self.tr("Best epoch: {n}") if over else self.tr("Best so far: epoch {n}")
        if over:
            return self.tr("Best epoch: {n}, its weights are kept")
        return self.tr("Best so far: epoch {n}, kept for early stopping")

    def _link(self) -> str:
        if self._controller.state.busy:
            return ""
        if self._checks.current.errors:
            return self.tr("Show the problems")
        wanted = self._document.project.data.source is None or self._data_problem is not None
        return self.tr("Choose data") if wanted else ""

    def _on_link(self) -> None:
        if self._checks.current.errors:
            self.problems_wanted.emit()
        else:
            self.data_wanted.emit()


def rounded(value: float) -> int:
    """A speed in three digits, so that it does not flicker."""
    digits = len(str(int(value)))
    return int(round(value, 3 - digits)) if digits > 3 else int(value)


def _set(widget: QLabel, text: str, role: str = "") -> None:
    if widget.text() != text:
        widget.setText(text)
    if role and widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
