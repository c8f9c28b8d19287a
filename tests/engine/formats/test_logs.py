"""The logs of a run: checksums as RFC 3720 gives them, and files read back by a decoder of the wire format."""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.formats.event_file import crc32c, event_file, histogram, scalar, summary
from engine.formats.logs import event_files, keras_csv
from engine.formats.protobuf import varint
from engine.runs import Run, open_run
from engine.session import Session
from engine.templates import make
from graph import edits


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    project = edits.set_training(make("spirals")[0], epochs=3)
    session = Session.prepare(project)
    for _ in session.run(tmp_path_factory.mktemp("runs")):
        pass
    assert session.folder is not None
    return open_run(session.folder)


def fields(message: bytes) -> dict[int, list[Any]]:
    """The fields of a message by number: whole numbers, and the bytes of everything else."""
    found: dict[int, list[Any]] = {}
    place = 0

    def number() -> int:
        nonlocal place
        value, shift = 0, 0
        while True:
            byte = message[place]
            place, value, shift = place + 1, value | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return value

    while place < len(message):
        key = number()
        kind = key & 7
        if kind == 0:
            found.setdefault(key >> 3, []).append(number())
            continue
        size = {1: 8, 5: 4}.get(kind) or number()
        found.setdefault(key >> 3, []).append(message[place : place + size])
        place += size
    return found


def records(content: bytes) -> Iterator[bytes]:
    """What the frames hold, their checksums unmasked and compared."""

    def held(part: bytes, said: bytes) -> None:
        rotated = (struct.unpack("<I", said)[0] - 0xA282EAD8) % 2**32
        assert (rotated >> 17 | rotated << 15) % 2**32 == crc32c(part)

    while content:
        head, length = content[:8], struct.unpack("<Q", content[:8])[0]
        held(head, content[8:12])
        body = content[12 : 12 + length]
        held(body, content[12 + length : 16 + length])
        content = content[16 + length :]
        yield body


def scalars(content: bytes) -> dict[tuple[int, str], float]:
    """The figures of a file by step and tag."""
    found = {}
    for event in map(fields, records(content)):
        for said in event.get(5, ()):
            for value in fields(said)[1]:
                shown = fields(value)
                if 2 in shown:
                    found[event.get(2, [0])[0], shown[1][0].decode()] = struct.unpack("<f", shown[2][0])[0]
    return found


@pytest.mark.parametrize(
    ("content", "crc"),
    [
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"123456789", 0xE3069283),
    ],
)
def test_the_checksum_is_that_of_rfc_3720(content: bytes, crc: int) -> None:
    assert crc32c(content) == crc


@pytest.mark.parametrize(
    ("value", "encoded"), [(0, "00"), (1, "01"), (127, "7f"), (150, "9601"), (-1, "ffffffffffffffffff01")]
)
def test_whole_numbers_are_written_as_protobuf_says(value: int, encoded: str) -> None:
    assert varint(value).hex() == encoded


def test_a_file_says_its_version_first() -> None:
    first, second = map(fields, records(event_file(5.0, [summary(6.0, 3, [scalar("loss", 0.5)])])))
    assert first[3] == [b"brain.Event:2"]
    assert (second[2], struct.unpack("<d", second[1][0])) == ([3], (6.0,))


@pytest.mark.parametrize("array", [np.linspace(-1, 2, 100, dtype=np.float32), np.zeros((2, 3), np.float32)])
def test_a_histogram_counts_every_number(array: np.ndarray) -> None:
    shown = fields(fields(histogram("kernel", array))[5][0])
    low, high, count, total, squares = (struct.unpack("<d", shown[field][0])[0] for field in range(1, 6))
    assert (low, high, count) == (array.min(), array.max(), array.size)
    assert total == pytest.approx(array.sum(dtype=np.float64))
    assert squares == pytest.approx((array.astype(np.float64) ** 2).sum())
    limits, counts = (np.frombuffer(shown[field][0]) for field in (6, 7))
    assert counts.sum() == array.size
    assert limits[-1] >= high
    assert (np.diff(limits) > 0).all()


def test_every_epoch_is_shown_by_the_names_of_keras(run: Run) -> None:
    files = event_files(run)
    train, validation = (scalars(files[path]) for path in sorted(files))
    for epoch in run.epochs:
        assert train[epoch.epoch - 1, "epoch_loss"] == pytest.approx(epoch.logs["loss"])
        assert validation[epoch.epoch - 1, "epoch_accuracy"] == pytest.approx(epoch.logs["val_accuracy"])
    assert len(train) == len(validation) == 2 * len(run.epochs)
    assert [path.split("/")[0] for path in sorted(files)] == ["train", "validation"]


def test_the_csv_is_that_of_keras(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(keras_csv(run))
    with path.open() as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]
    assert [row[0] for row in rows[1:]] == ["0", "1", "2"]
    assert [float(row[2]) for row in rows[1:]] == [epoch.logs["loss"] for epoch in run.epochs]
