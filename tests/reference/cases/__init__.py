"""One line or two for every way a layer is worth trying: the layer, and the sizes of one sample of every input.

Each module here is a family, and its `CASES` are kept in `keras/<family>.npz`. The contract test of the kernels walks
them all, and `make_reference.py` lets Keras compute them. A layer without a case fails the test.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.reference.case import Case

FAMILIES: dict[str, tuple[Case, ...]] = {
    module.name: tuple(import_module(f"{__name__}.{module.name}").CASES) for module in iter_modules(__path__)
}
CASES = tuple(case for cases in FAMILIES.values() for case in cases)
