"""The words of the command line: verbs, projects, help, and what is said of words that nobody knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.command import VERBS
from graph.version import VERSION
from tests.cli import CommandLine

ROOT = Path(__file__).resolve().parent.parent


def test_no_word_opens_the_window(netloom: CommandLine) -> None:
    assert netloom().code == 0
    assert netloom.windows == [None]


def test_a_project_or_a_template_opens_in_the_window(netloom: CommandLine) -> None:
    Path("my.netloom").touch()
    assert netloom("my.netloom").code == 0
    assert netloom("digits").code == 0
    assert netloom.windows == ["my.netloom", "digits"]


def test_two_projects_are_one_too_many(netloom: CommandLine) -> None:
    said = netloom("digits", "spirals")
    assert said.code == 2
    assert "spirals is one word too many" in said.error


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["chekc"], "There is no command named 'chekc'.\n  Did you mean check?"),
        (["digit"], "There is no project digit.\n  Did you mean digits?"),
        (["check", "digit"], "There is no project digit.\n  Did you mean digits?"),
        (["check", "mine.netlom"], "There is no project mine.netlom.\n  Did you mean mine.netloom?"),
        (["check"], "The following arguments are required: PROJECT."),
        (["check", "digits", "--jsno"], "--jsno is not known here; did you mean --json?"),
        (["--frobnicate"], "--frobnicate is not known here."),
        (["new", "digitz", "x.netloom"], "There is no template named 'digitz'.\n  Did you mean digits?"),
        (["new", "digits", "x.json"], "x.json does not end in .netloom.\n  Write x.netloom."),
        (["new", "tabular", "x.netloom", "--data", "flower.csv"], "Did you mean flowers.csv?"),
        (["train", "digits", "--epochs", "none"], "expected a whole number of at least 1, received 'none'"),
        (["train", "digits", "--seed", "-1"], "expected a whole number of at least 0, received '-1'"),
        (["train", "digits", "--batch-size", "99999999"], "--batch-size: expected a whole number from 1 to 10,000,000"),
        (["train", "flowers.csv", "--data", "flowers.csv"], "The data is given twice."),
        (["evaluate", "digits", "--weights", "none.npz"], "There is no file none.npz."),
        (["export", "digits", "digits.exe"], "The ending of digits.exe stands for no format."),
        (["export", "digits", "x", "--format", "grafml"], "There is no format named 'grafml'. Did you mean graphml?"),
        (["import", "graph.xml", "x.netloom"], "There is no file graph.xml."),
        (["check", "."], ". is a folder."),
        (["train", "flowrs.csv"], "There is no project flowrs.csv.\n  Did you mean flowers.csv?"),
    ],
)
def test_wrong_usage_says_what_was_probably_meant(words: list[str], text: str, netloom: CommandLine) -> None:
    Path("mine.netloom").touch()
    Path("flowers.csv").write_text("a,b\n1,x\n2,y\n3,x\n4,y\n")
    said = netloom(*words)
    assert text in said.error
    assert said.code == 2
    assert said.out == "" or "column" in said.out


def test_wrong_usage_is_an_event_too(netloom: CommandLine) -> None:
    said = netloom("train", "digits", "--epochs", "0", "--json")
    assert said.code == 2
    (event,) = said.events
    assert "expected a whole number of at least 1" in event["text"]
    assert event["hint"] == "See netloom train --help."


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, netloom: CommandLine) -> None:
    with pytest.raises(SystemExit) as left:
        netloom(verb, "--help")
    assert left.value.code == 0


def test_help_and_version(netloom: CommandLine) -> None:
    assert all(verb in netloom("--help").out for verb in VERBS)
    assert netloom("help").out == netloom("-h").out
    assert netloom("--version").out == f"netloom {VERSION}\n"


def test_demo_goes_through_its_door(netloom: CommandLine) -> None:
    assert netloom("demo", "--out", "there").out == "demo into there\n"


def test_doctor_tells_versions_and_kernels(netloom: CommandLine) -> None:
    (facts,) = netloom("doctor", "--json").events
    assert facts["python"] == ".".join(map(str, sys.version_info[:3]))
    assert facts["window"] == "no display"
    assert facts["blas"]
    assert "kernels are used" in facts["numba"] or "NumPy computes all" in facts["numba"]


def test_templates_are_listed(netloom: CommandLine) -> None:
    names = [event["name"] for event in netloom("templates", "--json").events]
    assert names == ["digits", "spirals", "regression", "sentiment", "tabular"]
    assert "spirals" in netloom("templates").out


def test_formats_are_listed(netloom: CommandLine) -> None:
    events = netloom("formats", "--json").events
    assert {"json", "graphml", "safetensors", "npz", "keras-code"} <= {event["name"] for event in events}
    assert {"onnx", "safetensors", "npz"} <= {event["name"] for event in events if event["needs_weights"]}


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), *words]


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("train", "regression", "--json", "--epochs", "200", "--out", str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_window_without_a_display_is_refused_in_a_sentence(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have a display")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command("digits"), capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert "There is no display to open a window on." in done.stderr
