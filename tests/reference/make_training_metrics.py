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


def over_batches(metric: Any, t: np.ndarray, y: np.ndarray, w: np.ndarray | None = None) -> np.float64:
    """What Keras says after the last of several batches."""
    for start in range(0, len(y), BATCH):
        part = slice(start, start + BATCH)
        metric.update_state(t[part], y[part], None if w is None else w[part])
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
        "fbeta_score": over_batches(m.FBetaScore(beta=1.0, threshold=0.5), t, y),
        "fbeta_score(beta=2.0)": over_batches(m.FBetaScore(beta=2.0, threshold=0.5), t, y),
        "fbeta_score(beta=0.5)": sk.fbeta_score(true, said, beta=0.5),
        "f1_score(threshold=0.3)": over_batches(m.F1Score(threshold=0.3), t, y),
        "binary_accuracy(threshold=0.3)": over_batches(m.BinaryAccuracy(threshold=0.3), t, y),
        "precision(thresholds=0.3)": over_batches(m.Precision(thresholds=0.3), t, y),
        "recall(thresholds=0.7)": over_batches(m.Recall(thresholds=0.7), t, y),
        "auc": over_batches(m.AUC(), t, y),
        "auc(curve='PR')": over_batches(m.AUC(curve="PR"), t, y),
        "auc(num_thresholds=17)": over_batches(m.AUC(num_thresholds=17), t, y),
        "auc(num_thresholds=2)": over_batches(m.AUC(num_thresholds=2), t, y),
        "auc(num_thresholds=40, curve='PR')": over_batches(m.AUC(num_thresholds=40, curve="PR"), t, y),
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
        "top_k_categorical_accuracy(k=2)": over_batches(m.TopKCategoricalAccuracy(k=2), t, y),
        "precision": over_batches(m.Precision(), t, y),
        "recall": over_batches(m.Recall(), t, y),
        "specificity": sk.recall_score(flat, y.ravel() > 0.5, pos_label=0),
        "f1_score": over_batches(m.F1Score(average="macro"), t, y),
        "f1_score(average='micro')": over_batches(m.F1Score(average="micro"), t, y),
        "f1_score(average='weighted')": over_batches(m.F1Score(average="weighted"), t, y),
        "f1_score(threshold=0.3)": over_batches(m.F1Score(average="macro", threshold=0.3), t, y),
        "fbeta_score": over_batches(m.FBetaScore(average="macro"), t, y),
        "fbeta_score(beta=2.0)": over_batches(m.FBetaScore(average="macro", beta=2.0), t, y),
        "fbeta_score(beta=0.5)": sk.fbeta_score(classes, chosen, beta=0.5, average="macro"),
        "precision(thresholds=0.2)": over_batches(m.Precision(thresholds=0.2), t, y),
        "precision(top_k=2)": over_batches(m.Precision(top_k=2), t, y),
        "precision(thresholds=0.2, top_k=2)": over_batches(m.Precision(thresholds=0.2, top_k=2), t, y),
        "precision(class_id=3)": over_batches(m.Precision(class_id=3), t, y),
        "recall(top_k=3, class_id=1)": over_batches(m.Recall(top_k=3, class_id=1), t, y),
        "recall(thresholds=0.1, class_id=6)": over_batches(m.Recall(thresholds=0.1, class_id=6), t, y),
        "specificity(class_id=2)": sk.recall_score(classes == 2, y[:, 2] > 0.5, pos_label=0),
        "auc": over_batches(m.AUC(), t, y),
        "auc(curve='PR')": over_batches(m.AUC(curve="PR"), t, y),
        "roc_auc(average='macro')": sk.roc_auc_score(t, y.astype(float), average="macro"),
        "roc_auc(class_id=4)": sk.roc_auc_score(classes == 4, y[:, 4].astype(float)),
        "average_precision(average='macro')": sk.average_precision_score(t, y.astype(float), average="macro"),
        "cohen_kappa(weights='linear')": sk.cohen_kappa_score(classes, chosen, weights="linear"),
        "cohen_kappa(weights='quadratic')": sk.cohen_kappa_score(classes, chosen, weights="quadratic"),
        "mean_average_precision": sk.label_ranking_average_precision_score(t, y),
        "mean_reciprocal_rank": sk.label_ranking_average_precision_score(t, y),
        "ndcg": sk.ndcg_score(t, y.astype(float), k=10),
        "ndcg(k=3)": sk.ndcg_score(t, y.astype(float), k=3),
        "ndcg(k=None)": sk.ndcg_score(t, y.astype(float)),
        "hit_at_k": 1.0,
        "hit_at_k(k=2)": sk.top_k_accuracy_score(classes, y, k=2),
        "roc_auc": sk.roc_auc_score(flat, y.ravel().astype(float)),
        "average_precision": sk.average_precision_score(flat, y.ravel().astype(float)),
        "log_loss": sk.log_loss(classes, y.astype(float)),
        "cohen_kappa": sk.cohen_kappa_score(classes, chosen),
        "matthews_corrcoef": sk.matthews_corrcoef(classes, chosen),
    }


def ranked(rng: np.random.Generator) -> dict[str, Any]:
    """Five items a query, several of which fit, and some of which have the same score."""
    t = (rng.random((SAMPLES, 5)) < 0.4).astype(np.float32)
    t[np.arange(SAMPLES), rng.integers(0, 5, SAMPLES)] = 1.0
    y = np.clip(rng.normal(0.4 + 0.2 * t, 0.3), 0.0, 1.0).round(1).astype(np.float32)
    first = np.array([(row >= row[right > 0].max()).sum() for row, right in zip(y, t, strict=True)])
    return {
        "y": y,
        "t": t,
        "mean_average_precision": sk.label_ranking_average_precision_score(t, y),
        "mean_reciprocal_rank": (1.0 / first).mean(),
        "ndcg": sk.ndcg_score(t, y.astype(float), k=10),
        "ndcg(k=2)": sk.ndcg_score(t, y.astype(float), k=2),
        "hit_at_k(k=1)": (first <= 1).mean(),
        "precision(top_k=2)": over_batches(keras.metrics.Precision(top_k=2), t, y),
        "f1_score(threshold=0.5)": over_batches(keras.metrics.F1Score(average="macro", threshold=0.5), t, y),
    }


def graded(rng: np.random.Generator) -> dict[str, Any]:
    """Six items a query, each relevant to a degree."""
    t = rng.integers(0, 4, (SAMPLES, 6)).astype(np.float32)
    y = (t + rng.normal(0.0, 1.5, t.shape)).round(1).astype(np.float32)
    return {
        "y": y,
        "t": t,
        "ndcg": sk.ndcg_score(t, y.astype(float)),
        "ndcg(k=3)": sk.ndcg_score(t, y.astype(float), k=3),
    }


def weighted(rng: np.random.Generator) -> dict[str, Any]:
    """One class of four, where every sample has a weight."""
    classes = rng.integers(0, 4, SAMPLES)
    x = rng.standard_normal((SAMPLES, 4))
    x[np.arange(SAMPLES), classes] += 1.0
    y = (np.exp(x) / np.exp(x).sum(-1, keepdims=True)).astype(np.float32)
    t, w = np.eye(4, dtype=np.float32)[classes], rng.uniform(0.0, 3.0, SAMPLES).astype(np.float32)
    w[::7] = 0.0
    m, chosen, flat = keras.metrics, y.argmax(-1), t.ravel() > 0.5
    scores, each = y.ravel().astype(float), np.repeat(w, 4)
    return {
        "y": y,
        "t": t,
        "w": w,
        "accuracy": over_batches(m.CategoricalAccuracy(), t, y, w),
        "binary_accuracy": over_batches(m.BinaryAccuracy(), t, y, w),
        "top_k_categorical_accuracy(k=2)": over_batches(m.TopKCategoricalAccuracy(k=2), t, y, w),
        "precision": over_batches(m.Precision(), t, y, w),
        "recall(top_k=2)": over_batches(m.Recall(top_k=2), t, y, w),
        "f1_score": over_batches(m.F1Score(average="macro"), t, y, w),
        "f1_score(average='micro')": over_batches(m.F1Score(average="micro"), t, y, w),
        "f1_score(average='weighted')": over_batches(m.F1Score(average="weighted"), t, y, w),
        "auc": over_batches(m.AUC(), t, y, w),
        "auc(curve='PR')": over_batches(m.AUC(curve="PR"), t, y, w),
        "roc_auc": sk.roc_auc_score(flat, scores, sample_weight=each),
        "roc_auc(average='macro')": sk.roc_auc_score(t, y.astype(float), average="macro", sample_weight=w),
        "average_precision": sk.average_precision_score(flat, scores, sample_weight=each),
        "log_loss": sk.log_loss(classes, y.astype(float), sample_weight=w),
        "cohen_kappa": sk.cohen_kappa_score(classes, chosen, sample_weight=w),
        "matthews_corrcoef": sk.matthews_corrcoef(classes, chosen, sample_weight=w),
        "mean_average_precision": sk.label_ranking_average_precision_score(t, y, sample_weight=w),
        "ndcg(k=2)": sk.ndcg_score(t, y.astype(float), k=2, sample_weight=w),
        "mean_absolute_error": over_batches(m.MeanAbsoluteError(), t, y, w),
        "mean_squared_error": over_batches(m.MeanSquaredError(), t, y, w),
        "root_mean_squared_error": over_batches(m.RootMeanSquaredError(), t, y, w),
        "r2_score": sk.r2_score(t, y, sample_weight=w),
        "cosine_similarity": over_batches(m.CosineSimilarity(), t, y, w),
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
    for part in (binary, several, numbers, ranked, graded, weighted):
        found |= {f"{part.__name__}|{key}": np.asarray(value) for key, value in part(rng).items()}
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
