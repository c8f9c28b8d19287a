"""Sentences for people, kept with their template so that a window can say them in another language."""

from __future__ import annotations

from typing import Any, Self


class Message(str):
    """An English sentence that remembers the template and the arguments it was made from.

    It *is* the English text, so every caller that knows nothing of languages can print it. The window looks the
    template up in its translation and formats it again with the same arguments.
    """

    template: str
    arguments: dict[str, Any]

    def __new__(cls, template: str, **arguments: Any) -> Self:
        self = super().__new__(cls, template.format(**arguments) if arguments else template)
        self.template = template
        self.arguments = arguments
        return self


def plural(count: int, one: str, many: str | None = None) -> str:
    """`count` with its noun: `plural(2, "input")` is "2 inputs"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends in a mark of its own."""
    return text if text.endswith((".", "?", "!")) else Message("{text}.", text=text)
