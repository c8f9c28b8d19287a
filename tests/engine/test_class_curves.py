"""ROC and PR curves against those of scikit-learn, which are stored."""

from __future__ import annotations

import numpy as np
import pytest

from engine.class_curves import ClassCurve, class_curves
from tests.engine.training.reference import stored

GIVEN = stored("curves")


def curves(family: str, targets: str = "t") -> dict[tuple[str, str], ClassCurve]:
    y, t = GIVEN[f"{family}|y"], GIVEN[f"{family}|{targets}"]
    names = ("no", "yes") if family == "binary" else ("a", "b", "c")
    return {(curve.name, curve.kind): curve for curve in class_curves(y, t, names)}


CASES = [("binary", "t", "yes"), *(("several", targets, name) for targets in ("t", "classes") for name in "abc")]


@pytest.mark.parametrize(("family", "targets", "name"), CASES)
def test_a_roc_curve_is_that_of_scikit_learn(family: str, targets: str, name: str) -> None:
    """The points that are left out lie on it."""
    curve = curves(family, targets)[name, "roc"]
    fpr, tpr = GIVEN[f"{family}|{name}|fpr"], GIVEN[f"{family}|{name}|tpr"]
    places = np.searchsorted(-GIVEN[f"{family}|{name}|roc_thresholds"], -curve.thresholds)
    np.testing.assert_allclose(curve.x, fpr[places], atol=1e-12)
    np.testing.assert_allclose(curve.y, tpr[places], atol=1e-12)
    assert len(places) < len(fpr)
    np.testing.assert_allclose(np.interp(fpr + tpr, curve.x + curve.y, curve.x), fpr, atol=1e-12)
    assert curve.area == pytest.approx(GIVEN[f"{family}|{name}|roc_auc"].item())


@pytest.mark.parametrize(("family", "targets", "name"), CASES)
def test_a_pr_curve_is_that_of_scikit_learn(family: str, targets: str, name: str) -> None:
    """Theirs goes on at recall 1, where precision only falls."""
    curve = curves(family, targets)[name, "pr"]
    recall, precision = GIVEN[f"{family}|{name}|recall"], GIVEN[f"{family}|{name}|precision"]
    first = int(np.flatnonzero(recall == 1.0)[-1])
    np.testing.assert_allclose(curve.x, recall[first:][::-1], atol=1e-12)
    np.testing.assert_allclose(curve.y, precision[first:][::-1], atol=1e-12)
    np.testing.assert_allclose(curve.thresholds[1:], GIVEN[f"{family}|{name}|pr_thresholds"][first:][::-1])
    assert curve.area == pytest.approx(GIVEN[f"{family}|{name}|average_precision"].item())


def test_a_class_without_samples_has_no_curve() -> None:
    y = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.2], [0.3, 0.5, 0.2]], np.float32)
    assert [(curve.name, curve.kind) for curve in class_curves(y, np.array([0, 1, 1]))] == [
        ("0", "roc"),
        ("0", "pr"),
        ("1", "roc"),
        ("1", "pr"),
    ]
