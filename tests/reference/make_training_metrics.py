"""Let Keras and scikit-learn compute every metric over an epoch, and store inputs and figures.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_metrics

Keras, JAX and scikit-learn are not needed for the tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import sklearn
from sklearn import metrics as sk

PATH = Path(__file__).with_name("training_metrics.npz")
SAMPLES, BATCH, CLASSES = 203, 32, 7


def over_batches(metric: Any, t: np.ndarray, y: np.ndarray) -> np.float64:
    """What Keras says after the last of several batches."""
    for start in range(0, len(y), BATCH):
        metric.update_state(t[start : start + BATCH], y[start : start + BATCH])
    return np.float64(np.asarray(metric.result()))


def binary(rng: np.random.Generator) -> dict[str, Any]:
    """Yes and no, one in four, with some ties among the scores."""
    t = (rng.random((SAMPLES, 1)) < 0.25).astype(np.float32)
    y = np.clip(rng.normal(0.35 + 0.25 * t, 0.2), 0.001, 0.999).round(2).astype(np.float32)
    m, said, true, score = keras.metrics, y[:, 0] > 0.5, t[:, 0], y[:, 0].astype(float)
    return {
        "y": y,
        "t": t,
        "accuracy": over_batches(m.BinaryAccuracy(), t, y),
        "binary_accuracy": over_batches(m.BinaryAccuracy(), t, y),
        "precision": over_batches(m.Precision(), t, y),
        "recall": over_batches(m.Recall(), t, y),
        "specificity": sk.recall_score(true, said, pos_label=0),
        "f1_score": over_batches(m.F1Score(threshold=0.5), t, y),
        "f2_score": over_batches(m.FBetaScore(beta=2.0, threshold=0.5), t, y),
        "f05_score": sk.fbeta_score(true, said, beta=0.5),
        "auc": over_batches(m.AUC(), t, y),
        "auc_pr": over_batches(m.AUC(curve="PR"), t, y),
        "roc_auc": sk.roc_auc_score(true, score),
        "average_precision": sk.average_precision_score(true, score),
        "log_loss": sk.log_loss(true, score),
        "cohen_kappa": sk.cohen_kappa_score(true, said),
        "matthews_corrcoef": sk.matthews_corrcoef(true, said),
    }


def several(rng: np.random.Generator) -> dict[str, Any]:
    """One class of seven."""
    classes = rng.integers(0, CLASSES, SAMPLES)
    x = rng.standard_normal((SAMPLES, CLASSES))
    x[np.arange(SAMPLES), classes] += 1.5
    y = (np.exp(2 * x) / np.exp(2 * x).sum(-1, keepdims=True)).astype(np.float32)
    t = np.eye(CLASSES, dtype=np.float32)[classes]
    m, chosen, flat = keras.metrics, y.argmax(-1), t.ravel() > 0.5
    return {
        "y": y,
        "t": t,
        "classes": classes,
        "accuracy": over_batches(m.CategoricalAccuracy(), t, y),
        "categorical_accuracy": over_batches(m.CategoricalAccuracy(), t, y),
        "sparse_categorical_accuracy": over_batches(m.SparseCategoricalAccuracy(), classes, y),
        "binary_accuracy": over_batches(m.BinaryAccuracy(), t, y),
        "top_k_categorical_accuracy": over_batches(m.TopKCategoricalAccuracy(), t, y),
        "precision": over_batches(m.Precision(), t, y),
        "recall": over_batches(m.Recall(), t, y),
        "specificity": sk.recall_score(flat, y.ravel() > 0.5, pos_label=0),
        "f1_score": over_batches(m.F1Score(average="macro"), t, y),
        "f2_score": over_batches(m.FBetaScore(average="macro", beta=2.0), t, y),
        "f05_score": sk.fbeta_score(classes, chosen, beta=0.5, average="macro"),
        "auc": over_batches(m.AUC(), t, y),
        "auc_pr": over_batches(m.AUC(curve="PR"), t, y),
        "roc_auc": sk.roc_auc_score(flat, y.ravel().astype(float)),
        "average_precision": sk.average_precision_score(flat, y.ravel().astype(float)),
        "log_loss": sk.log_loss(classes, y.astype(float)),
        "cohen_kappa": sk.cohen_kappa_score(classes, chosen),
        "matthews_corrcoef": sk.matthews_corrcoef(classes, chosen),
    }


def numbers(rng: np.random.Generator) -> dict[str, Any]:
    """Three numbers a sample."""
    t = rng.normal(2.0, 3.0, (SAMPLES, 3)).astype(np.float32)
    y = (0.8 * t + rng.normal(0.0, 1.0, t.shape)).astype(np.float32)
    m = keras.metrics
    return {
        "y": y,
        "t": t,
        "mean_absolute_error": over_batches(m.MeanAbsoluteError(), t, y),
        "mean_squared_error": over_batches(m.MeanSquaredError(), t, y),
        "root_mean_squared_error": over_batches(m.RootMeanSquaredError(), t, y),
        "mean_absolute_percentage_error": over_batches(m.MeanAbsolutePercentageError(), t, y),
        "r2_score": over_batches(m.R2Score(), t, y),
        "cosine_similarity": over_batches(m.CosineSimilarity(), t, y),
    }


def main() -> None:
    rng = np.random.default_rng(2)
    found = {"versions": np.array([f"keras {keras.__version__}", f"scikit-learn {sklearn.__version__}"])}
    for part in (binary, several, numbers):
        found |= {f"{part.__name__}|{key}": np.asarray(value) for key, value in part(rng).items()}
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
