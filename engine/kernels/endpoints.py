"""Input and Output compute nothing."""

from __future__ import annotations

from engine.kernel import ViewKernel, kernel
from graph.layers.endpoints import Input, Output


@kernel(Input)
class InputKernel(ViewKernel[Input]):
    """y = x"""


@kernel(Output)
class OutputKernel(ViewKernel[Output]):
    """y = x"""
