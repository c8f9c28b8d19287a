"""The report: its figures are those of the run, nothing breaks out of its markup, and what is missing is said."""

from __future__ import annotations

import csv
import json
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.figures import figure
from engine.outcomes import Outcome
from engine.report import Report, page, report_of_newest, report_of_project, report_of_run
from engine.report.charts import Curve as DrawnCurve
from engine.report.charts import curve_chart, ticks
from engine.report.html import tag
from engine.report.matrix import matrix, shades
from engine.report.writers import write
from engine.runs import Run, list_runs, open_run
from engine.session import Session
from graph import edits
from graph.datasets import CsvFile, Spirals
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import MeanSquaredError
from graph.network import Network, Wire
from graph.optimizers import SGD
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import DataRecipe, TrainingRecipe
from tests.cli import CommandLine
from tests.engine.training.projects import spirals

NOW = datetime(2026, 11, 20, 21, 54, tzinfo=UTC)
VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a page holds: its texts, its tables as rows of texts, its tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.rows and self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data

    def row(self, *begin: str) -> list[str]:
        """The cells behind those that a row begins with."""
        return next(row[len(begin) :] for row in self.rows if row[: len(begin)] == list(begin))


def pictures(text: str) -> list[ET.Element]:
    """The pictures in a page, read as XML."""
    return [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of three epochs."""
    folder = tmp_path_factory.mktemp("made") / "twins.runs"
    list(Session.prepare(spirals()).run(folder))
    return list_runs(folder).found[0]


@pytest.fixture(scope="module")
def told(kept: Run) -> Report:
    return report_of_run(kept, "twins", None)


def copied(run: Run, folder: Path, **about: object) -> Run:
    """The run in another folder, with other words in its run.json."""
    shutil.copytree(run.folder, folder)
    stored = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(stored | about))
    return open_run(folder)


def test_the_page_needs_nothing_else(told: Report) -> None:
    text = page(told)
    found = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & {name for name, _ in found.tags}
    assert not [key for _, attributes in found.tags for key in attributes if key in ("src", "href") or key[:2] == "on"]
    assert re.findall(r"https?://[^\"' ]*", text) == ["http://www.w3.org/2000/svg"] * len(pictures(text))
    assert "url(" not in text
    assert "prefers-color-scheme: dark" in text
    assert len(pictures(text)) == 3


def test_figures_are_those_in_the_runs_own_file(kept: Run, told: Report) -> None:
    found = Page(page(told))
    with (kept.folder / "metrics.csv").open() as stream:
        *_, last = csv.DictReader(stream)
    head = next(row for row in found.rows if row[:2] == ["Figure", "Samples"])
    assert head[2] == "Epoch 3"
    assert found.row("Loss", "training")[0] == figure(float(last["loss"]))
    assert found.row("Accuracy", "validation")[0] == figure(float(last["val_accuracy"]))
    about = json.loads((kept.folder / "run.json").read_text())
    assert [["Accuracy", figure(about["test"]["accuracy"])], ["Loss", figure(about["test"]["loss"])]] == sorted(
        row for row in found.rows if len(row) == 2 and row[0] in ("Loss", "Accuracy")
    )
    assert found.row("Seed") == ["0"]
    assert found.row("Data (SHA-256)") == [about["data_hash"]]
    assert f"numpy {np.__version__}" in found.row("Versions")[0]
    assert found.row("Machine") == [
        f"{about['machine']['system']}, {about['machine']['processor']}, {about['machine']['cores']} cores"
    ]


def test_curves_lie_where_their_values_are(kept: Run, told: Report) -> None:
    """Heights are one straight line over the values of metrics.csv, and epochs are evenly spaced."""
    chart = next(one for one in pictures(page(told)) if one.attrib["aria-label"] == "Loss")
    with (kept.folder / "metrics.csv").open() as stream:
        stored = list(csv.DictReader(stream))
    heights, known = [], []
    for name, key in (("training", "loss"), ("validation", "val_loss")):
        lines = [line.attrib["points"] for line in chart.iter() if line.attrib.get("class") == name]
        points = [tuple(map(float, pair.split(","))) for pair in max(lines, key=len).split()]
        assert len(points) == len(stored)
        steps = [b[0] - a[0] for a, b in pairwise(points)]
        assert steps == pytest.approx([steps[0]] * len(steps), abs=0.02)
        heights += [y for _, y in points]
        known += [float(row[key]) for row in stored]
    slope, start = np.polyfit(known, heights, 1)
    assert slope < 0
    np.testing.assert_allclose(np.array(known) * slope + start, heights, atol=0.02)


def test_the_table_of_layers_counts_what_they_hold(told: Report) -> None:
    found = Page(page(told))
    assert found.row("hidden") == ["Dense 8 · relu", "8", f"{2 * 8 + 8}", f"{2 * 8}"]
    assert found.row("output") == ["Dense 2 · softmax", "2", f"{8 * 2 + 2}", f"{8 * 2}"]


def test_the_matrix_counts_the_test_samples(kept: Run, told: Report) -> None:
    """Against a plain loop over what the network says of them."""
    session = Session.prepare(kept.project)
    session.load_weights(kept.weights())
    part = session.prepared.test
    counts = [[0, 0], [0, 0]]
    for y, t in zip(session.predict(part.inputs)["output"], part.targets["y"], strict=True):
        counts[int(t)][int(y[1] > y[0])] += 1
    found = Page(page(told))
    for name, row in zip(("first", "second"), counts, strict=True):
        cells = next(one for one in found.rows if one[0] == name and len(one) == 3)
        assert [int(cell.replace("·", "0")) for cell in cells[1:]] == row
    right = counts[0][0] + counts[1][1]
    assert f"{right} of {len(part)} test samples are right" in " ".join(found.texts)


def test_data_is_told_with_its_split_and_classes(told: Report) -> None:
    found = Page(page(told))
    assert found.row("Samples") == ["120"]
    classes = [found.row(name) for name in ("first", "second")]
    assert [sum(map(int, row)) for row in classes] == [60, 60]
    assert "drawn with seed 0" in found.row("Split")[0]
    assert "samples 120" in found.row("Made with")[0]


def test_numbers_are_shown_predicted_beside_true(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("a,b\n" + "".join(f"{i % 7 / 4},{3 * i / 7}\n" for i in range(60)))
    network = Network.of({"in": Input(), "out": Dense(1)}, [Wire("in", "out")])
    recipe = TrainingRecipe(SGD(0.01), MeanSquaredError(), epochs=2)
    project = Project(network, {}, DataRecipe(CsvFile(path="line.csv")), recipe)
    session = Session.prepare(project, tmp_path)
    list(session.run(tmp_path / "line.runs"))
    text = page(report_of_newest(project, "line", tmp_path, tmp_path / "line.runs", NOW))
    dots = [one for one in pictures(text)[-1].iter() if one.tag.endswith("circle")]
    assert len(dots) == len(session.prepared.test)
    assert str(tmp_path) not in text
    assert "CSV file: line.csv" in text


def test_without_its_data_a_run_is_told_without_the_test(kept: Run, tmp_path: Path) -> None:
    lost = json.loads((kept.folder / "run.json").read_text())["project"]
    lost["data"]["source"] = {"type": "csv", "parameters": {"path": "gone.csv"}}
    report = report_of_run(copied(kept, tmp_path / "run", project=lost), "x", tmp_path)
    assert report.outcomes is None
    assert "Nothing is said of the data and the test samples." in report.left_out[0]
    text = page(report)
    assert report.left_out[0].split(".")[0] in text
    assert 'aria-label="Loss"' in text
    assert "samples are right" not in text


def test_where_memory_does_not_suffice_the_run_is_told_without_the_test(
    kept: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.session.free_memory", lambda: 1_000)
    for report in (report_of_run(kept, "x", None), report_of_project(spirals(), "x", None, NOW)):
        assert report.session is None
        assert "memory" in report.left_out[-1]


def test_other_data_than_that_of_the_run_is_not_told(kept: Run, tmp_path: Path) -> None:
    report = report_of_run(copied(kept, tmp_path / "run", data_hash="0" * 64), "x", tmp_path)
    assert report.session is None
    assert "The data has changed since the run" in report.left_out[0]


def test_weights_that_are_gone_leave_the_data(kept: Run, tmp_path: Path) -> None:
    run = copied(kept, tmp_path / "run")
    run.weights_path.unlink()
    (run.folder / "best.safetensors").unlink()
    report = report_of_run(run, "x", tmp_path)
    assert report.session is not None
    assert "Nothing is said of the test samples" in report.left_out[0]
    assert Page(page(report)).row("Samples") == ["120"]


def test_a_run_without_an_epoch_and_words_of_no_kind(kept: Run, tmp_path: Path) -> None:
    run = copied(kept, tmp_path / "run", versions=[1], machine=7, best_epoch="x", started=5, status="odd", monitor=[])
    (run.folder / "metrics.csv").write_text("epoch,seconds,loss\n")
    report = report_of_run(run, "x", tmp_path)
    assert "no finished epoch" in report.left_out[0]
    found = Page(page(report))
    assert found.row("Versions") == [""]
    assert "Learning" not in found.texts


def test_figures_that_are_no_numbers_are_told(kept: Run, tmp_path: Path) -> None:
    run = copied(kept, tmp_path / "run")
    (run.folder / "metrics.csv").write_text("epoch,seconds,loss,accuracy\n1,0.1,nan,0.5\n2,0.1,inf,1e300\n")
    text = page(report_of_run(run, "x", tmp_path))
    assert Page(text).row("Loss", "training")[0] == figure(float("inf"))
    assert "nothing that can be drawn" in text
    assert len(pictures(text)) == 3


def test_a_project_that_was_never_trained_is_a_model_card(tmp_path: Path) -> None:
    report = report_of_newest(spirals(), "twins", None, tmp_path / "none", NOW)
    found = Page(page(report))
    said = " ".join(found.texts)
    assert "Model card of 2026-11-20 21:54 UTC" in said
    assert "The network has not been trained" in said
    assert found.row("Samples") == ["120"]
    assert len(pictures(page(report))) == 1
    assert "Learning" not in found.texts


def test_an_empty_project_and_one_with_errors_have_a_page() -> None:
    empty = Page(page(report_of_project(Project(), "new", None, NOW)))
    assert "It has no layers." in empty.texts
    assert "No data is chosen." in empty.texts
    alone = Project(Network.of({"dense": Dense()}), data=DataRecipe(Spirals()))
    assert "Dense has no input" in page(report_of_project(alone, "new", None, NOW))


def test_the_newest_run_is_told_and_that_the_network_has_changed(kept: Run) -> None:
    list(Session.prepare(spirals()).run(kept.folder.parent))
    project = edits.set_parameters(spirals(), "hidden", {"units": 9})
    report = report_of_newest(project, "twins", None, kept.folder.parent, NOW)
    assert report.run is not None
    assert report.run.id > kept.id
    assert "The network has changed since this run" in report.left_out[-1]
    assert Page(page(report)).row("hidden")[0] == "Dense 8 · relu"


HOSTILE = "</td></title></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\0\x1b"


def test_no_name_breaks_out_of_the_page(kept: Run, tmp_path: Path) -> None:
    """Names of the project, a layer, a class, the run, and the notes."""
    stored = json.loads(json.dumps(json.loads((kept.folder / "run.json").read_text())).replace("hidden", "%NAME%"))
    text = json.dumps(stored).replace("%NAME%", json.dumps(HOSTILE)[1:-1])
    (tmp_path / "<b>.runs").mkdir()
    changed = json.loads(text) | {"started": HOSTILE, "status": HOSTILE, "versions": {HOSTILE: HOSTILE}}
    changed["project"]["notes"] = HOSTILE
    run = copied(kept, tmp_path / "<b>.runs" / "run", **changed)
    report = report_of_run(run, HOSTILE, tmp_path)
    report = replace(report, left_out=(*report.left_out, HOSTILE))
    made = page(report)
    found = Page(made)
    assert not {"script", "img"} & {name for name, _ in found.tags}
    assert not [key for _, attributes in found.tags for key in attributes if key.startswith("on")]
    assert "\0" not in made
    assert "<script" not in made
    pictures(made)


def test_of_many_classes_the_mistakes_are_told_that_are_made_most() -> None:
    names = tuple(f"class {i}" for i in range(40))
    true = np.repeat(np.arange(40), 5)
    chosen = true.copy()
    chosen[:3], chosen[10] = 7, 0
    found = Page(matrix(Outcome("out", names, true, chosen)))
    assert found.rows == [
        ["True", "Taken for", "Samples"],
        ["class 0", "class 7", "3"],
        ["class 2", "class 0", "1"],
    ]


def test_a_cell_is_the_darker_the_more_of_its_class_it_holds() -> None:
    made = matrix(Outcome("out", ("a", "b"), np.repeat([0, 1], 10), np.array([0] * 9 + [1] + [1] * 10)))
    cells = [attributes.get("class") for name, attributes in Page(made).tags if name == "td"]
    assert cells == ["right-9", "wrong-2", None, "right-10"]
    assert all(f".{name} {{" in shades() and f".{name} {{" in shades(opaque=True) for name in cells if name)


@given(st.text(), st.text())
def test_text_and_attributes_come_back_as_they_were(text: str, value: str) -> None:
    found = Page(tag("p", "a" + text, title=value))
    shown = "".join(found.texts)
    if text.isprintable() and value.isprintable():
        assert shown == "a" + text
        assert found.tags == [("p", {"title": value} if value else {})]


@given(
    st.floats(-1e9, 1e9, allow_nan=False).flatmap(
        lambda low: st.tuples(st.just(low), st.floats(1e-6, 1e9).map(lambda wide: low + abs(low) * 1e-6 + wide))
    )
)
def test_ticks_are_few_even_and_inside(ends: tuple[float, float]) -> None:
    low, high = ends
    found = ticks(low, high)
    assert 1 <= len(found) <= 7
    step = (high - low) / 1e6
    assert all(low - step <= value <= high + step for value in found)
    gaps = {round((b - a) / (high - low), 6) for a, b in pairwise(found)}
    assert len(gaps) <= 1 or max(gaps) - min(gaps) < 1e-5


@given(st.lists(st.floats(), max_size=20), st.integers(0, 30))
def test_every_history_is_a_chart(history: list[float], best: int) -> None:
    chart = curve_chart("Loss", [DrawnCurve("training", list(enumerate(history, 1)), "#000000")], best)
    root = ET.fromstring(chart)
    numbers = [float(n) for one in root.iter() for n in re.findall(r"[^ ,]+", one.attrib.get("points", ""))]
    assert all(-1 <= n <= 400 for n in numbers)


def test_a_report_replaces_a_file_whole_or_not_at_all(told: Report, tmp_path: Path) -> None:
    write(told, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page(told)
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]
    with pytest.raises(FileProblem, match=r"stands for no kind of report.*Use one of \.html"):
        write(told, tmp_path / "page.txt")
    with pytest.raises(FileProblem, match="cannot be written"):
        write(told, tmp_path / "no" / "page.html")


def test_the_command_line_writes_reports(netloom: CommandLine) -> None:
    said = netloom("report", "spirals", "-o", "card.html")
    assert said.code == 0, said.error
    assert "has not been trained" in said.out
    assert netloom("train", "spirals", "--epochs", "2").code == 0
    assert netloom("report", "spirals").out == "report.html is written.\n"
    (run,) = Path("spirals.runs").iterdir()
    (event,) = netloom("report", run, "--out", "again.html", "--json").events
    assert event == {"event": "written", "path": "again.html", "run": str(run)}
    assert Path("again.html").read_bytes() == Path("report.html").read_bytes()
    assert str(Path.cwd()) not in Path("report.html").read_text()
    wrong = netloom("report", "spirals", "-o", "report.docx")
    assert wrong.code == 2
    assert "Use one of .html" in wrong.error
    assert netloom("report", "spirals.runs").code == 1


def test_the_guides_commands_run_as_written(netloom: CommandLine) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/guide/export.md").read_text(encoding="utf-8")
    report, diagram = (guide.split(f"## {title}\n")[1] for title in ("Reports", "Diagrams for papers"))
    for section in (report, diagram):
        words = section.split("\n    netloom ")[1].split("\n")[0].split()
        said = netloom(*words)
        assert said.code == 0, said.error
        assert Path(words[-1]).is_file()
