"""How long `check` takes from the first word to the last: half a second is wanted on a machine at rest.

python bench/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

MAIN = Path(__file__).parents[1] / "main.py"
EXAMPLE = MAIN.parent / "resources" / "examples" / "digits.netloom"
LIMIT = 0.5
ROUNDS = 9


def seconds() -> float:
    """One check of the digits example, in a program of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, str(MAIN), "check", str(EXAMPLE)], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> int:
    """Print the median; 1 where it misses the limit."""
    took = statistics.median(seconds() for _ in range(ROUNDS))
    print(f"main.py check: {took:.2f} s   limit {LIMIT} s")
    return int(took > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
