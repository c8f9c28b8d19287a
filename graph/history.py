"""Undo over values: a list of documents with the names of the edits between them.

Nothing has to be undone step by step: going back is showing an older value. Edits that carry the same `merge` key one
after the other (one drag of a slider, one word typed) are one step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Step(Generic[V]):
    """A value, and the text of the edit that led to it."""

    value: V
    text: str = ""


@dataclass(frozen=True)
class History(Generic[V]):
    """Values in order, the place of the present one, and the one that is saved.

    `gesture` is the merge key of the last edit; going back or forward ends it.
    """

    steps: tuple[Step[V], ...]
    at: int = 0
    saved: V | None = None
    limit: int = 1000
    gesture: object = None

    @classmethod
    def of(cls, value: V, limit: int = 1000) -> History[V]:
        """A history that begins with a saved value."""
        return cls((Step(value),), 0, value, limit)

    @property
    def value(self) -> V:
        """The present value."""
        return self.steps[self.at].value

    @property
    def dirty(self) -> bool:
        """Whether the present value is another than the saved one."""
        return self.value is not self.saved

    def push(self, value: V, text: str, merge: object = None) -> History[V]:
        """Go on to `value`; what was undone is forgotten. An edit that changed nothing leaves no step."""
        if value is self.value:
            return self
        here = self.steps[self.at]
        joined = merge is not None and self.gesture == merge and self.at > 0 and here.value is not self.saved
        kept = self.steps[: self.at] if joined else self.steps[: self.at + 1]
        steps = (*kept, Step(value, here.text if joined else text))[-self.limit :]
        return replace(self, steps=steps, at=len(steps) - 1, gesture=merge)

    def undo(self) -> History[V]:
        """Go back one step, as far as there is one."""
        return self.go_to(self.at - 1)

    def redo(self) -> History[V]:
        """Go forward one step, as far as there is one."""
        return self.go_to(self.at + 1)

    def mark_saved(self) -> History[V]:
        """Remember the present value as the saved one."""
        return replace(self, saved=self.value)

    def mark_unsaved(self) -> History[V]:
        """Remember that no value is saved: a document that has no file yet."""
        return replace(self, saved=None)

    def map(self, change: Callable[[V], V]) -> History[V]:
        """The same steps with every value changed, for what concerns the past as much as the present."""
        changed = {id(step.value): change(step.value) for step in self.steps}
        steps = tuple(Step(changed[id(step.value)], step.text) for step in self.steps)
        saved = None if self.saved is None else changed.get(id(self.saved), self.saved)
        return replace(self, steps=steps, saved=saved)

    def go_to(self, index: int) -> History[V]:
        """Go to any step, or to the nearest there is."""
        return replace(self, at=min(max(index, 0), len(self.steps) - 1), gesture=None)

    @property
    def undo_text(self) -> str | None:
        """The text of the edit that `undo` takes back, or None."""
        return self.steps[self.at].text if self.at > 0 else None

    @property
    def redo_text(self) -> str | None:
        """The text of the edit that `redo` does again, or None."""
        return self.steps[self.at + 1].text if self.at + 1 < len(self.steps) else None
