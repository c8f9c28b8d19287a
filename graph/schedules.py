"""How the learning rate changes while training, by Keras's names.

A schedule begins with the optimizer's learning rate, and counts its steps: one a batch. ReduceLROnPlateau waits for
epochs instead.

Formulas: https://keras.io/api/optimizers/learning_rate_schedules/ and, for OneCycle, Smith and Topin 2018.
"""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register
from graph.fields import Bool, Choice, Float, Int, Text
from graph.fields.numbers import Numbers
from graph.optimizers import LARGEST_RATE

MANY = 1_000_000_000


class Schedule(Declared):
    """A rule that gives every step its learning rate."""

    formula: ClassVar[str] = ""


schedules: Registry[Schedule] = Registry("schedule")


@register(schedules)
class ExponentialDecay(Schedule):
    """Multiply the rate by the same factor again and again."""

    formula = "rate * decay_rate^(step / decay_steps)"

    decay_steps: int = Int(default=1000, min=1, max=MANY, doc="The steps in which the rate falls by one factor.")
    decay_rate: float = Float(default=0.96, above=0.0, max=1.0, doc="The factor.")
    staircase: bool = Bool(default=False, doc="Fall at once after every decay_steps instead of little by little.")


@register(schedules)
class InverseTimeDecay(Schedule):
    """Divide the rate by a number that grows evenly."""

    formula = "rate / (1 + decay_rate * step / decay_steps)"

    decay_steps: int = Int(default=1000, min=1, max=MANY, doc="The steps in which the divisor grows by decay_rate.")
    decay_rate: float = Float(default=0.5, min=0.0, doc="What is added to the divisor.")
    staircase: bool = Bool(default=False, doc="Fall at once after every decay_steps instead of little by little.")


@register(schedules)
class PiecewiseConstantDecay(Schedule):
    """Use one rate until a certain step, then the next; the optimizer's own rate is not used."""

    formula = "values[how many boundaries are below step]"

    boundaries: tuple[int, ...] = Numbers(
        default=(1000, 2000), whole=True, rising=True, doc="The last step of every rate but the last."
    )
    values: tuple[float, ...] = Numbers(default=(0.01, 0.001, 0.0001), doc="The rates, one more than boundaries.")


@register(schedules)
class PolynomialDecay(Schedule):
    """Go from the rate to a smaller one, evenly or by a power."""

    formula = "(rate - end) * (1 - step / decay_steps)^power + end"

    decay_steps: int = Int(default=1000, min=1, max=MANY, doc="The steps until the end is reached.")
    end_learning_rate: float = Float(default=0.0001, min=0.0, max=LARGEST_RATE, doc="The rate at the end.")
    power: float = Float(default=1.0, above=0.0, max=100.0, doc="1 goes evenly, 2 ever more slowly.")
    cycle: bool = Bool(default=False, doc="Begin again once the end is reached, each time for longer.")


@register(schedules)
class CosineDecay(Schedule):
    """Go down along half a wave, perhaps after a warm-up that goes up evenly."""

    formula = "rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)"

    decay_steps: int = Int(default=1000, min=1, max=MANY, doc="The steps until the end is reached.")
    alpha: float = Float(default=0.0, min=0.0, max=1.0, doc="The part of the rate that is left at the end.")
    warmup_target: float | None = Float(
        default=None,
        optional=True,
        above=0.0,
        max=LARGEST_RATE,
        none_text="no warm-up",
        doc="The rate after the warm-up, from which it goes down.",
    )
    warmup_steps: int = Int(default=0, min=0, max=MANY, doc="The steps of the warm-up, which come before the others.")


@register(schedules)
class CosineDecayRestarts(Schedule):
    """Go down along half a wave, and begin again."""

    formula = "rate * m_mul^restarts * (1 + cos(pi * part of this wave)) / 2, from alpha * rate up"

    first_decay_steps: int = Int(default=1000, min=1, max=MANY, doc="The steps of the first wave.")
    t_mul: float = Float(default=2.0, min=1.0, max=100.0, doc="How many times longer every wave is than the last.")
    m_mul: float = Float(default=1.0, above=0.0, max=1.0, doc="How many times as high every wave begins.")
    alpha: float = Float(default=0.0, min=0.0, max=1.0, doc="The part of the rate that is left at the end of a wave.")


@register(schedules)
class OneCycle(Schedule):
    """Go up to the rate and down again far below it, once: fast training with large rates."""

    formula = "rate / div_factor, up to rate, down to rate / div_factor / final_div_factor"

    total_steps: int = Int(default=1000, min=2, max=MANY, doc="The steps of the whole cycle.")
    pct_start: float = Float(default=0.3, above=0.0, below=1.0, doc="The part of the steps that go up.")
    div_factor: float = Float(default=25.0, min=1.0, doc="How many times smaller the rate begins.")
    final_div_factor: float = Float(default=10_000.0, min=1.0, doc="How many times smaller than the beginning it ends.")
    anneal_strategy: str = Choice(default="cos", choices=("cos", "linear"), doc="Along half waves, or evenly.")
    three_phase: bool = Bool(
        default=False, doc="Whether it comes down to where it began in as many steps as it went up, and then goes on."
    )


@register(schedules)
class ReduceLROnPlateau(Schedule):
    """Lower the rate once a figure has not improved for a while, as Keras's callback of that name."""

    formula = "rate * factor after patience epochs without improvement"

    monitor: str = Text(default="val_loss", doc="The figure that is watched.")
    factor: float = Float(default=0.1, above=0.0, below=1.0, doc="What the rate is multiplied by.")
    patience: int = Int(default=10, min=0, max=1_000_000, doc="Epochs without improvement before the rate falls.")
    min_delta: float = Float(default=0.0001, min=0.0, doc="The smallest change that counts as an improvement.")
    cooldown: int = Int(default=0, min=0, max=1_000_000, doc="Epochs after a fall in which nothing is counted.")
    min_lr: float = Float(default=0.0, min=0.0, max=LARGEST_RATE, doc="The rate below which it does not fall.")
