"""Ways to damage a file: its bytes, its JSON, the members of an archive, the fields of a protocol buffer."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes]

VALUES: list[Any] = [
    None, True, 0, -1, 3, 1.5, 1e308, 2**63, 10**400, "", "x", "\ud800", "\0", "../../etc", "{x}", "a" * 300,
    [], {}, [[]], [1, 2], [0], [-1], [None], [10**9] * 2, [1] * 40, {"type": "Dense"}, {"type": None}, "Conv2D", "relu",
]  # fmt: skip
HARSH: list[Any] = [
    *VALUES,
    float("nan"),
    float("inf"),
    2**31,
    10**9,
    10**18,
    [[[[[[]]]]]] * 2,
    {"a": {"a": {"a": {}}}},
]
NUMBERS = (0, 1, -1, 2**7, 2**15, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, -(2**63), 10**9)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def spoiled(document: Any, chance: random.Random, values: list[Any] = VALUES) -> Any:
    """The document with something else in a few of its places."""
    document = json.loads(json.dumps(document))
    for _ in range(chance.choice([1, 1, 2, 5])):
        inner = list(places(document))
        if not inner:
            return document
        *way, last = chance.choice(inner)
        inside = document
        for key in way:
            inside = inside[key]
        if chance.random() < 0.2:
            del inside[last]
        else:
            inside[last] = json.loads(json.dumps(chance.choice(values)))
    return document


def scratched(content: bytes, chance: random.Random) -> bytes:
    """The bytes cut short, or with a few of them changed, taken out or put in; more often near the beginning."""
    if chance.random() < 0.3:
        return content[: chance.randrange(len(content))]
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 10])):
        at = chance.randrange(min(len(changed), chance.choice([16, 300, 10**9])))
        changed[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    return bytes(changed)


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bits are others."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 2, 8, 40])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def spliced(content: bytes, chance: random.Random) -> bytes:
    """A piece of the file stands in the place of another, or once more."""
    start = chance.randrange(len(content))
    piece = content[start : start + chance.choice([4, 64, 4096])]
    at = chance.randrange(len(content))
    return content[:at] + piece * chance.choice([1, 1, 30]) + content[at + chance.choice([0, len(piece)]) :]


def resized(content: bytes, chance: random.Random) -> bytes:
    """Somewhere stands a number that may be taken for a length."""
    width = chance.choice([1, 2, 4, 8])
    number = (chance.choice(NUMBERS) % 2 ** (8 * width)).to_bytes(width, chance.choice(["little", "big"]))  # type: ignore[arg-type]
    at = chance.randrange(min(len(content), chance.choice([64, 1024, 10**9])))
    return content[:at] + number + content[at + width :]


def any_of(*mutations: Mutation) -> Mutation:
    """One of these ways, drawn anew for each file."""
    return lambda content, chance: chance.choice(mutations)(content, chance)


damaged: Mutation = any_of(scratched, flipped, spliced, resized)


def deep(content: bytes, chance: random.Random) -> bytes:
    """JSON in which a value is nested as deep as no stack reaches."""
    text, depth = content.decode(), chance.choice([40, 500, 5000, 100_000])
    opened, closed = chance.choice([("[", "]"), ('{"a":', "}")])
    at = text.find(":", chance.randrange(len(text))) + 1
    return (text[:at] + opened * depth + "1" + closed * depth + "," + text[at:]).encode()


def spoiled_json(content: bytes, chance: random.Random) -> bytes:
    """JSON in which other values stand."""
    if chance.random() < 0.05:
        return deep(content, chance)
    return json.dumps(spoiled(json.loads(content), chance, HARSH)).encode()


def in_archive(mutations: dict[str, Mutation]) -> Mutation:
    """A member of a ZIP archive is damaged, by the ending of its name; its checksum is made right again."""

    def changed(content: bytes, chance: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
        place = chance.randrange(len(members))
        name, inner = members[place]
        fitting = [one for ending, one in mutations.items() if name.endswith(ending)]
        kind = chance.random()
        if kind < 0.05:
            name = chance.choice(["../../evil", "/tmp/evil", "C:\\evil.npy", "a\0b.npy", "", "x" * 5000, members[0][0]])
        elif kind < 0.1:
            inner = b"\0" * 3_000_000
        elif kind < 0.15:
            members.append((name, inner))
        elif fitting:
            inner = fitting[0](inner, chance)
        members[place] = (name, inner)
        if kind > 0.97:
            del members[place]
        stream = io.BytesIO()
        method = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        with zipfile.ZipFile(stream, "w", method) as archive:
            for key, one in members:
                archive.writestr(_named(key), one, method)
        return stream.getvalue()

    return changed


def _named(name: str) -> zipfile.ZipInfo:
    """An entry of the archive that is called so, whatever the library thinks of the name."""
    info = zipfile.ZipInfo("member")
    info.filename = name
    return info


def spoiled_onnx(content: bytes, chance: random.Random) -> bytes:
    """An ONNX model in which some fields hold something else, are gone, or stand there twice."""
    import onnx  # type: ignore[import-untyped,unused-ignore]

    model = onnx.load_from_string(content)
    for _ in range(chance.choice([1, 1, 2, 5])):
        message = chance.choice(list(_messages(model)))
        _spoil(message, chance.choice(message.DESCRIPTOR.fields), chance)
    return bytes(model.SerializeToString())


def _messages(message: Any) -> Iterator[Any]:
    """The message, and every message inside of it."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for one in value if hasattr(value, "add") else (value,):
                yield from _messages(one)


def _spoil(message: Any, field: Any, chance: random.Random) -> None:
    value = getattr(message, field.name)
    if chance.random() < 0.15:
        message.ClearField(field.name)
    elif field.message_type is not None:
        if hasattr(value, "add") and len(value):
            chosen = chance.choice(list(value))
            chance.choice([value.remove, lambda one: value.add().CopyFrom(one)])(chosen)
        elif not hasattr(value, "add"):
            value.SetInParent()
    else:
        drawn = _drawn(field, message, chance)
        if hasattr(value, "extend"):
            value[:] = chance.choice([[*value, drawn], [drawn] * len(value), list(value)[::-1], [drawn] * 12])
        else:
            setattr(message, field.name, drawn)


def _drawn(field: Any, message: Any, chance: random.Random) -> Any:
    kind = field.cpp_type
    if kind == field.CPPTYPE_STRING:
        text = chance.choice(["", "x", "../../../etc/passwd", "Conv", "Loop", "If", "LSTM", "a" * 3000, "y"])
        return text if field.type == field.TYPE_STRING else text.encode()
    if kind in (field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE):
        return chance.choice([0.0, -1.0, 1e30, float("nan"), float("inf")])
    if kind == field.CPPTYPE_ENUM:
        return chance.choice(field.enum_type.values).number
    wide = kind in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64)
    numbers = [n for n in (*NUMBERS, 2, 3, 5, 8, 13) if wide or -(2**31) <= n < 2**31]
    unsigned = kind in (field.CPPTYPE_UINT64, field.CPPTYPE_UINT32)
    return chance.choice([n for n in numbers if n >= 0 or not unsigned])
