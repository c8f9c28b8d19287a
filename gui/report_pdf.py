"""The report as PDF: the page of HTML laid out on A4 by Qt, its pictures drawn as lines and text."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtSvg import QSvgRenderer

from engine.report import Report, body
from engine.report.html import tag
from engine.report.matrix import shades
from engine.report.writers import writers
from gui.pictures import application

RESOLUTION = 300
PIXEL = 0.88 * RESOLUTION / 96
"""What a pixel of a picture is on the page; two charts go beside each other."""
MARGIN = 20.0
"""What Qt leaves around the text, in millimetres."""
TEXT_WIDTH = (210 - 2 * MARGIN) / 25.4 * RESOLUTION
KIND = QTextFormat.ObjectTypes.UserObject + 1
PLACE = QTextFormat.Property.UserProperty + 1
OBJECT = "\ufffc"
"""What stands in a text for something that is no text."""
STYLE = """
h1 { font-size: 20pt; } h2 { font-size: 13pt; margin-top: 14pt; } h3 { font-size: 11pt; }
.muted { color: #566072; } .note { color: #a63d00; }
table { margin-top: 4px; margin-bottom: 12px; }
td, th { padding: 2px 8px 2px 0; } th { color: #566072; font-weight: normal; }
.tiles td { color: #566072; padding-right: 24px; } .tiles b { font-size: 15pt; color: #000000; }
.matrix td { padding: 3px 6px; text-align: center; } .matrix th { padding: 3px 6px; }
"""


class Pictures(QPyTextObject):
    """Draws the pictures of a document, each as wide as it is or as the text."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._renderers: list[QSvgRenderer] = []

    def add(self, svg: str) -> int:
        """Take a picture; returns its number."""
        self._renderers.append(QSvgRenderer(svg.encode(), self))
        return len(self._renderers) - 1

    def intrinsicSize(self, document: QTextDocument, place: int, format: QTextFormat) -> QSizeF:
        size = self._renderers[format.property(PLACE)].viewBoxF().size()
        return size * min(PIXEL, TEXT_WIDTH / size.width())

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, place: int, format: QTextFormat
    ) -> None:
        self._renderers[format.property(PLACE)].render(painter, QRectF(rect))


def report_pdf(report: Report) -> bytes:
    """The report as pages of A4."""
    application()
    document = QTextDocument()
    document.setDefaultFont(QFont("Helvetica", 9))
    document.setDefaultStyleSheet(STYLE + shades(opaque=True))
    pictures = Pictures(document)
    document.documentLayout().registerHandler(KIND, pictures)
    mark = uuid4().hex
    document.setHtml(body(report, lambda svg: tag("span", f"{mark}{pictures.add(svg):04}", " ")))
    found = document.find(mark)
    while not found.isNull():
        found.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 4)
        format = QTextCharFormat()
        format.setObjectType(KIND)
        format.setProperty(PLACE, int(found.selectedText().removeprefix(mark)))
        found.insertText(OBJECT, format)
        found = document.find(mark, found)
    return _pages(document, report.name)


def _pages(document: QTextDocument, title: str) -> bytes:
    store = QBuffer()
    store.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(store)
    writer.setTitle(title)
    writer.setResolution(RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(), QPageLayout.Unit.Millimeter)
    document.print_(writer)
    return bytes(store.data().data())


writers[".pdf"] = report_pdf
