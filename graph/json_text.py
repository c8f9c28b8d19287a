"""JSON as the project file uses it: read with limits, and written so that one change is one changed line.

`parse` takes only standard JSON (no NaN, no Infinity) and says line and column of a mistake. `dump` opens the outer
levels, one entry a line, and keeps what is inside an entry on that line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from graph.message import Message
from graph.problem import FileProblem

LARGEST_TEXT = 64 * 1024 * 1024
DEEPEST = 32

SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Any:
    """The value that `text` holds. Raises FileProblem where it is not JSON, too long or too deep.

    Half a character (a lone surrogate), which no file and no screen can show, becomes a question mark.
    """
    if len(text) > LARGEST_TEXT:
        raise FileProblem(
            Message("The file is larger than {limit} MB.", limit=LARGEST_TEXT >> 20),
            Message("A project holds no data and no weights. Check that this is the right file."),
        )
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if SURROGATE_ESCAPE.search(text):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    except json.JSONDecodeError as error:
        raise _broken(text, error) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise FileProblem(
            Message("The file holds a number that cannot be read: {error}.", error=str(error).split(";")[0]),
            Message("Replace it by an ordinary number, or restore an earlier copy."),
        ) from None
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if abs(number) == float("inf"):
        raise ValueError(f"{digits[:40]} is too large")
    return number


def _broken(text: str, error: json.JSONDecodeError) -> FileProblem:
    if not text.strip():
        return FileProblem(Message("The file is empty."), Message("Restore an earlier copy, or begin a new project."))
    where = {"line": error.lineno, "column": error.colno}
    if re.match(r"<{7}|={7}|>{7}", text.split("\n")[error.lineno - 1]):
        return FileProblem(
            Message("The file holds the marks of an unfinished merge at line {line}.", **where),
            Message("Finish the merge in your version control, then open it again."),
        )
    what = error.msg[:1].lower() + error.msg[1:]
    return FileProblem(
        Message("The file is not valid JSON at line {line}, column {column}: {what}.", **where, what=what),
        Message("Mend that line in a text editor, or restore an earlier copy."),
    )


def _too_deep() -> FileProblem:
    return FileProblem(
        Message("The file is nested more than {limit} levels deep.", limit=DEEPEST),
        Message("Netloom writes no such file. Check that this is the right one."),
    )


def check_depth(value: Any) -> None:
    """Raise FileProblem where `value` is nested more than `DEEPEST` levels deep."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise _too_deep()


def _members(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def dump(value: Any, depth: int = 2, opened: Collection[str] = ()) -> str:
    """`value` as JSON text with the outer `depth` levels opened, and all lists and objects named in `opened`."""
    text = _dump(value, depth, opened, "\n") + "\n"
    return LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _dump(value: Any, depth: int, opened: Collection[str], newline: str) -> str:
    if depth < 1 or not value or not isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner = newline + "  "
    if isinstance(value, dict):
        lines = [
            f"{json.dumps(key, ensure_ascii=False)}: {_dump(v, 1 if key in opened else depth - 1, opened, inner)}"
            for key, v in value.items()
        ]
    else:
        lines = [_dump(v, depth - 1, opened, inner) for v in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return left + inner + ("," + inner).join(lines) + newline + right
