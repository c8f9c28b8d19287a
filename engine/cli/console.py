"""What a verb says and where: text for people, or one JSON object a line, and a progress bar on a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from io import StringIO, TextIOWrapper
from math import isfinite
from typing import Any, TextIO

from graph.message import Message
from graph.problem import Problem, Severity

BAR = 24


class Console:
    """With `as_json`, standard output holds JSON lines and nothing else; texts go to standard error."""

    def __init__(self, as_json: bool = False, out: TextIO | None = None, error: TextIO | None = None) -> None:
        self.as_json = as_json
        # A program that is started without outputs, as from a menu, has None in their place.
        self._out: TextIO = out or sys.stdout or StringIO()
        self._error: TextIO = error or sys.stderr or StringIO()
        self._drawn = 0
        for stream in (self._out, self._error):
            if isinstance(stream, TextIOWrapper):  # a name that the terminal cannot show must not end the program
                stream.reconfigure(errors="backslashreplace")

    def event(self, name: str, /, **fields: Any) -> None:
        """One JSON line, in ASCII; nothing for people. What is no finite number becomes null."""
        if self.as_json:
            self._print(json.dumps({"event": name, **plain(fields)}), self._out)

    def say(self, text: str = "") -> None:
        """A result, for people."""
        if not self.as_json:
            self._print(text, self._out)

    def note(self, text: str) -> None:
        """Something worth knowing that is no result."""
        self._print(text, self._error if self.as_json else self._out)

    def complain(self, text: str) -> None:
        """Something that is wrong."""
        self._print(text, self._error)

    def problem(self, problem: Problem) -> None:
        """A problem of the user's work, with what mends it."""
        self.event(
            "problem",
            severity=str(problem.severity),
            node=problem.node,
            text=problem.text,
            hint=problem.hint,
            fixes=[fix.text for fix in problem.fixes],
        )
        if not self.as_json:
            self.complain(f"{problem.severity}: {problem.node + ': ' if problem.node else ''}{problem.text}")
            self.complain(f"  {problem.hint}")
            for fix in problem.fixes:
                self.complain(f"  One click in the window: {fix.text}.")

    def trouble(self, text: Message | str, hint: Message | str) -> None:
        """What kept the work from being done."""
        self.problem(Problem(None, Message("{text}", text=text), Message("{hint}", hint=hint), Severity.ERROR))

    def misuse(self, text: Message | str, hint: Message | str) -> None:
        """Words that ask for what cannot be."""
        self.event("problem", severity="error", node=None, text=str(text), hint=str(hint), fixes=())
        self.complain(f"netloom: {text}\n  {hint}")

    def progress(self, part: float, text: str) -> None:
        """Draw the bar anew, where standard error is a terminal."""
        if self._error.isatty():
            full = round(BAR * min(max(part, 0.0), 1.0))
            line = f"{'█' * full}{'░' * (BAR - full)} {part:4.0%}  {text}"
            self._error.write("\r" + line.ljust(self._drawn))
            self._error.flush()
            self._drawn = len(line)

    def clear(self) -> None:
        """Wipe the bar."""
        if self._drawn:
            self._error.write("\r" + " " * self._drawn + "\r")
            self._error.flush()
            self._drawn = 0

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """A table for people; the columns in `right` are set flush right."""
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        for row in [head, ["─" * width for width in widths], *rows]:
            cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
            self.say("  ".join(cells).rstrip())

    def _print(self, text: str, stream: TextIO) -> None:
        self.clear()
        stream.write(text + "\n")
        stream.flush()


def plain(value: Any) -> Any:
    """`value` in what JSON has."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return plain(value.item()) if hasattr(value, "item") else str(value)
