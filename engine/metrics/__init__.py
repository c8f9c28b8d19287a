"""The metrics, by the formulas of Keras and scikit-learn; importing this package fills the registry."""

from __future__ import annotations

import engine.metrics.accuracies
import engine.metrics.classes
import engine.metrics.curves
import engine.metrics.numbers
import engine.metrics.ranking  # noqa: F401  (these fill the registry)
from engine.metrics.accuracies import BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from engine.metrics.base import Exact, MetricFunction, metric_function_of, rises
from engine.metrics.running import Running

__all__ = [
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "Exact",
    "MetricFunction",
    "Running",
    "SparseCategoricalAccuracy",
    "metric_function_of",
    "rises",
]
