"""Source code that exports carry along: files of `resources/code`, of which each export takes the parts it needs."""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Part:
    """One function or class: its source, and every name in it."""

    source: str
    names: frozenset[str]


@cache
def parts(folder: str) -> dict[str, Part]:
    """All functions and classes in the files of `resources/code/<folder>`, by name, in the order of the files."""
    found: dict[str, Part] = {}
    for file in sorted(files("resources").joinpath("code", folder).iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".py"):
            continue
        text = file.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = Part(ast.get_source_segment(text, node) or "", names_in(node))
    return found


def names_in(node: ast.AST) -> frozenset[str]:
    """Every name that is read or written in a piece of code."""
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def needed(folder: str, names: Collection[str]) -> list[str]:
    """The sources of the parts that are among `names`, and of those they use in turn, in the order of the files."""
    known = parts(folder)
    wanted = {name for name in names if name in known}
    more = set(wanted)
    while more:
        more = {name for one in more for name in known[one].names if name in known} - wanted
        wanted |= more
    return [part.source for name, part in known.items() if name in wanted]
