"""Markup that nothing breaks out of: whatever is not made here is text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from graph.formats import xml_text

VOID = ("meta", "br")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str) -> Html:
    """An element. A child that is no markup is escaped; `class_` is the attribute `class`."""
    said = "".join(f' {key.rstrip("_")}="{escape(xml_text(value))}"' for key, value in attributes.items() if value)
    return Html(f"<{name}{said}>" if name in VOID else f"<{name}{said}>{joined(children)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Pieces one after the other, those that are no markup escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(xml_text(part)) for part in parts))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = (), class_: str = "") -> Html:
    """A table; the columns in `numbers` are set flush right."""
    sides = ["right" if place in numbers else "left" for place in range(len(head))]
    top = [tag("th", text, align=side) for text, side in zip(head, sides, strict=True)]
    lines = [tag("tr", *(tag("td", text, align=side) for text, side in zip(row, sides, strict=True))) for row in rows]
    return tag("table", tag("thead", tag("tr", *top)), tag("tbody", *lines), class_=class_)


def pairs(rows: Iterable[tuple[str, str]]) -> Html:
    """A table of names and what they are."""
    lines = [tag("tr", tag("th", name, align="left"), tag("td", said)) for name, said in rows]
    return tag("table", tag("tbody", *lines), class_="pairs")
