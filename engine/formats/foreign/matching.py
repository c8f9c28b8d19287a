"""Which array of a file is which weight of the network.

Layers are held against the groups of arrays in the file (what stands before `.weight` and `.bias`), by what programs
call the weights of such a layer and by their shapes. Names that are alike come first; then a group that is the only one
for its layer; then the groups that are left, in their order. A person may correct every weight.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from engine.formats.foreign.arrangements import Place, fitting, laid_out
from engine.formats.foreign.conventions import Part, conventions
from engine.formats.weights import check_weights, contiguous
from engine.kernel import Array
from engine.parameters import Parameters, Slot, layout
from graph.inference import Inference
from graph.layers.core import Dense
from graph.layers.reshape import Flatten


class Why(StrEnum):
    """What a match rests on."""

    NAME = "name"
    ONLY = "only"
    ORDER = "order"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Match:
    """The arrays that become a weight, and how they are laid out."""

    sources: tuple[str, ...]
    arrangement: str
    why: Why


@dataclass(frozen=True)
class Matching:
    """A proposal, or what a person has made of it. `matches` holds what has a match, by the name of the weight."""

    slots: tuple[Slot, ...]
    places: Mapping[str, Place]
    arrays: Mapping[str, Array]
    matches: Mapping[str, Match] = field(default_factory=dict)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The weights that nothing in the file is for."""
        return tuple(slot.name for slot in self.slots if slot.name not in self.matches)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The arrays that are no weight."""
        used = {source for match in self.matches.values() for source in match.sources}
        return tuple(sorted((name for name in self.arrays if name not in used), key=natural))

    def choices(self, weight: str) -> list[Match]:
        """Every single array that this weight may be, in every way."""
        place = self.places[weight]
        return [
            Match((name,), way, Why.CHOSEN)
            for name in sorted(self.arrays, key=natural)
            for way in fitting((self.arrays[name],), place)
        ]

    def with_match(self, weight: str, match: Match | None) -> Matching:
        """Another match for a weight, or none."""
        rest = {name: one for name, one in self.matches.items() if name != weight}
        return replace(self, matches=rest if match is None else {**rest, weight: match})

    def fits(self, weight: str, match: Match) -> bool:
        """Whether these arrays are there and become this weight."""
        return self._laid(weight, match) is not None

    def weights(self) -> dict[str, Array]:
        """The weights that have a match, laid out."""
        found = {name: self._laid(name, match) for name, match in self.matches.items()}
        return {name: contiguous(array) for name, array in found.items() if array is not None}

    def _laid(self, weight: str, match: Match) -> Array | None:
        if any(source not in self.arrays for source in match.sources):
            return None
        return laid_out(match.arrangement, [self.arrays[source] for source in match.sources], self.places[weight])


@dataclass(frozen=True)
class Fit:
    """A group of arrays that a whole layer may take its weights from."""

    group: str
    matches: Mapping[str, Match]

    @cached_property
    def sources(self) -> frozenset[str]:
        """All its arrays."""
        return frozenset(source for match in self.matches.values() for source in match.sources)


def propose(inference: Inference, arrays: Mapping[str, Array]) -> Matching:
    """The likeliest matching."""
    slots = tuple(layout(inference))
    flattened = {name: _flattened(inference, name) for name in inference.layers}
    places = {slot.name: Place(slot.shape, flattened[slot.layer]) for slot in slots}
    empty = Matching(slots, places, arrays)
    fits = {name: _fits(inference, name, empty) for name, one in inference.layers.items() if one.weights}
    return replace(empty, matches={key: one for found in _chosen(fits) for key, one in found.matches.items()})


def completed(matching: Matching, inference: Inference, seed: int) -> dict[str, Array]:
    """All weights of the network; what has no match begins as training with this seed begins.

    Raises FileProblem where one of them is not finite.
    """
    parameters = Parameters(inference)
    parameters.initialize(seed)
    weights = dict(parameters.named()) | matching.weights()
    check_weights(weights, matching.slots, "the file")
    return weights


def _chosen(fits: Mapping[str, Sequence[Fit]]) -> Iterator[Fit]:
    """For each layer one of its fits, so that no array is taken twice."""
    left = dict(fits)
    taken: set[str] = set()

    def free(name: str) -> list[Fit]:
        return [fit for fit in left[name] if not fit.sources & taken]

    def take(name: str, fit: Fit, why: Why) -> Fit:
        del left[name]
        taken.update(fit.sources)
        return replace(fit, matches={key: replace(one, why=why) for key, one in fit.matches.items()})

    for alike in (_same, _similar):
        for name in list(left):
            named = [fit for fit in free(name) if alike(name, fit.group)]
            if len({fit.group for fit in named}) == 1:
                yield take(name, named[0], Why.NAME)
    while single := _single({name: free(name) for name in left}):
        for name, fit in single.items():
            yield take(name, fit, Why.ONLY)
    for name in list(left):
        if found := free(name):
            yield take(name, found[0], Why.ORDER)


def _single(fits: Mapping[str, Sequence[Fit]]) -> dict[str, Fit]:
    """The layers with one fit that no other layer could have."""
    wanted = Counter(source for found in fits.values() for source in {one for fit in found for one in fit.sources})
    return {
        name: found[0]
        for name, found in fits.items()
        if len(found) == 1 and all(wanted[source] == 1 for source in found[0].sources)
    }


def _fits(inference: Inference, name: str, matching: Matching) -> list[Fit]:
    """Every group of arrays that has all weights of a layer in the right shapes."""
    weights = list(inference.layers[name].weights)
    found: dict[tuple[str, frozenset[str]], Fit] = {}
    for said in conventions(inference.network.layers[name], weights):
        first = said[weights[0]][0][0]
        for group in _groups(first, matching.arrays):
            ends = {key: _match(f"{name}/{key}", group, part, matching) for key, part in said.items()}
            matches = {f"{name}/{key}": match for key, match in ends.items() if match is not None}
            if len(matches) == len(weights):
                fit = Fit(group.rstrip("./"), matches)
                found.setdefault((fit.group, fit.sources), fit)
    return sorted(found.values(), key=lambda fit: natural(fit.group))


def _groups(end: str, arrays: Iterable[str]) -> list[str]:
    """What stands before `end` in the names of arrays, up to the point or the stroke."""
    return [name[: -len(end)] for name in arrays if name.endswith(end) and name[: -len(end)][-1:] in ("", ".", "/")]


def _match(weight: str, group: str, part: Part, matching: Matching) -> Match | None:
    names, ways = part
    found = (Match(tuple(group + name for name in names), way, Why.ONLY) for way in ways)
    return next((match for match in found if matching.fits(weight, match)), None)


def _flattened(inference: Inference, name: str) -> tuple[int, ...] | None:
    """The sizes that a Flatten before a Dense layer lays out, where its channels stand last."""
    network = inference.network
    if not isinstance(network.layers[name], Dense):
        return None
    while len(wires := network.into(name)) == 1:
        name = wires[0].source
        one = inference.layers[name]
        if isinstance(network.layers[name], Flatten):
            shape = one.inputs[0][1:]
            return tuple(n for n in shape if n is not None) if len(shape) > 1 and None not in shape else None
        if not one.outputs or one.outputs[0] != (one.inputs or [None])[0]:
            return None
    return None


def _same(layer: str, group: str) -> bool:
    return group == layer


def _similar(layer: str, group: str) -> bool:
    """Whether a group is called as the layer is, but for strokes, capitals and what it lies in."""
    return bool(plain(layer)) and plain(layer) in (plain(group), plain(re.split(r"[./]", group)[-1]))


def plain(name: str) -> str:
    """A name by its letters and numbers."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts `layer.10` behind `layer.2`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
