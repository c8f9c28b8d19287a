"""Plans that have run: what a network gives for weights and inputs that follow from the network alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from engine.plan import Plan, compile
from engine.vocabulary import embeddings
from graph.network import Network

BATCH = 3
"""Samples in every plan."""


def filled(network: Network, dtype: DTypeLike = np.float32) -> Plan:
    """A plan that has run; every value is one of float32 in any `dtype`."""
    plan = compile(network, BATCH, training=False, seed=1, dtype=dtype)
    random = np.random.default_rng(0)
    for array in plan.parameters.named().values():
        array[...] = random.uniform(0.1, 0.9, array.shape).astype(np.float32)
    words = embeddings(plan.inference)
    for name, x in plan.inputs.items():
        drawn = random.integers(0, words[name], x.shape) if name in words else random.normal(size=x.shape)
        x[...] = drawn.astype(np.float32)
    with np.errstate(all="ignore"):
        plan.forward()
    return plan


def is_steady(network: Network) -> bool:
    """Whether two programs can be compared by what they give: not where it hangs on single roundings.

    So it is where float64 gives nearly the same, and where numbers do not run over.
    """
    ours, exact = filled(network).outputs, filled(network, np.float64).outputs
    return all(np.isfinite(y).all() and np.allclose(y, exact[name], rtol=2e-6, atol=2e-6) for name, y in ours.items())
