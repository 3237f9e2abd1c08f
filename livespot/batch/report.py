"""`--report DIR`: one page with every picture, its boxes and its crops; nothing outside the file is needed."""

import base64
from collections.abc import Sequence

import jinja2

from livespot.batch.run import Looked, by_page
from livespot.version import __version__

PAGE = "index.html"


def as_html(results: Sequence[Looked]) -> str:
    """The contact sheet. `results` were looked at with Task(report=True)."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("livespot.batch", ""), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["jpeg"] = lambda data: f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"
    pages = by_page(results)
    return environment.get_template("report.html").render(
        results=results,
        total=sum(len(looked.result.differences) for looked in results),
        pages=len(pages),
        clean=sum(not any(looked.failed or looked.result.differences for looked in page) for page in pages),
        failed=sum(any(looked.failed for looked in page) for page in pages),
        version=__version__,
    )
