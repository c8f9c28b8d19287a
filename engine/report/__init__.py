"""A run, or a project that has none, told on one page: for a colleague, a paper's appendix, or a model card.

`gather` finds everything that is told, `page` says it in HTML without scripts, with pictures of `charts` and
`graph.figure`, and `writers` has the kinds of files.
"""

from engine.report.gather import Report, report_of_newest, report_of_project, report_of_run
from engine.report.page import body, page

__all__ = ["Report", "body", "page", "report_of_newest", "report_of_project", "report_of_run"]
