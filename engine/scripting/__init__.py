"""The face for those who write code: a model with Keras's methods over the plans and the trainer of all others."""

from __future__ import annotations

from engine.scripting.history import History
from engine.scripting.layer import ModelLayer
from engine.scripting.model import Model
from engine.scripting.namespace import Namespace
from engine.scripting.wrong import WrongUse

__all__ = ["History", "Model", "ModelLayer", "Namespace", "WrongUse"]
