"""Packages that few need: asked for where they are used, with a sentence where one is missing."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from types import ModuleType

from graph.message import Message
from graph.problem import FileProblem


def extra(module: str, name: str, purpose: Message) -> ModuleType:
    """The package `module`, which the extra `name` of Netloom installs.

    Raises FileProblem where it is not there; `purpose` says what needs it: `An ONNX file`.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise FileProblem(
            Message("{purpose} needs the package {module}, which is not installed.", purpose=purpose, module=module),
            Message("Install it with: pip install 'netloom[{name}]'", name=name),
        ) from error


def installed(module: str) -> bool:
    """Whether the package is there; it is not imported."""
    return find_spec(module) is not None
