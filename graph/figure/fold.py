"""A part that follows itself several times is drawn once, with the number of times beside it.

A waist is a block that everything before it flows through. Between two waists lies a segment: a single layer of a
chain, or all ways round a residual block. Segments are alike when their layers, shapes and inner wires are; a run of
them, or of groups of them, is folded where that leaves out enough blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.figure.blocks import Blocks, Repeat
from graph.network import Network, Wire

LONGEST = 12
"""The most segments of a group that is looked for."""
FEWEST = 3
"""So many blocks must be left out to make folding worth it, and one more where each of them is alike."""


def folded(found: Blocks) -> Blocks:
    """The same figure with runs of alike parts drawn once."""
    network = found.network
    if network.wiring.cycles:
        return found
    parts = segments(network)
    said = [_said(part, found) for part in parts]
    hidden: set[str] = set()
    instead: dict[str, str] = {}
    repeats = []
    at = 0
    while at < len(parts):
        length, count = _longest_run(parts, said, at)
        if count > 1:
            kept = [name for part in parts[at : at + length] for name in part]
            left = [name for part in parts[at + length : at + length * count] for name in part]
            hidden.update(left)
            instead[left[-1]] = kept[-1]
            repeats.append(Repeat(tuple(kept), count))
        at += length * count
    wires = [Wire(instead.get(w.source, w.source), w.target) for w in network.wires if w.target not in hidden]
    blocks = {name: block for name, block in found.blocks.items() if name not in hidden}
    return Blocks(blocks, Network.of({name: one.layer for name, one in blocks.items()}, wires), tuple(repeats))


def segments(network: Network) -> list[list[str]]:
    """The blocks in their order, cut behind every waist."""
    place = {name: i for i, name in enumerate(network.order)}
    parts: list[list[str]] = [[]]
    farthest = 0
    for i, name in enumerate(network.order):
        parts[-1].append(name)
        if farthest <= i:
            parts.append([])
        farthest = max([farthest, *(place[wire.target] for wire in network.wiring.out_of.get(name, ()))])
    return [part for part in parts if part]


def _said(part: Sequence[str], found: Blocks) -> Any:
    """What makes two segments alike; None of one that samples enter or leave by a way of its own."""
    wiring = found.network.wiring
    within = {name: i for i, name in enumerate(part)}
    if not all(name in wiring.into for name in part) or not all(name in wiring.out_of for name in part[:-1]):
        return None
    return [(found.blocks[name], sorted(within.get(wire.source, -1) for wire in wiring.into[name])) for name in part]


def _longest_run(parts: Sequence[Sequence[str]], said: Sequence[Any], at: int) -> tuple[int, int]:
    """How many segments from `at` on make a group, and how often it follows itself: the run that leaves out most."""
    best, most = (1, 1), FEWEST - 1
    for length in range(1, min(LONGEST, (len(parts) - at) // 2) + 1):
        group = said[at : at + length]
        if None in group:
            break
        count = 1
        while said[at + length * count : at + length * (count + 1)] == group:
            count += 1
        size = sum(len(part) for part in parts[at : at + length])
        left_out = (count - 1) * size
        if left_out > most + (size == 1):
            best, most = (length, count), left_out
    return best
