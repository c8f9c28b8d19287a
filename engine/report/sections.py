"""The parts of a report, each as pieces of the page; one that has nothing to tell is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from engine.figures import figure
from engine.machine import machine, machine_text, versions
from engine.report.charts import TRAINING, VALIDATION, Curve, curve_chart, scatter_chart
from engine.report.gather import Report
from engine.report.html import Html, pairs, table, tag
from engine.report.matrix import matrix
from engine.runs import Run, recipe_leaves
from graph.message import plural
from graph.metrics import figure_title
from graph.shapes import shape_text
from graph.summary import summarize

Picture = Callable[[Html], Html]
PREFIX = "val_"


def glance(report: Report) -> list[Html]:
    """The figures that people look for first."""
    run = report.run
    shown = [(figure_title(name), figure(value), "test") for name, value in run.test.items()] if run is not None else []
    if run is not None and not shown and run.best is not None and run.monitor in run.best.logs:
        shown = [(figure_title(run.monitor.removeprefix(PREFIX)), figure(run.best.logs[run.monitor]), "best")]
    inference = report.check.inference
    cells = [tag("td", tag("b", value), tag("br"), f"{name} ({part})") for name, value, part in shown[:4]]
    cells.append(tag("td", tag("b", f"{inference.parameters:,}"), tag("br"), "parameters"))
    return [tag("table", tag("tbody", tag("tr", *cells)), class_="tiles")]


def layers(report: Report) -> list[Html]:
    """The table of the layers, and the problems there are."""
    inference = report.check.inference
    summary = summarize(inference)
    rows = [
        (
            row.name,
            f"{row.type} {inference.network.layers[row.name].card(row.inputs or None).removeprefix(row.type)}".strip(),
            ", ".join(map(shape_text, row.outputs or ())) or "?",
            f"{row.parameters:,}",
            f"{row.macs:,}",
        )
        for row in summary.rows
    ]
    said = (
        f"{plural(len(rows), 'layer')}, {plural(summary.parameters, 'parameter')} ({summary.trainable:,} trainable), "
        f"{plural(summary.macs, 'multiply-add')} a sample."
    )
    head = ("Layer", "What it is", "Output", "Parameters", "Multiply-adds")
    problems = [
        tag("p", f"{one.severity}: {one.node + ': ' if one.node else ''}{one.text}", class_="note")
        for one in report.check.problems
    ]
    return [tag("div", table(head, rows, numbers=(3, 4)), class_="wide"), tag("p", said), *problems]


def data(report: Report) -> list[Html]:
    """Where the samples come from, how they are split and prepared, and how many of each class there are."""
    recipe, session = report.project.data, report.session
    source = recipe.source
    if source is None:
        return [tag("h2", "Data"), tag("p", "No data is chosen.")]
    path = getattr(source, "path", "")
    rows = [("Source", f"{source.title}: {path}" if path else f"{source.title}. {source.doc()}")]
    rows += [("Credit", source.credit)] if source.credit else []
    made = [f"{name} {value}" for name, value in source.changed().items() if name != "path"]
    rows += [("Made with", ", ".join(made))] if made else []
    if session is None:
        shares = (f"{recipe.validation:.0%} validation", f"{recipe.test:.0%} test", f"seed {recipe.seed}")
        return [tag("h2", "Data"), pairs([*rows, ("Split", ", ".join(shares))])]
    prepared, facts = session.prepared, session.samples.facts
    sizes = [f"{len(part):,} {name}" for name, part in prepared.parts.items()]
    rows += [
        ("Samples", f"{facts.samples:,}"),
        ("Split", f"{', '.join(sizes)}; drawn with seed {recipe.seed}"),
        *(("Input", f"{name}, {shape_text(shape)}") for name, shape in facts.inputs.items()),
    ]
    for one in prepared.preparation.inputs:
        names = [label for feature in one.features for label in feature.labels()]
        rows += [("Columns", ", ".join(names))] if names else []
        if one.mean:
            rows.append(("Standardized", f"{one.name}: by mean and deviation of the training samples"))
        if one.scale:
            rows.append(("Scaled", f"{one.name}: divided by {one.scale:g}"))
    parts = [tag("h2", "Data"), pairs(rows)]
    for name, counts in prepared.class_counts.items():
        lines = [
            (label, *(f"{counts[part][i]:,}" for part in prepared.parts))
            for i, label in enumerate(facts.targets[name].classes)
        ]
        head = (f"Class of {name}", *(part.capitalize() for part in prepared.parts))
        parts.append(tag("div", table(head, lines, numbers=range(1, len(head))), class_="wide"))
    return parts


def recipe(report: Report) -> list[Html]:
    """How it was, or will be, trained."""
    training = report.project.training
    rate = getattr(training.optimizer, "learning_rate", None)
    said = {"optimizer.type": training.optimizer.key}
    said |= {} if rate is None else {"optimizer.learning_rate": f"{rate:g}"}
    said |= {name.replace(".parameters.", "."): value for name, value in recipe_leaves(training).items()}
    said |= {"shuffle": "yes" if training.shuffle else "no"}
    if training.batch_size is None:
        said["batch_size"] = "all"
    return [tag("h2", "Recipe"), pairs((name.removesuffix(".type"), value or "–") for name, value in said.items())]


def learned(report: Report, picture: Picture) -> list[Html]:
    """A chart for every figure, and a table of the last and the best epoch."""
    run = report.run
    if run is None or not run.epochs:
        return []
    names = dict.fromkeys(chain.from_iterable(epoch.logs for epoch in run.epochs))
    figures = [name for name in names if not name.startswith(PREFIX) or name.removeprefix(PREFIX) not in names]
    best = None if run.best is None else run.best.epoch
    charts = [picture(curve_chart(figure_title(name), _curves(run, name), best)) for name in figures]
    return [tag("h2", "Learning"), tag("div", *charts, class_="charts"), _figures(run, figures)]


def _curves(run: Run, name: str) -> list[Curve]:
    both = (("training", name, TRAINING), ("validation", PREFIX + name, VALIDATION))
    return [
        Curve(said, [(epoch.epoch, epoch.logs[key]) for epoch in run.epochs if key in epoch.logs], color)
        for said, key, color in both
    ]


def _figures(run: Run, names: Sequence[str]) -> Html:
    """Every figure after the last and the best epoch."""
    last, best = run.epochs[-1], run.best
    columns = {f"Epoch {last.epoch}": last.logs}
    if best is not None and best is not last:
        columns[f"Epoch {best.epoch}, best by {run.monitor}"] = best.logs
    keys = [(name, key) for name in names for key in (name, PREFIX + name) if key in last.logs]
    rows = [
        (
            figure_title(name),
            "validation" if key.startswith(PREFIX) else "training",
            *(figure(logs[key]) if key in logs else "–" for logs in columns.values()),
        )
        for name, key in keys
    ]
    return tag("div", table(("Figure", "Samples", *columns), rows, numbers=(2, 3)), class_="wide")


def tested(report: Report, picture: Picture) -> list[Html]:
    """What every result says of the test samples: a matrix of classes, or values beside values."""
    logs = report.run.test if report.run is not None else {}
    parts = [pairs((figure_title(name), figure(value)) for name, value in logs.items())] if logs else []
    for name, outcome in (report.outcomes or {}).items():
        right = f"{len(outcome.true):,} test samples"
        if outcome.classes:
            correct = int((outcome.true == outcome.chosen).sum())
            right = f"{correct:,} of {right} are right ({100 * correct / len(outcome.true):.1f} %)."
        parts += [tag("h3", name)] if len(report.outcomes or {}) > 1 else []
        parts.append(tag("p", right))
        if outcome.classes:
            parts.append(tag("div", matrix(outcome), class_="wide"))
        else:
            parts.append(picture(scatter_chart(name, outcome.true.tolist(), outcome.chosen.tolist())))
    return [tag("h2", "Test"), *parts] if parts else []


def reproduce(report: Report) -> list[Html]:
    """What it takes to have the same again: seeds, versions, the machine, and how long it took."""
    run, rows = report.run, [("Seed", str(report.project.training.seed))]
    used: Mapping[str, object] = versions()
    if run is None:
        rows.append(("Machine", machine_text(machine())))
    else:
        told = run.about.get("versions")
        used = told if isinstance(told, dict) else {}
        there = run.about.get("machine")
        rows += [("Machine", machine_text(there))] if isinstance(there, dict) else []
        rows += [("Duration", f"{run.seconds:.1f} s"), ("Run", f"{run.folder.parent.name}/{run.id}")]
        for key, said in (("data_hash", "Data (SHA-256)"), ("project_hash", "Project (SHA-256)")):
            rows += [(said, str(run.about[key]))] if key in run.about else []
    rows.insert(1, ("Versions", ", ".join(f"{name} {version}" for name, version in used.items())))
    return [tag("h2", "Reproduce"), pairs(rows)]
