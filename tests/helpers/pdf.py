"""What a PDF holds, read from its bytes: the sizes of its pages, its pictures, and its pieces of text."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pdf:
    """Sizes in points, and how many pictures and pieces of text there are."""

    sizes: list[tuple[float, float]]
    images: int
    texts: int


def pdf(path: Path) -> Pdf:
    """Read a PDF as Qt writes it, with its content packed."""
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    streams = re.findall(rb"/Filter /FlateDecode\s*>>\s*stream\r?\n(.*?)endstream", content, re.DOTALL)
    texts = sum(len(re.findall(rb"^BT", zlib.decompress(stream), re.MULTILINE)) for stream in streams)
    return Pdf([(float(wide), float(high)) for wide, high in boxes], content.count(b"/Subtype /Image"), texts)
