"""Variables for generated code: each layer has one that Python takes."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterable

RESERVED = frozenset({"keras", "layers", "np", "build_model", "compile_model", "load_weights", "train", *dir(builtins)})


class Identifiers:
    """The names of one module. The same layer gets the same names whenever it is asked for."""

    def __init__(self, layers: Iterable[str], reserved: Collection[str] = RESERVED) -> None:
        self._variables: dict[str, str] = {}
        for name in layers:
            self._variables[name] = _unused(identifier(name, reserved), set(self._variables.values()))

    def variable(self, name: str) -> str:
        """The variable that holds what the layer gives on."""
        return self._variables[name]


def identifier(name: str, reserved: Collection[str] = RESERVED) -> str:
    """`name` as a Python identifier that shadows nothing; letters beyond ASCII are left out, as Python folds them."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "layer"
    plain = f"layer_{plain}" if plain[0].isdigit() else plain
    return f"{plain}_" if plain in reserved or keyword.iskeyword(plain) else plain


def _unused(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
