"""Fresh names: none is taken, and many are the same as one after another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.names import all_fresh, fresh

NAMES = st.from_regex(r"(dense|conv2d|a_b)(_[0-9]{1,2})?", fullmatch=True)


@given(st.lists(NAMES, unique=True), st.sets(NAMES))
def test_many_fresh_names_are_those_found_one_by_one(wanted: list[str], taken: set[str]) -> None:
    known, one_by_one = set(taken), {}
    for name in wanted:
        one_by_one[name] = fresh(name, known)
        known.add(one_by_one[name])
    assert all_fresh(wanted, taken) == one_by_one
