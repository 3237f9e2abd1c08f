"""A sheet of paper in millimetres: black shapes, words and pictures, written as PDF, as SVG, or drawn as pixels.

In: shapes with positions from the sheet's top-left corner, x to the right, y down, mm. Out: bytes of a file that prints
in true scale, or an image. The PDF comes from reportlab; it asks the viewer not to fit the page to the paper.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import WrongUse

Image = NDArray[np.uint8]
PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}  # width and height upright, mm
POINT = 25.4 / 72  # mm


@dataclass(frozen=True)
class Cells:
    """Rectangles (x, y, width, height), filled as one path, so that neighbours show no hairline between them."""

    boxes: tuple[tuple[float, float, float, float], ...]
    grey: float = 0.0


@dataclass(frozen=True)
class Line:
    """A straight stroke `width` mm wide."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    grey: float = 0.0


@dataclass(frozen=True)
class Words:
    """One line of Latin text, its baseline at y. size: mm."""

    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    grey: float = 0.0


@dataclass(frozen=True, eq=False)
class Picture:
    """An image, (h, w, 3) uint8 BGR, stretched into a rectangle. Stored without loss."""

    x: float
    y: float
    width: float
    height: float
    image: Image


Shape = Cells | Line | Words | Picture


@dataclass(frozen=True, eq=False)
class Sheet:
    """width, height: mm. shapes: drawn in order."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]


def paper_size(paper: str, *, landscape: bool) -> tuple[float, float]:
    """Width and height of a paper, mm. Raises WrongUse naming the papers there are."""
    named = {name.lower(): size for name, size in PAPERS.items()}
    if paper.lower() not in named:
        raise WrongUse(f"unknown paper {paper!r}: there are {', '.join(PAPERS)}")
    short, long = named[paper.lower()]
    return (long, short) if landscape else (short, long)


def black_cells(
    bits: NDArray[np.bool_], x: float, y: float, cell: float
) -> tuple[tuple[float, float, float, float], ...]:
    """The true cells of a grid (rows, columns) as rectangles, runs of a row joined. x, y: the grid's corner; mm."""
    boxes = []
    for row, line in enumerate(np.asarray(bits, bool)):
        edge = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(np.int8)))
        for start, end in zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True):
            boxes.append((x + start * cell, y + row * cell, (end - start) * cell, cell))
    return tuple(boxes)


def as_pdf(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as the pages of one PDF, 1:1. The same sheets give the same bytes."""
    try:
        from reportlab import rl_config
        from reportlab.lib.utils import ImageReader
        from reportlab.pdfgen.canvas import Canvas
    except ImportError:
        raise WrongUse("a PDF needs reportlab: pip install 'livespot[calibrate]', or print the .svg") from None

    rl_config.useA85 = 0  # bytes as they are: as text a photograph takes seconds to write, and a quarter more room
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setTitle(sheets[0].title)
    canvas.setViewerPreference("PrintScaling", "None")
    for sheet in sheets:
        canvas.setPageSize((sheet.width / POINT, sheet.height / POINT))
        canvas.scale(1 / POINT, 1 / POINT)
        for shape in sheet.shapes:
            if isinstance(shape, Cells):
                path = canvas.beginPath()
                for x, y, w, h in shape.boxes:
                    path.rect(x, sheet.height - y - h, w, h)
                canvas.setFillGray(shape.grey)
                canvas.drawPath(path, stroke=0, fill=1)
            elif isinstance(shape, Line):
                canvas.setStrokeGray(shape.grey)
                canvas.setLineWidth(shape.width)
                canvas.line(shape.x1, sheet.height - shape.y1, shape.x2, sheet.height - shape.y2)
            elif isinstance(shape, Words):
                canvas.setFillGray(shape.grey)
                canvas.setFont("Helvetica-Bold" if shape.bold else "Helvetica", shape.size)
                draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
                draw[shape.anchor](shape.x, sheet.height - shape.y, shape.text)
            else:
                reader = ImageReader(io.BytesIO(_png(shape.image)))
                y = sheet.height - shape.y - shape.height
                canvas.drawImage(reader, shape.x, y, shape.width, shape.height)
        canvas.showPage()
    canvas.save()
    return bytes(buffer.getvalue())


def as_svg(sheet: Sheet) -> bytes:
    """The sheet as an SVG whose user unit is one mm."""
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        width=f"{sheet.width:g}mm",
        height=f"{sheet.height:g}mm",
        viewBox=f"0 0 {sheet.width:g} {sheet.height:g}",
    )
    ElementTree.SubElement(root, "title").text = sheet.title
    ElementTree.SubElement(root, "rect", width=f"{sheet.width:g}", height=f"{sheet.height:g}", fill="#fff")
    for shape in sheet.shapes:
        if isinstance(shape, Cells):
            way = "".join(f"M{_mm(x)} {_mm(y)}h{_mm(w)}v{_mm(h)}h{_mm(-w)}z" for x, y, w, h in shape.boxes)
            ElementTree.SubElement(root, "path", d=way, fill=_hex(shape.grey))
        elif isinstance(shape, Line):
            ends = {k: _mm(v) for k, v in (("x1", shape.x1), ("y1", shape.y1), ("x2", shape.x2), ("y2", shape.y2))}
            stroke = {"stroke": _hex(shape.grey), "stroke-width": _mm(shape.width)}
            ElementTree.SubElement(root, "line", ends | stroke)
        elif isinstance(shape, Words):
            look = {
                "x": _mm(shape.x), "y": _mm(shape.y), "font-size": _mm(shape.size), "fill": _hex(shape.grey),
                "font-family": "Helvetica, Arial, sans-serif", "text-anchor": shape.anchor,
            }  # fmt: skip
            ElementTree.SubElement(
                root, "text", look | ({"font-weight": "bold"} if shape.bold else {})
            ).text = shape.text
        else:
            place = {
                "x": _mm(shape.x), "y": _mm(shape.y), "width": _mm(shape.width), "height": _mm(shape.height),
                "preserveAspectRatio": "none",
            }  # fmt: skip
            data = base64.b64encode(_png(shape.image)).decode("ascii")
            ElementTree.SubElement(root, "image", place | {"href": f"data:image/png;base64,{data}"})
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def as_image(sheet: Sheet, px_per_mm: float) -> Image:
    """The sheet as pixels, (h, w, 3) uint8 BGR; shapes' edges are covered in part where they cut a pixel.

    Words are left to the PDF and the SVG: they would depend on the fonts of the machine.
    """
    height, width = round(sheet.height * px_per_mm), round(sheet.width * px_per_mm)
    image = np.full((height, width, 3), 255, np.uint8)
    for shape in sheet.shapes:
        if isinstance(shape, Cells | Line):
            boxes = np.array(shape.boxes if isinstance(shape, Cells) else (_box(shape),)) * px_per_mm
            low = np.maximum(np.floor(boxes[:, :2].min(axis=0)), 0).astype(int)
            high = np.minimum(np.ceil((boxes[:, :2] + boxes[:, 2:]).max(axis=0)), (width, height)).astype(int)
            if np.any(high <= low):
                continue
            ink = np.zeros((high[1] - low[1], high[0] - low[0]), np.float32)
            for x, y, w, h in boxes - [*low, 0, 0]:
                x0, y0 = max(0, int(x)), max(0, int(y))
                columns = np.arange(x0, min(ink.shape[1], int(np.ceil(x + w))))
                rows = np.arange(y0, min(ink.shape[0], int(np.ceil(y + h))))
                across = np.clip(columns + 1 - x, 0, 1) * np.clip(x + w - columns, 0, 1)
                down = np.clip(rows + 1 - y, 0, 1) * np.clip(y + h - rows, 0, 1)
                ink[y0 : y0 + len(rows), x0 : x0 + len(columns)] += np.outer(down, across).astype(np.float32)
            part = image[low[1] : high[1], low[0] : high[0]]
            share = np.clip(ink, 0, 1)[..., None]
            part[:] = (part + (255 * shape.grey - part) * share + 0.5).astype(np.uint8)
        elif isinstance(shape, Picture):
            x0, y0 = round(shape.x * px_per_mm), round(shape.y * px_per_mm)
            w, h = max(1, round(shape.width * px_per_mm)), max(1, round(shape.height * px_per_mm))
            shrinks = w < shape.image.shape[1]
            small = cv2.resize(shape.image, (w, h), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
            part = image[y0 : y0 + h, x0 : x0 + w]
            part[:] = small[: part.shape[0], : part.shape[1]]
    return image


def _box(line: Line) -> tuple[float, float, float, float]:
    half = line.width / 2
    if line.x1 == line.x2:
        return line.x1 - half, min(line.y1, line.y2), line.width, abs(line.y2 - line.y1)
    return min(line.x1, line.x2), line.y1 - half, abs(line.x2 - line.x1), line.width


def _png(image: Image) -> bytes:
    _, data = cv2.imencode(".png", image)
    return bytes(data.tobytes())


def _mm(value: float) -> str:
    return f"{round(value, 4):g}" if abs(value) < 1e4 else f"{value:.4f}"


def _hex(grey: float) -> str:
    return f"#{round(grey * 255):02x}" + f"{round(grey * 255):02x}" * 2
