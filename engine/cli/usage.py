"""Wrong usage, and a parser that says what was probably meant."""

from __future__ import annotations

import argparse
from typing import NoReturn

from graph.names import did_you_mean


class UsageError(Exception):
    """The command line asks for what cannot be; the text says what is wrong, the hint what to write instead."""

    def __init__(self, text: str, hint: str) -> None:
        self.text, self.hint = text, hint
        super().__init__(f"{text} {hint}")


class Parser(argparse.ArgumentParser):
    """Arguments of one verb; a mistake is a UsageError, with the nearest option there is."""

    def __init__(self, verb: str, description: str) -> None:
        super().__init__(prog=f"netloom {verb}", description=description, allow_abbrev=False)
        self._verb = verb

    def error(self, message: str) -> NoReturn:
        raise UsageError(self._sentence(message), f"See netloom {self._verb} --help.")

    def _sentence(self, message: str) -> str:
        unknown = message.removeprefix("unrecognized arguments: ")
        if unknown == message:
            return f"{message[:1].upper()}{message[1:]}."
        word = unknown.split()[0]
        near = did_you_mean(word, self._option_string_actions) if word.startswith("-") else None
        return f"{word} is not known here" + (f"; did you mean {near}?" if near else ".")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option that all verbs with results share."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, and nothing else")


def positive(text: str) -> int:
    """A whole number of at least 1."""
    return at_least(text, 1)


def natural(text: str) -> int:
    """A whole number of at least 0."""
    return at_least(text, 0)


def at_least(text: str, low: int) -> int:
    """A whole number of at least `low`. Raises the error that the parser shows."""
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if number < low:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least {low}, received {text!r}")
    return number
