"""Python source text: literals and calls, as a formatter would lay them out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 96


def python(value: Any) -> str:
    """`value` as a literal, text in double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return f"({', '.join(map(python, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(python, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{python(key)}: {python(one)}" for key, one in value.items()) + "}"
    return repr(value)


def call(function: str, positional: Sequence[str], keywords: Mapping[str, str]) -> str:
    """A call whose arguments are source text, on one line where it fits, one argument a line otherwise."""
    arguments = [*positional, *(f"{key}={value}" for key, value in keywords.items())]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return "\n".join([f"{function}(", *(f"{indented(argument)}," for argument in arguments), ")"])


def indented(text: str) -> str:
    """Every line of `text` four spaces further in."""
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
