"""Projects to start from: each a network, data and recipes that fit together and learn something worth seeing."""

from engine.templates import ready, tabular
from engine.templates.base import Template, make, templates

__all__ = ["Template", "make", "ready", "tabular", "templates"]
