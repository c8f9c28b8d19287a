"""How well what was typed matches a name: letters in order, better together and at the beginnings of words."""

from __future__ import annotations


def score(typed: str, text: str) -> float | None:
    """A figure that is higher for a better match, or None where the letters are not all there in order.

    An exact match is best, then a beginning, then letters that begin words ("mp" for MaxPooling2D), then any.
    """
    wanted = "".join(typed.lower().split())
    if not wanted:
        return 0.0
    lowered = text.lower()
    squeezed = "".join(lowered.split())
    if wanted == squeezed:
        return 1000.0
    initials = "".join(letter for i, letter in enumerate(text) if _begins(text, i)).lower()
    if len(wanted) > 1 and initials.startswith(wanted):
        return 400.0 - len(squeezed) / 100
    at = squeezed.find(wanted)
    if at >= 0:
        return (500.0 if at == 0 else 300.0) - at - len(squeezed) / 100
    return _scattered(wanted, text)


def _scattered(wanted: str, text: str) -> float | None:
    total, at, last = 0.0, 0, -2
    for letter in wanted:
        places = [i for i in range(at, len(text)) if text[i].lower() == letter]
        if not places:
            return None
        place = next((i for i in places if i == last + 1 or _begins(text, i)), places[0])
        total += 10.0 if place == last + 1 else 8.0 if _begins(text, place) else 1.0
        at, last = place + 1, place
    return total - len(text) / 100


def _begins(text: str, i: int) -> bool:
    before, here = text[i - 1 : i], text[i]
    return i == 0 or not before.isalnum() or (here.isupper() and before.islower()) or here.isdigit() > before.isdigit()
