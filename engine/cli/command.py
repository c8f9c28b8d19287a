"""From the words of a command line to a verb, its exit code, and what is said when something is wrong.

Exit codes: 0 done, 1 the user's work has errors, 2 wrong usage, 130 stopped from the keyboard before anything was done.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.cli.console import Console
from engine.cli.usage import Parser, UsageError
from graph.names import did_you_mean
from graph.version import VERSION

VERBS = {
    "check": "show shapes, parameters and problems of a project",
    "train": "train a project, or a network fitted to a CSV file",
    "evaluate": "measure trained weights on data",
    "predict": "give the network's output for every sample of a file",
    "export": "write the network or its weights for other programs",
    "import": "make a project from a graph of another program",
    "weights": "lay weights of another program onto a network, matched by name and shape",
    "log": "write the figures of a run for Keras's or TensorBoard's users",
    "report": "tell a run, or a project, on one page of HTML or PDF",
    "new": "make a project from a template",
    "templates": "list the templates",
    "formats": "list the formats of export",
    "demo": "open the digits example; without a display, do its job into a folder",
    "doctor": "say which versions and which BLAS kernel are in use",
}
"""Every verb, with what it does. Its code is the module `engine.cli.verb_NAME`."""

CHECK_PATH = "Check the path, the disk, and that you may use it."


@dataclass(frozen=True)
class Doors:
    """What the command line cannot do by itself, because it needs Qt.

    `window(project)` opens the window, `demo(folder)` does the digits example into a folder where there is no display,
    `pictures()` makes known what Qt writes: pictures and PDF, `trouble()` says why no window can be opened, or "".
    """

    window: Callable[[str | None], int]
    demo: Callable[[Path, Console], int]
    pictures: Callable[[], None]
    trouble: Callable[[], str]


def run(words: Sequence[str], doors: Doors) -> int:
    """Do what the words say and return the exit code."""
    console = Console("--json" in words)
    try:
        return _answer(words, doors, console)
    except OSError as error:  # nothing can be said on an output that is full
        with contextlib.suppress(OSError):
            console.complain(f"error: {_refusal(error)}\n  {CHECK_PATH}")
        return 1


def _answer(words: Sequence[str], doors: Doors, console: Console) -> int:
    try:
        return _run(list(words), doors, console)
    except UsageError as error:
        console.misuse(error.text, error.hint)
        return 2
    except KeyboardInterrupt:
        console.complain("Stopped.")
        return 130
    except BrokenPipeError:
        # Who reads our output has gone away; without this, Python complains once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not _tell(error, console):
            raise
        return 1


def _tell(error: Exception, console: Console) -> bool:
    """Say what an exception for people says (FileProblem, DataProblem, CannotCompile); False for any other.

    They are known by what they carry, because importing their modules brings in NumPy, which most words do not need.
    What the system refuses is for people too.
    """
    if isinstance(error, MemoryError):
        console.trouble(
            f"There is not enough memory. {error}".rstrip(), "Make layers or the batch smaller, or use fewer samples."
        )
        return True
    if isinstance(error, OSError):
        console.trouble(_refusal(error), CHECK_PATH)
        return True
    problems = getattr(error, "problems", None)
    if problems:
        for problem in problems:
            console.problem(problem)
        return True
    text, hint = getattr(error, "text", None), getattr(error, "hint", None)
    if text is None or hint is None:
        return False
    console.trouble(text, hint)
    return True


def _refusal(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."


def _run(words: list[str], doors: Doors, console: Console) -> int:
    first = words[0] if words else None
    if first in ("-h", "--help") or words == ["help"]:
        console.say(help_text())
        return 0
    if first == "--version":
        console.say(f"netloom {VERSION}")
        return 0
    if first == "help":
        words = [words[1], "--help"]
        first = words[0]
    if first in VERBS:
        return _verb(first, words[1:], doors, console)
    if first is None or _is_project(first):
        if len(words) > 1:
            raise UsageError(f"{words[1]} is one word too many.", "The window opens one project: netloom PROJECT.")
        return doors.window(first)
    raise _unknown(first)


def _verb(name: str, words: Sequence[str], doors: Doors, console: Console) -> int:
    module = importlib.import_module(f"engine.cli.verb_{name}")
    parser = Parser(name, f"{VERBS[name][:1].upper()}{VERBS[name][1:]}.")
    module.arguments(parser)
    code: int = module.run(parser.parse_args(words), console, doors)
    return code


def _is_project(word: str) -> bool:
    if word.startswith("-"):
        return False
    if Path(word).exists():
        return True
    from engine.cli.projects import template_names

    return word in template_names()


def _unknown(word: str) -> UsageError:
    if word.startswith("-"):
        return UsageError(f"{word} is not known here.", "See netloom --help.")
    from engine.cli.projects import no_project

    near = did_you_mean(word, VERBS)
    if near is not None:
        return UsageError(f"There is no command named {word!r}.", f"Did you mean {near}? See netloom --help.")
    return no_project(word)


def help_text() -> str:
    """What `--help` prints."""
    width = max(map(len, VERBS))
    lines = [
        "Netloom: wire layers into a neural network, train it, and take it away.",
        "",
        "  netloom [PROJECT]    open the window; PROJECT is a .netloom file or the name of a template",
        "  netloom VERB ...     do one thing without a window",
        "",
        *(f"  {name.ljust(width)}  {text}" for name, text in VERBS.items()),
        "",
        "netloom VERB --help says more. Exit codes: 0 done, 1 the work has errors, 2 wrong usage.",
    ]
    return "\n".join(lines)
