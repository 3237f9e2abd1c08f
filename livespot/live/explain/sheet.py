"""The page to look at: every step in its order, with its picture and what it says in words. No network, no scripts.

In: an Explanation. Out: the files of one folder, as bytes; `explain.html` is the page, the rest are its pictures.
"""

from __future__ import annotations

import base64
from html import escape

import cv2
import numpy as np

from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.live.explain import chart, pictures, words
from livespot.live.explain.style import STYLE
from livespot.spotting.explaining import Compared, Considered, Explanation, Fate

PAGE = "explain.html"
MOST_ROWS = 40  # regions in the table


class _Sheet:
    """The page as it grows: its pieces, and the pictures they show."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.files: dict[str, bytes] = {}

    def step(self, title: str, *paragraphs: str) -> None:
        self.pieces.append(f"<h2>{escape(title)}</h2>")
        self.pieces += [f"<p>{p}</p>" for p in paragraphs if p]

    def figures(self, *shown: tuple[str, Image, str]) -> None:
        """Pictures beside each other: name, picture, caption."""
        cells = []
        for name, picture, caption in shown:
            file = f"explain-{name}.png"
            self.files[file] = _png(picture)
            height, width = picture.shape[:2]
            cells.append(
                f'<figure><a href="{file}"><img src="{file}" width="{width}" height="{height}" '
                f'alt="{escape(caption)}"></a><figcaption>{escape(caption)}</figcaption></figure>'
            )
        self.pieces.append(f'<div class="row n{len(cells)}">{"".join(cells)}</div>')

    def scale(self, low: str, middle: str, high: str) -> None:
        """What the colours of a map mean."""
        self.pieces.append(
            f'<div class="scale"><img src="{_inline(pictures.ramp())}" alt="colours, cold to hot">'
            f"<span>{escape(low)}</span><span>{escape(middle)}</span><span>{escape(high)}</span></div>"
        )


def files_of(explanation: Explanation, title: str) -> dict[str, bytes]:
    """The files by name, the page last; title: what was looked at. Raises LivespotError."""
    sheet = _Sheet()
    _found(sheet, explanation)
    if explanation.compared is not None:
        _registered(sheet, explanation.compared)
        _compared(sheet, explanation, explanation.compared)
        _judged(sheet, explanation, explanation.compared)
        sheet.step("8. The result", escape(_outcome(explanation).capitalize() + "."))
        sheet.figures(("8-result", pictures.result(explanation), "the boxes, as drawn"))
    body = "\n".join(sheet.pieces)
    method = explanation.settings.method
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}: what each step saw</title><style>{STYLE}</style></head><body><main>
<h1>{escape(title)}</h1>
<p class="lead">{escape(_outcome(explanation).capitalize())}. What each step of livespot saw, method
<b>{escape(method)}</b>, sensitivity {explanation.settings.sensitivity:g}. A click on a picture shows it at its
full size.</p>
{body}
</main></body></html>
"""
    return sheet.files | {PAGE: page.encode()}


def _outcome(explanation: Explanation) -> str:
    count = len(explanation.spotting.differences)
    if count == 0:
        return explanation.spotting.reason or "no difference found"
    return f"{count} difference{'' if count == 1 else 's'} found"


def _found(sheet: _Sheet, explanation: Explanation) -> None:
    pair = len(explanation.pictures) == 2
    where = "between the two pictures" if pair else "in the picture, some way apart from each other"
    count = f"{explanation.alike:,} pairs of points look alike {where}." if explanation.alike else ""
    if explanation.compared is None:
        sheet.step(
            f"1. The {'pictures' if pair else 'page'}",
            f"<b>{escape(explanation.spotting.reason)}.</b> {count}"
            + (" No one map explains enough of them." if explanation.match_error is None and explanation.alike else ""),
        )
        sheet.figures(("1-page", pictures.page(explanation), "red: pairs that look alike but do not fit together"))
        return
    explained = (
        f" One map from A to B explains {len(explanation.a):,} of them, half of these to within "
        f"{explanation.match_error:.1f} px; the lines are a sample."
        if explanation.match_error is not None
        else " The two panels were marked by hand."
    )
    extent = "" if pair else " White: how far the panels were seen to agree. Amber: the panels taken from that."
    sheet.step(f"1. The {'pictures' if pair else 'page, its panels and their matches'}", count + explained + extent)
    sheet.figures(("1-page", pictures.page(explanation), "panels A and B, and the points that tie them together"))


def _registered(sheet: _Sheet, compared: Compared) -> None:
    height, width = compared.seen.shape
    sheet.step(
        "2. The aligned pair",
        f"Both panels on one grid of {width} x {height} px, B laid onto A. In the third picture A is red and B is "
        "cyan: what agrees is grey, what is one-sided or misplaced has a colour.",
    )
    sheet.figures(
        ("2-aligned-a", compared.a, "A"),
        ("2-aligned-b", compared.b, "B, laid onto A"),
        ("2-laid-over", pictures.laid_over(compared.a, compared.b), "A red, B cyan"),
    )
    arrows, times = pictures.bend(compared)
    size = np.linalg.norm(compared.warp, axis=2)
    middle, most = (float(v) for v in np.percentile(compared.error[compared.seen], (50, 95)))
    sheet.step(
        "3. The registration residual",
        f"Estimated misregistration left: {middle:.2f} px in the median, {most:.2f} px at the 95th percentile. The "
        f"homography alone was up to {float(np.percentile(size, 99)):.1f} px off; the arrows show what a stiff smooth "
        f"warp added, {times:.0f} times as long as it is.",
    )
    sheet.figures(
        ("3-residual", pictures.residual(compared), "misregistration left"),
        ("3-warp", arrows, f"the residual warp, {times:.0f} times enlarged"),
    )
    sheet.scale("0 px", f"{pictures.WORST_ERROR / 2:g} px", f"{pictures.WORST_ERROR:g} px or more")


def _compared(sheet: _Sheet, explanation: Explanation, compared: Compared) -> None:
    robust = explanation.settings.method == "robust"
    hidden = 1.0 - float(compared.seen.mean())
    unseen = f" {100 * hidden:.1f} % of the panel was not seen in both, and is left out." if hidden > 0.0005 else ""
    sheet.step(
        "4. The normalised pair",
        "A smooth gain for each channel, shared between the two, puts both under one light."
        if robust
        else "This method does not even out the light: it blurs both panels by "
        f"{100 * explanation.settings.classic.blur:g} % of their width.",
    )
    sheet.figures(
        ("4-even-a", compared.even_a, "A, as compared"),
        ("4-even-b", compared.even_b, "B, as compared"),
    )
    if robust:
        how = (
            "By how many grey levels a pixel lies outside what the other panel shows nearby. The thresholds follow the "
            "noise of this scene, place by place: a region must reach the high one and goes as far as the low one; the "
            "bands show their range over the panel."
        )
    else:
        quantile = explanation.settings.classic.quantile
        how = (
            f"The largest over the channels. The threshold is the {100 * quantile:g} % quantile of this map: relative, "
            "so that something is always above it."
        )
    sheet.step("5. The difference map", how + unseen)
    sheet.figures(("5-difference", pictures.difference(compared), "the difference map, in units of the threshold"))
    sheet.scale("0", "threshold", f"{pictures.TOP:g} times the threshold or more")
    sheet.pieces.append(
        f"<figure>{chart.histogram(compared)}<figcaption>how many pixels differ by how much</figcaption></figure>"
    )
    before, after = float(compared.above.mean()), float(compared.kept.mean())
    if robust:
        names = ("above the low threshold", "what holds a pixel above the high one, halo trimmed")
        then = "Fragments close to each other are then joined into one region."
    else:
        names = ("above the threshold", "opened by 3 x 3 three times, dilated by 5 x 5 twice")
        then = ""
    sheet.step("6. The binary image", f"{100 * before:.2f} % of the panel before, {100 * after:.2f} % after. {then}")
    sheet.figures(
        ("6-above", pictures.binary(compared.above), f"before: {names[0]}"),
        ("6-kept", pictures.binary(compared.kept), f"after: {names[1]}"),
    )


def _judged(sheet: _Sheet, explanation: Explanation, compared: Compared) -> None:
    labels = _labels(compared.found)
    kept = sum(region.fate is Fate.KEPT for region in compared.found)
    robust = explanation.settings.method == "robust"
    sheet.step(
        "7. The regions",
        f"{len(compared.found)} region{'' if len(compared.found) == 1 else 's'}, {kept} kept. Numbers: kept (two "
        "regions with one number are one difference). Letters: dropped.",
        "The confidence comes from a rule fitted on labelled regions. <i>For</i> and <i>against</i> name the measures "
        "that moved it most, each beside a region that is average in it."
        if robust
        else "This method measures nothing but size: it keeps the largest.",
        _remembered(explanation, compared),
    )
    if not compared.found:
        return
    sheet.figures(("7-regions", pictures.regions(compared, labels), "amber: kept; grey: dropped"))
    rows = [
        _row(explanation, compared, region, label)
        for region, label in list(zip(compared.found, labels, strict=True))[:MOST_ROWS]
    ]
    head = "<th></th><th>A and B</th><th>verdict</th>" + ("<th>for</th><th>against</th>" if robust else "")
    sheet.pieces.append(f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    if len(compared.found) > MOST_ROWS:
        sheet.pieces.append(f"<p>{len(compared.found) - MOST_ROWS} more, all less certain, are not listed.</p>")


def _row(explanation: Explanation, compared: Compared, region: Considered, label: str) -> str:
    kept = region.fate is Fate.KEPT
    crop = pictures.crops(compared, region)
    x, y, w, h = region.box
    cells = [
        f'<td><span class="label{" kept" if kept else ""}">{label}</span></td>',
        f'<td><img src="{_inline(crop)}" width="{crop.shape[1]}" height="{crop.shape[0]}" alt="region {label}"></td>',
        f"<td>{_held(words.verdict(region, explanation.settings))}"
        f'<div class="small">{w} x {h} px at {x}, {y}</div></td>',
    ]
    if explanation.settings.method == "robust":
        for sign in (+1, -1):
            said = "".join(f"<li>{_held(line)}</li>" for line in words.speaking(region, sign))
            cells.append(f"<td><ul>{said}</ul></td>")
    return f'<tr class="{"kept" if kept else "dropped"}">{"".join(cells)}</tr>'


def _labels(found: tuple[Considered, ...]) -> list[str]:
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


def _remembered(explanation: Explanation, compared: Compared) -> str:
    here = {region.number for region in compared.found}
    missing = [d for d in explanation.spotting.differences if d.id not in here]
    if not missing:
        return ""
    said = [f"{d.id} ({'hidden now' if d.remembered else 'fading'})" for d in missing]
    return f"Held from earlier frames, without a region here: {', '.join(said)}."


def _held(line: str) -> str:
    """Words for the page, numbers held to their units."""
    return escape(line).replace(" %", "&nbsp;%").replace(" px", "&nbsp;px")


def _png(picture: Image) -> bytes:
    good, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    if not good:
        raise LivespotError("a picture of the explanation could not be made into a PNG")
    return bytes(data)


def _inline(picture: Image) -> str:
    return "data:image/png;base64," + base64.b64encode(_png(picture)).decode()
