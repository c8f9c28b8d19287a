"""The memory that is told before training is what a session takes."""

from __future__ import annotations

import pytest

from engine import templates
from engine.memory import training_memory
from engine.session import Session
from engine.trainer import Trainer
from graph.check import check
from graph.edits import set_training
from graph.optimizers import SGD, Adam, RMSprop


@pytest.mark.parametrize("name", [template.name for template in templates.templates()])
@pytest.mark.parametrize("optimizer", [SGD(), SGD(momentum=0.9), RMSprop(), Adam()])
def test_what_is_told_is_what_a_session_takes(name: str, optimizer: object) -> None:
    project = set_training(templates.make(name)[0], optimizer=optimizer, batch_size=24)
    session = Session.prepare(project)
    told = training_memory(check(project, session.samples.facts).inference, project.training)
    trainer = Trainer(session.plan, session.objective, project.training, session.examples["training"])
    vectors = sum(vector.nbytes for vector in trainer.optimizer.state.values())
    given = session.examples["training"].weights
    assert told == session.plan.memory().total + session.objective.on(session.plan, given).nbytes + vectors


def test_a_large_batch_is_counted_without_being_made() -> None:
    project = set_training(templates.make("digits")[0], batch_size=100_000)
    told = training_memory(check(project).inference, project.training)
    assert told > 100_000 * 8 * 8 * 32 * 4 * 4
