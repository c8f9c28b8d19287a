"""What a metric is, and how one is written.

In a recipe a metric is text: its name, and in brackets what differs from its defaults, as in `ndcg(k=5)`. Its figure
has the same name in the logs.
"""

from __future__ import annotations

import re
from functools import cache
from typing import ClassVar, NamedTuple

from graph.declare import Declared, Registry
from graph.fields.spec import read_spec, write_spec
from graph.message import Message


class Metric(Declared):
    """A figure over an epoch that people read and nothing is trained on."""

    rises: ClassVar[bool] = False
    """Whether more is better."""
    title: ClassVar[str] = ""
    common: ClassVar[bool] = False
    """Whether people look for it first."""
    formula: ClassVar[str] = ""


metrics: Registry[Metric] = Registry("metric")


def metric_from(text: str) -> Metric:
    """The metric that a text of a recipe stands for. Raises ValueError or LookupError with a sentence."""
    metric: Metric = read_spec(metrics, text)
    return metric


def metric_text(metric: Metric) -> str:
    """What stands for a metric in a recipe and in the logs."""
    return write_spec(metric)


class Figure(NamedTuple):
    """The name of a figure taken apart: `age_ndcg(k=5)` is of the output `age`, the metric NDCG, and `k=5`."""

    output: str
    metric: type[Metric]
    parameters: str


def figure_of(name: str) -> Figure | None:
    """The figure that a name of the logs stands for; None for a loss."""
    found = _figure_pattern().fullmatch(name)
    return Figure(found["output"] or "", metrics[found["key"]], found["parameters"] or "") if found else None


def figure_title(name: str) -> str:
    """A name of the logs as a heading: Loss, Accuracy, "age · Mean absolute error"."""
    figure = figure_of(name)
    if figure is None:
        output, loss = name.removesuffix("_loss"), Message("Loss")
        return loss if name == "loss" else name if output == name else Message("{a} · {b}", a=output, b=loss)
    said = Message(figure.metric.title)
    if figure.parameters:
        said = Message("{metric} ({parameters})", metric=said, parameters=figure.parameters)
    return Message("{a} · {b}", a=figure.output, b=said) if figure.output else said


@cache
def _figure_pattern() -> re.Pattern[str]:
    keys = "|".join(map(re.escape, metrics.names()))
    return re.compile(rf"(?:(?P<output>.*?)_)?(?P<key>{keys})(?:\((?P<parameters>.*)\))?", re.DOTALL)
