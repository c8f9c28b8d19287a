"""Read damaged files of every kind, say what is found, and keep the files: what `make fuzz` runs."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.driver import findings
from tests.fuzz.readers import READERS
from tests.fuzz.worker import damaged_file

KEPT = Path("out/fuzz")


def main() -> int:
    """1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("readers", metavar="READER", nargs="*", help=f"of {', '.join(READERS)}; else all")
    parser.add_argument("--count", type=int, default=20_000, help="files for each reader")
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--seed", type=int, default=0, help="another one gives other files")
    args = parser.parse_args()
    wrong = [name for name in args.readers if name not in READERS]
    if wrong:
        parser.error(f"there is no reader {wrong[0]!r}")
    total = 0
    for name in args.readers or READERS:
        begun, found = time.monotonic(), 0
        for one in findings(name, args.count, args.seed, args.first):
            found += 1
            KEPT.mkdir(parents=True, exist_ok=True)
            reader = READERS[name]
            path = KEPT / f"{name.replace(' ', '-')}-{args.seed}-{one.number}-{reader.file}"
            path.write_bytes(damaged_file(reader, name, reader.wholes(), args.seed, one.number))
            print(f"{path}\n{one.said}\n", flush=True)
        print(f"{name}: {args.count:,} files, {found} found, {time.monotonic() - begun:.0f} s", flush=True)
        total += found
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
