"""The page: one file of HTML that needs nothing else, for the screen in light and dark, and for A4."""

from __future__ import annotations

from collections.abc import Callable

from engine.report.gather import Report
from engine.report.html import Html, joined, tag
from engine.report.matrix import shades
from engine.report.sections import data, glance, layers, learned, recipe, reproduce, tested
from graph.figure import figure, to_svg
from graph.message import plural

Picture = Callable[[Html], Html]
"""How a picture, given as SVG, stands in the page."""

WIDTH = 760.0

STYLE = """
:root { color-scheme: light dark; --text: #1a2130; --muted: #566072; --line: #d5dae3; --paper: #ffffff;
  --raised: #f4f6f9; --training: #0072b2; --validation: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaf0; --muted: #9fa8b8; --line: #333945; --paper: #16181e;
  --raised: #1f232b; --training: #56b4e9; --validation: #f2a65a; } }
@media print { :root { color-scheme: light; --text: #000000; --muted: #444444; --line: #bbbbbb; --paper: #ffffff;
  --raised: #f4f4f4; --training: #0072b2; --validation: #d55e00; } }
@page { size: A4; margin: 16mm; }
body { margin: 0 auto; max-width: 50rem; padding: 2rem 1.25rem; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .4rem 0; }
.muted { color: var(--muted); }
.note { background: var(--raised); border-left: 3px solid var(--validation); padding: .4rem .8rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
th[align=left], td[align=left] { text-align: left; }
th[align=right], td[align=right] { text-align: right; }
.wide td { overflow-wrap: normal; }
.pairs th { color: var(--muted); font-weight: 400; min-width: 9rem; white-space: normal; }
.tiles { width: 100%; }
.tiles td { border: 0; padding: .5rem 1rem .5rem 0; color: var(--muted); }
.tiles b { font-size: 1.5rem; color: var(--text); }
.matrix td { text-align: center; border: 1px solid var(--paper); padding: .2rem .4rem; min-width: 1.4rem; }
.matrix th { border: 0; font-weight: 400; padding: .2rem .4rem; }
svg { color: inherit; max-width: 100%; height: auto; }
svg .training { stroke: var(--training); }
svg .validation { stroke: var(--validation); }
svg circle.training { fill: var(--training); stroke: none; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; }
@media print { .wide { overflow: visible; } .wide td { overflow-wrap: anywhere; } }
tr, svg { break-inside: avoid; }
h2, h3 { break-after: avoid; }
"""


def page(report: Report) -> str:
    """The whole file."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="Netloom"),
        tag("title", report.name),
        tag("style", Html(STYLE + shades())),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', body(report)), lang='en')}\n"


def body(report: Report, picture: Picture = lambda svg: svg) -> Html:
    """What stands in the page, for a program that has its own way of showing pictures."""
    inference = report.check.inference
    drawn = Html(to_svg(figure(inference, WIDTH), f"The layers of {report.name}"))
    parts = [
        tag("h1", report.name),
        tag("p", _subtitle(report), class_="muted"),
        *(tag("p", line) for line in report.project.notes.split("\n") if line.strip()),
        *(tag("p", text, class_="note") for text in report.left_out),
        *glance(report),
        tag("h2", "Network"),
        tag("div", picture(drawn), class_="wide") if inference.network.layers else tag("p", "It has no layers."),
        *layers(report),
        *data(report),
        *recipe(report),
        *learned(report, picture),
        *tested(report, picture),
        *reproduce(report),
    ]
    return joined(parts)


ENDED = {
    "completed": "finished",
    "early stopping": "stopped early",
    "stopped": "stopped",
    "diverged": "diverged",
    "failed": "failed",
    "unfinished": "unfinished",
}
"""How a run ended, in words."""


def _subtitle(report: Report) -> str:
    run = report.run
    if run is None:
        return f"Model card of {report.when}"
    ended = ENDED.get(run.status, run.status)
    return f"Run of {report.when}, {ended} after {plural(len(run.epochs), 'epoch')} in {run.seconds:.1f} s"
