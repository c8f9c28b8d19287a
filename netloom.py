"""The door for programs: `import netloom`, and build, train and ask networks as with Keras."""

from __future__ import annotations

from engine import blas

blas.choose_core_type()  # before NumPy is imported, which reads the choice once

from engine.scripting import History, Model, Namespace, WrongUse  # noqa: E402
from graph.layers import layers as _layers  # noqa: E402
from graph.losses import losses as _losses  # noqa: E402
from graph.metrics import metrics as _metrics  # noqa: E402
from graph.network import Network, Wire  # noqa: E402
from graph.optimizers import optimizers as _optimizers  # noqa: E402
from graph.recipe import EarlyStopping  # noqa: E402
from graph.schedules import ReduceLROnPlateau  # noqa: E402
from graph.schedules import schedules as _schedules  # noqa: E402
from graph.version import VERSION as __version__  # noqa: E402

__all__ = [
    "EarlyStopping",
    "History",
    "Model",
    "Network",
    "ReduceLROnPlateau",
    "Wire",
    "WrongUse",
    "__version__",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "schedules",
]

layers = Namespace(_layers)
losses = Namespace(_losses)
metrics = Namespace(_metrics)
optimizers = Namespace(_optimizers)
schedules = Namespace(_schedules)
