"""Let scikit-learn compute ROC and PR curves, and store them.

    python -m tests.reference.make_training_curves

scikit-learn is not needed for the tests.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as sk

PATH = Path(__file__).with_name("training_curves.npz")
SAMPLES = 90


def curves(family: str, name: str, true: np.ndarray, score: np.ndarray) -> dict[str, np.ndarray]:
    """Both curves of one class, with their areas."""
    score = score.astype(float)
    fpr, tpr, roc_thresholds = sk.roc_curve(true, score, drop_intermediate=False)
    precision, recall, pr_thresholds = sk.precision_recall_curve(true, score)
    found = {
        "fpr": fpr,
        "tpr": tpr,
        "roc_thresholds": roc_thresholds,
        "roc_auc": sk.roc_auc_score(true, score),
        "precision": precision,
        "recall": recall,
        "pr_thresholds": pr_thresholds,
        "average_precision": sk.average_precision_score(true, score),
    }
    return {f"{family}|{name}|{key}": np.asarray(value) for key, value in found.items()}


def main() -> None:
    rng = np.random.default_rng(7)
    t = (rng.random((SAMPLES, 1)) < 0.3).astype(np.float32)
    y = np.clip(rng.normal(0.4 + 0.2 * t, 0.2), 0.0, 1.0).round(2).astype(np.float32)
    found = {"versions": np.array([f"scikit-learn {sklearn.__version__}"]), "binary|y": y, "binary|t": t}
    found |= curves("binary", "yes", t[:, 0], y[:, 0])
    classes = rng.integers(0, 3, SAMPLES)
    x = rng.standard_normal((SAMPLES, 3))
    x[np.arange(SAMPLES), classes] += 1.0
    y = (np.exp(x) / np.exp(x).sum(-1, keepdims=True)).round(2).astype(np.float32)
    found |= {"several|y": y, "several|t": np.eye(3, dtype=np.float32)[classes], "several|classes": classes}
    for place, name in enumerate("abc"):
        found |= curves("several", name, classes == place, y[:, place])
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
