"""The page to look at: every step in its order, with its picture and what it says in words. No network, no scripts.

In: an Explanation. Out: the files of one folder, as bytes; `explain.html` is the page, the rest are its pictures. The
words stand in the template of the same name.
"""

import base64

import cv2
import jinja2
import numpy as np

from livespot.annotate.words import count_of, sentence
from livespot.frame import Image
from livespot.report import chart, pictures, words
from livespot.saying import shown
from livespot.spotting.classify.decision import Decision
from livespot.spotting.explain import Explanation

PAGE = "explain.html"
MOST_ROWS = 40  # regions in the table


def files_of(explanation: Explanation, title: str) -> dict[str, bytes]:
    """The files by name, the page last; title: what was looked at."""
    files: dict[str, bytes] = {}

    def keep(name: str, picture: Image) -> str:
        files[file := f"explain-{name}.png"] = _png(picture)
        return file

    compared, spotting = explanation.compared, explanation.spotting
    found = () if compared is None else compared.found
    labels = _labels(found)
    outcome = f"{count_of(len(spotting.differences), 'difference')} found"
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("livespot.report", ""), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters["inline"] = lambda picture: "data:image/png;base64," + base64.b64encode(_png(picture)).decode()
    # numbers are held to their units
    environment.filters["held"] = lambda line: line.replace(" %", "\xa0%").replace(" px", "\xa0px")
    page = environment.get_template(PAGE).render(
        title=title,
        outcome=sentence(outcome if spotting.differences else spotting.reason or "no difference found"),
        e=explanation,
        c=compared,
        robust=explanation.settings.method == "robust",
        labels=labels,
        rows=[] if compared is None else list(zip(found, labels, compared.reasons, strict=True))[:MOST_ROWS],
        most=MOST_ROWS,
        remembered=[d for d in spotting.differences if d.id not in {region.number for region in found}],
        keep=keep,
        percentile=np.percentile,
        length=lambda vectors: np.linalg.norm(vectors, axis=2),
        pictures=pictures,
        chart=chart,
        words=words,
    )
    return files | {PAGE: shown(page).encode()}


def _labels(found: tuple[Decision, ...]) -> list[str]:
    """The number of what was kept; a, b, c for the others."""
    labels, others = [], 0
    for region in found:
        if region.number is not None:
            labels.append(str(region.number))
            continue
        round_, letter = divmod(others, 26)
        labels.append(chr(ord("a") + letter) + (str(round_ + 1) if round_ else ""))
        others += 1
    return labels


def _png(picture: Image) -> bytes:
    return bytes(cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 4])[1])
