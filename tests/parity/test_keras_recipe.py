"""The generated compile and fit calls, run by Keras: whatever a recipe may hold, it trains."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from engine.formats import export
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import BinaryFocalCrossentropy, CategoricalCrossentropy, Huber, losses
from graph.metrics import metrics
from graph.network import Network, Wire
from graph.optimizers import SGD, optimizers
from graph.project import Project
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import ReduceLROnPlateau, schedules

pytestmark = pytest.mark.parity

NETWORK = Network.of({"x": Input(shape=(3,)), "y": Dense(4, activation="softmax")}, [Wire("x", "y")])
PLAIN = TrainingRecipe(epochs=1, batch_size=4)
WITH_PARAMETERS = (
    "precision(thresholds=0.7)",
    "recall(top_k=2, class_id=1)",
    "f1_score(average='weighted')",
    "fbeta_score(beta=2.0, threshold=0.3)",
    "auc(num_thresholds=50, curve='PR')",
    "binary_accuracy(threshold=0.3)",
    "top_k_categorical_accuracy(k=2)",
)
RECIPES = [
    *(replace(PLAIN, loss=loss()) for loss in losses),
    replace(PLAIN, loss=Huber(0.5)),
    replace(PLAIN, loss=CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)),
    replace(PLAIN, loss=BinaryFocalCrossentropy(apply_class_balancing=True)),
    *(replace(PLAIN, optimizer=optimizer()) for optimizer in optimizers),
    replace(PLAIN, optimizer=SGD(clipnorm=1.0, clipvalue=0.5, weight_decay=0.1, use_ema=True)),
    *(replace(PLAIN, schedule=schedule()) for schedule in schedules),
    replace(PLAIN, class_weight="balanced", weighted_metrics=True, metrics=("accuracy",), batch_size=None),
    replace(PLAIN, schedule=ReduceLROnPlateau(monitor="loss"), early_stopping=EarlyStopping(monitor="loss")),
    *(
        replace(PLAIN, loss=losses.make(key), metrics=(*metrics.names(), *WITH_PARAMETERS))
        for key in ("mean_squared_error", "categorical_crossentropy", "sparse_categorical_crossentropy")
    ),
]
RUN = """
import importlib.util, sys, warnings
import numpy as np
warnings.simplefilter("error", SyntaxWarning)
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("generated", path)
    generated = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generated)
    model = generated.build_model()
    generated.compile_model(model)
    t = np.eye(4, dtype="float32")[np.arange(8) % 4]
    if "sparse" in open(path).read().split("def train")[0].split("loss=")[1].splitlines()[0]:
        t = t.argmax(-1)
    history = generated.train(model, np.ones((8, 3), "float32"), t)
    assert np.isfinite(history.history["loss"]).all(), path
"""


def test_every_recipe_trains_in_keras(keras_python: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    python, environment = keras_python
    paths = []
    for place, recipe in enumerate(RECIPES):
        paths.append(tmp_path / f"model_{place}.py")
        export(Project(NETWORK, training=recipe), paths[-1])
    done = subprocess.run([python, "-c", RUN, *paths], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
