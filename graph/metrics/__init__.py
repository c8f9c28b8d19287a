"""What is measured besides the loss, by Keras's names where it has them, else by scikit-learn's.

Every figure of an epoch is that of all its samples together, not the mean of what the batches had. Importing this
package fills the registry.
"""

from __future__ import annotations

import graph.metrics.accuracies
import graph.metrics.classes
import graph.metrics.curves
import graph.metrics.numbers
import graph.metrics.ranking  # noqa: F401  (these fill the registry)
from graph.metrics.base import Figure, Metric, figure_of, figure_title, metric_from, metric_text, metrics

__all__ = ["Figure", "Metric", "figure_of", "figure_title", "metric_from", "metric_text", "metrics"]
