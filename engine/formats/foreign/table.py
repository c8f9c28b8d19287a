"""A matching as a table in JSON, for people to correct in an editor, and back.

    {"format": "netloom weights", "weights": {"dense/kernel": {"from": ["fc.weight"], "as": "transposed"}, …}}

A weight that nothing is for stands there with an empty list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.formats.foreign.arrangements import arrangements
from engine.formats.foreign.matching import Match, Matching, Why
from engine.formats.weights import sizes_text
from graph.json_text import LARGEST_TEXT, parse
from graph.message import Message
from graph.names import did_you_mean
from graph.problem import FileProblem

FORMAT = "netloom weights"
HINT = Message("Let the program write the table anew, and change `from` and `as` alone.")


def to_text(matching: Matching) -> str:
    """The table, one weight a line, with the shapes and the arrays that are left to read by."""
    rows = []
    for slot in matching.slots:
        match = matching.matches.get(slot.name)
        said: dict[str, Any] = {"from": [], "as": "as it is"}
        if match is not None:
            said = {"from": list(match.sources), "as": match.arrangement, "by": match.why.value}
        rows.append(f"    {json.dumps(slot.name)}: {json.dumps({**said, 'shape': sizes_text(slot.shape)})}")
    unused = {name: sizes_text(matching.arrays[name].shape) for name in matching.unused}
    return (
        f'{{\n  "format": "{FORMAT}",\n  "weights": {{\n' + ",\n".join(rows) + f'\n  }},\n  "unused": '
        f'{json.dumps(unused)},\n  "ways": {json.dumps(list(arrangements))}\n}}\n'
    )


def corrected(matching: Matching, path: Path) -> Matching:
    """The matching that the table in a file says. Raises FileProblem where it says none, or one that does not fit."""
    try:
        if path.stat().st_size > LARGEST_TEXT:
            raise _wrong(path, Message("it is too large"))
        said = parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error
    rows = said.get("weights") if isinstance(said, dict) and said.get("format") == FORMAT else None
    if not isinstance(rows, dict):
        raise _wrong(path, Message('it does not begin with "format": {format!r}', format=FORMAT))
    for weight, row in rows.items():
        if weight not in matching.places:
            near = did_you_mean(weight, matching.places)
            question = Message("; did you mean {near}?", near=near) if near else ""
            raise _wrong(path, Message("the network has no {weight}{question}", weight=weight, question=question))
        matching = matching.with_match(weight, _match(matching, weight, row, path))
    return matching


def _match(matching: Matching, weight: str, row: Any, path: Path) -> Match | None:
    sources = row.get("from") if isinstance(row, dict) else None
    if not isinstance(sources, list) or not all(isinstance(one, str) for one in sources):
        raise _wrong(path, Message("{weight} has no list in `from`", weight=weight))
    if not sources:
        return None
    way = row.get("as", "as it is")
    if not isinstance(way, str) or way not in arrangements:
        raise _wrong(path, Message("{weight}: there is no way {way!r}", weight=weight, way=str(way)[:80]))
    absent = [one for one in sources if one not in matching.arrays]
    if absent:
        raise _wrong(path, Message("{weight}: the file has no array {name!r}", weight=weight, name=absent[0][:80]))
    match = Match(tuple(sources), way, Why.CHOSEN)
    if matching.matches.get(weight) in [Match(match.sources, way, why) for why in Why]:
        return matching.matches[weight]
    if not matching.fits(weight, match):
        shapes = ", ".join(sizes_text(matching.arrays[one].shape) for one in sources)
        text = Message(
            "{weight} of {shape} cannot be made of {shapes}, {way}",
            weight=weight,
            shape=sizes_text(matching.places[weight].shape),
            shapes=shapes,
            way=way,
        )
        raise _wrong(path, text)
    return match


def _wrong(path: Path, reason: str) -> FileProblem:
    return FileProblem(Message("{path} is no table of weights: {reason}.", path=path.name, reason=reason), HINT)
