"""Write down the arguments and defaults of what Keras has under the names that we declare, in `signatures.json`.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_signatures

Keras is in the `parity` extra; the test that compares needs only the file.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import keras

from tests.reference.signatures import KINDS, REQUIRED, keras_name

PATH = Path(__file__).with_name("signatures.json")
MODULES = {
    "layer": keras.layers,
    "loss": keras.losses,
    "optimizer": keras.optimizers,
    "metric": keras.metrics,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
    "schedule": keras.optimizers.schedules,
    "activation": keras.activations,
}
COMMON = ("self", "name", "dtype")
"""What everything of Keras's takes, and nothing of ours: names are the network's."""


def arguments(thing: Any) -> dict[str, Any]:
    """The arguments of a class or a function, with their defaults."""
    called = thing.__init__ if inspect.isclass(thing) else thing
    found = {}
    for one in inspect.signature(called).parameters.values():
        if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL) and one.name not in COMMON:
            found[one.name] = REQUIRED if one.default is one.empty else one.default
    return found


def main() -> None:
    """Write the file."""
    said: dict[str, Any] = {"versions": f"keras {keras.__version__}"}
    for kind, registry in KINDS.items():
        things = {cls.key: getattr(MODULES[kind], keras_name(cls), None) for cls in registry}
        if kind == "schedule":
            things["ReduceLROnPlateau"] = keras.callbacks.ReduceLROnPlateau
        said[kind] = {key: None if thing is None else arguments(thing) for key, thing in things.items()}
    PATH.write_text(json.dumps(said, indent=1, default=repr) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
