"""Refuse files that name this machine: paths of somebody's home or of a checkout, and the host's name."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).relative_to(Path(__file__).parent.parent)
PRIVATE = [r"/root/", r"/home/\w", r"/Users/\w", r"[A-Z]:\\Users\\", r"file:///", re.escape(str(ROOT)) + r"\b"]


def main() -> int:
    """Print every line of a tracked text file that names a place of this machine; 1 where there is one."""
    host = socket.gethostname()
    patterns = [*PRIVATE, *([rf"\b{re.escape(host)}\b"] if len(host) > 5 and host != "localhost" else [])]
    wanted = re.compile("|".join(patterns))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = 0
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if Path(name) == HERE or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if wanted.search(line):
                found += 1
                print(f"{name}:{number}: names a place of one machine: {line.strip()[:120]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
