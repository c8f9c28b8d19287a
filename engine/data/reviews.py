"""Short made-up reviews whose sentiment hangs on how words work together, not on single words.

A review is one, two or three clauses: "the plot was not very good". Every describing word has a strength from -2 to 2;
"very" doubles it, "slightly" halves it, "not" turns it round. A review praises where the sum is above zero. Counting
good and bad words gets many reviews wrong, because a negation stands in a third of all clauses.
"""

from __future__ import annotations

import numpy as np

from engine.data.samples import Array, Samples, digest_of
from engine.data.sources import Request, loader
from graph.datasets import DataFacts, Reviews, TargetFacts

SUBJECTS = ("plot", "acting", "music", "ending", "story", "cast", "food", "service", "room", "price", "staff", "view")
STRENGTHS = {
    "brilliant": 2, "wonderful": 2, "excellent": 2, "superb": 2,
    "good": 1, "nice": 1, "pleasant": 1, "charming": 1, "solid": 1, "fresh": 1,
    "bad": -1, "dull": -1, "poor": -1, "weak": -1, "bland": -1, "slow": -1,
    "terrible": -2, "awful": -2, "dreadful": -2, "horrible": -2,
}  # fmt: skip
STRONG, MILD = ("very", "really"), ("slightly", "somewhat")
DEGREES = dict.fromkeys(STRONG, 2.0) | dict.fromkeys(MILD, 0.5)
NEGATIONS = ("not", "never")
PAD, UNKNOWN = "", "?"
WORDS: tuple[str, ...] = (PAD, UNKNOWN, "the", "was", "and", *NEGATIONS, *DEGREES, *SUBJECTS, *STRENGTHS)
"""What each number stands for: 0 for nothing, 1 for a word that is not known."""

CLASSES = ("complaint", "praise")
NUMBERS = {word: number for number, word in enumerate(WORDS)}


def encode(text: str, length: int) -> list[int]:
    """A typed review as word numbers, cut or filled up to `length`."""
    words = [word.strip(".,;:!?\"'()").lower() for word in text.split()]
    numbers = [NUMBERS.get(word, NUMBERS[UNKNOWN]) for word in words if word]
    return (numbers + [0] * length)[:length]


def decode(numbers: Array) -> str:
    """A row of word numbers as text."""
    return " ".join(WORDS[number] for number in numbers if number)


def _pick(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def _clause(rng: np.random.Generator, room: int) -> tuple[list[str], float]:
    """Some words within `room`, and what they add to the sentiment."""
    word = _pick(rng, tuple(STRENGTHS))
    score = float(STRENGTHS[word])
    words = [word]
    negated = rng.random() < 1 / 3
    if rng.random() < 0.4:
        degree = _pick(rng, STRONG if negated else (*STRONG, *MILD))
        score *= DEGREES[degree]
        words = [degree, *words]
    if negated:
        score = -score
        words = [_pick(rng, NEGATIONS), *words]
    if len(words) + 3 <= room:
        words = ["the", _pick(rng, SUBJECTS), "was", *words]
    return words[-room:] if len(words) > room else words, score


def compose(rng: np.random.Generator, length: int) -> tuple[list[str], float]:
    """One review of at most `length` words, and its sentiment, which is never near zero."""
    while True:
        words, score = _clause(rng, length)
        while len(words) + 4 <= length and rng.random() < 0.6:
            more, added = _clause(rng, length - len(words) - 1)
            words, score = [*words, "and", *more], score + added
        if abs(score) >= 1:
            return words, score


@loader(Reviews)
def reviews(declared: Reviews, request: Request) -> Samples:
    """Rows of word numbers, and whether they praise."""
    rng = np.random.default_rng(declared.seed)
    x = np.zeros((declared.samples, declared.length), np.int32)
    y = np.zeros(declared.samples, np.int32)
    for row in range(declared.samples):
        words, score = compose(rng, declared.length)
        x[row, : len(words)] = [NUMBERS[word] for word in words]
        y[row] = score > 0
    facts = DataFacts(
        len(x), {"x": (None, declared.length)}, {"y": TargetFacts("classes", (None,), CLASSES)}, len(WORDS)
    )
    return Samples({"x": x}, {"y": y}, facts, digest_of({"x": x, "y": y}), words=WORDS)
