"""What a program that uses a model can get wrong."""

from __future__ import annotations


class WrongUse(ValueError):
    """Arguments or an order of calls that make no sense; the text says what, and how to mend it."""
