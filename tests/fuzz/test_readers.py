"""Five hundred damaged files for every reader; `make fuzz` tries forty times as many."""

from __future__ import annotations

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the limits of a worker are those of Linux", allow_module_level=True)

from tests.fuzz.driver import findings
from tests.fuzz.readers import READERS


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused(name: str) -> None:
    assert list(findings(name, 500)) == []
