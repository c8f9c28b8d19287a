"""The data of a project, as far as a verb needs it."""

from __future__ import annotations

from engine.cli.projects import Opened
from graph.datasets import DataFacts
from graph.problem import Problem


def facts_of(opened: Opened) -> tuple[DataFacts | None, tuple[Problem, ...]]:
    """What the project's data says of itself, or the problem with it. A project without data has neither."""
    if opened.project.data.source is None:
        return None, ()
    from engine.data import DataProblem, load_for

    try:
        return load_for(opened.project, opened.base).facts, ()
    except DataProblem as problem:
        return None, (Problem(None, problem.text, problem.hint),)
