"""Everything that can be said of a project before it runs: its shapes, its errors and its warnings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from graph.datasets import DataFacts
from graph.infer import Inference, infer
from graph.lints import lint
from graph.problem import Problem, Severity
from graph.project import Project


@dataclass(frozen=True)
class Check:
    """The shapes of a project and all its problems, errors first."""

    project: Project
    inference: Inference
    problems: tuple[Problem, ...]

    @cached_property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the network from being trained."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(p for p in self.problems if p.severity is Severity.WARNING)

    def of(self, node: str) -> tuple[Problem, ...]:
        """The problems of one layer."""
        return self.by_node.get(node, ())

    @cached_property
    def by_node(self) -> dict[str | None, tuple[Problem, ...]]:
        """The problems by layer; those of the whole project under None."""
        found: dict[str | None, tuple[Problem, ...]] = {}
        for problem in self.problems:
            found[problem.node] = (*found.get(problem.node, ()), problem)
        return found


def check(project: Project, facts: DataFacts | None = None, previous: Check | None = None) -> Check:
    """Check a project, taking over from the check before what has not changed."""
    inference = infer(project.network, facts, previous.inference if previous else None)
    problems = (*inference.problems, *lint(project, inference))
    return Check(project, inference, tuple(sorted(problems, key=lambda p: p.severity is not Severity.ERROR)))
