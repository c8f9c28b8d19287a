"""A way to a data file leads to the same file from every folder."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from graph.datasets import CsvFile
from graph.project import Project
from graph.recipe import DataRecipe
from graph.relocate import moved, relocated

NAMES = st.lists(st.sampled_from(["a", "b", "..", "data.csv"]), min_size=1, max_size=5).map("/".join)
FOLDERS = st.lists(st.sampled_from(["x", "y", "z"]), max_size=4).map(lambda parts: Path("/", *parts))


@given(NAMES, FOLDERS, FOLDERS)
def test_the_file_stays_the_same(path: str, before: Path, after: Path) -> None:
    assert os.path.normpath(after / moved(path, before, after)) == os.path.normpath(before / path)


def test_what_does_not_start_at_the_project_file_stays() -> None:
    for path in ("", "/data/x.csv", "~/x.csv"):
        assert moved(path, Path("/a"), Path("/b")) == path
    project = Project(data=DataRecipe(source=CsvFile(path="/data/x.csv")))
    assert relocated(project, Path("/a"), Path("/b")) is project
    assert relocated(Project(), Path("/a"), Path("/b")) == Project()
