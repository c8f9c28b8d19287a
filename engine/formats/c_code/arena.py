"""Where tensors lie in one block of memory: two share a place where they are never needed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def places(sizes: Mapping[str, int], made: Sequence[str], read_until: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """The offset of each tensor, and the size of the block.

    `made` are the tensors in the order they are written, one a step; `read_until` is the last step that reads each.
    """
    offsets: dict[str, int] = {}
    for step, name in enumerate(made):
        live = [other for other in made[:step] if read_until[other] >= step]
        taken = sorted((offsets[other], offsets[other] + sizes[other]) for other in live)
        place = 0
        for start, end in taken:
            if start - place >= sizes[name]:
                break
            place = max(place, end)
        offsets[name] = place
    return offsets, max((offsets[name] + sizes[name] for name in made), default=0)
