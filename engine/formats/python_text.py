"""Python source text: literals and calls, as a formatter would lay them out."""

from __future__ import annotations

import json
import re
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


def filled(text: str, values: Mapping[str, str]) -> str:
    """A template with its places filled in, `<NAME>`: further lines get the indentation of its line.

    A line that is nothing but a place is left out where nothing comes into it.
    """
    lines = []
    for line in text.split("\n"):
        bare = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if bare.startswith("<") and values.get(bare[1:-1]) == "":
            continue
        made = re.sub(r"<([A-Z_]+)>", lambda found: values.get(found[1], found[0]), bare)
        lines += [indent + one if one else "" for one in made.split("\n")]
    return "\n".join(lines)
