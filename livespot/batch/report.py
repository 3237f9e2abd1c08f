"""`--report DIR`: one page with every picture, its boxes and its crops; nothing outside the file is needed."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import jinja2

from livespot.batch.run import Looked
from livespot.version import __version__

PAGE = "index.html"


def as_html(results: Sequence[Looked]) -> str:
    """The contact sheet. `results` were looked at with Task(report=True)."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("livespot.batch", ""), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["jpeg"] = lambda data: f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    return environment.get_template("report.html").render(
        results=results,
        total=sum(len(looked.result.differences) for looked in results),
        clean=sum(not looked.failed and not looked.result.differences for looked in results),
        failed=sum(looked.failed for looked in results),
        version=__version__,
    )
