"""The accuracy benchmark on stills: labelled or own pages, thin marks, both ways round, pages without a difference."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from livespot.bench import report, stills
from livespot.bench.asked import NAN, Options, calibration
from livespot.bench.data import Puzzle
from livespot.bench.stills import StillResult
from livespot.demo import Page
from livespot.reference.scoring import Score, mean_f1
from livespot.settings import Settings


def measure_stills(puzzles: Sequence[Puzzle], options: Options, settings: Settings) -> dict[str, float]:
    """The labelled data, or the project's own pages; the published pipeline beside it."""
    numbers: dict[str, float] = {}
    beside: list[StillResult] = []
    if puzzles:
        results = [stills.spot(p, settings) for p in report.progress(list(puzzles), "stills")]
        if "classic" in options.parts:
            beside = [stills.spot_published(p) for p in report.progress(list(puzzles), "published")]
    else:
        pages = list(stills.own_pages(4 if options.quick else 12, options.seed))
        results = [stills.spot_printed(p, settings, "own page") for p in report.progress(pages, "stills")]
    report.heading(f"Stills ({options.data or 'own puzzles'}{', part ' + options.part if options.part else ''})")
    rows: list[list[object]] = []
    for i, r in enumerate(results):
        beside_f1 = beside[i].score.f1 if beside else NAN
        marks = (r.score.found, r.score.missed, r.score.false, r.score.boxes)
        rest = (round(r.ms), r.residual, r.corner, beside_f1, r.reason)
        rows.append([r.name, r.kind, *marks, r.score.f1, "exact" * r.score.exact, *rest])
    head = "puzzle, kind, found, missed, false, boxes, F1, count, ms, residual px, corner px, published F1, said"
    report.show(head.split(", "), rows)
    report.heading("By kind")
    rows = []
    for kind in [*dict.fromkeys(r.kind for r in results), "all"]:
        chosen = [i for i, r in enumerate(results) if kind in (r.kind, "all")]
        scores = [results[i].score for i in chosen]
        total = sum(scores, Score())
        key = "stills_" + kind.replace(" ", "_")
        exact = total.exact / len(chosen)
        numbers |= {f"{key}_f1": mean_f1(scores), f"{key}_precision": total.precision, f"{key}_recall": total.recall}
        numbers |= {f"{key}_exact_share": exact, f"{key}_boxes_a_difference": total.boxes_a_difference}
        other_f1 = mean_f1([beside[i].score for i in chosen]) if beside else NAN
        if beside:
            numbers[f"{key}_published_f1"] = other_f1
        counts = (total.found, total.missed, total.false)
        ms = float(np.median([results[i].ms for i in chosen]))
        rates = (total.precision, total.recall, mean_f1(scores), exact, total.boxes_a_difference)
        rows.append([kind, len(chosen), *counts, *rates, other_f1, ms])
    head = "kind, pictures, found, missed, false, precision, recall, mean F1, count exact, boxes a difference"
    head += ", published F1, median ms"
    report.show(head.split(", "), rows)
    numbers |= calibration([c for r in results for c in r.confidences], "stills")
    pairs = [p for p in puzzles if p.kind == "pair"]
    if pairs:
        numbers |= _symmetry(pairs[:3] if options.quick else pairs, settings)
    return numbers


def _symmetry(pairs: Sequence[Puzzle], settings: Settings) -> dict[str, float]:
    both = single = wrong = 0
    for pair in report.progress(list(pairs), "both ways"):
        counts = stills.symmetry(pair, settings)
        both, single, wrong = both + counts[0], single + counts[1], wrong + counts[2]
    print(f"\nBoth ways round: {both} boxes the same, {single} in one direction only, {wrong} kinds not mirrored")
    return {"symmetry_same_share": 2 * both / max(2 * both + single, 1), "symmetry_kinds_not_mirrored": float(wrong)}


def measure_thin(options: Options, settings: Settings) -> dict[str, float]:
    """Lines of 1 to 2 px and dots of 4 x 4 px on the project's own pages."""
    pages = list(stills.own_pages(3 if options.quick else 12, options.seed + 500, thin=True))
    results = [stills.spot_printed(p, settings, "thin") for p in report.progress(pages, "thin marks")]
    total = sum((r.score for r in results), Score())
    report.heading("Thin marks (1 to 2 px lines, 4 x 4 px dots, contrast 60 to 110 grey levels)")
    report.show(
        ["pages", "found", "missed", "false", "share found"],
        [[len(results), total.found, total.missed, total.false, total.recall]],
    )
    return {"thin_found_share": total.recall, "thin_false_per_page": total.false / max(len(results), 1)}


def measure_unchanged_stills(puzzles: Sequence[Puzzle], options: Options, settings: Settings) -> dict[str, float]:
    """The same picture twice but for noise, compression and shifts."""
    pictures = [(p.id, p.true_panels()[0]) for p in puzzles]
    if not pictures:
        pages = stills.own_pages(4, options.seed + 900, same=True)
        pictures = [(page.name, _panel_a(page)) for page in pages]
    kinds = stills.DISTURBANCES[1::3] if options.quick else stills.DISTURBANCES
    cases = [(name, picture, kind, amount) for kind, amount in kinds for name, picture in pictures]
    false: dict[str, list[int]] = defaultdict(list)
    published: dict[str, list[int]] = defaultdict(list)
    for number, (name, picture, kind, amount) in enumerate(report.progress(cases, "unchanged stills")):
        key = f"{kind} {amount:g}"
        result = stills.spot_same(name, picture, kind, amount, options.seed + number, settings)
        false[key].append(result.score.false)
        if "classic" in options.parts:
            published[key].append(stills.published_same(picture, kind, amount, options.seed + number))
    report.heading("Unchanged stills: false boxes a page")
    rows: list[list[object]] = [
        [key, len(values), float(np.mean(values)), max(values), float(np.mean(published[key])) if published else NAN]
        for key, values in false.items()
    ]
    every = [v for values in false.values() for v in values]
    beside = [v for values in published.values() for v in values]
    rows.append(["all", len(every), float(np.mean(every)), max(every), float(np.mean(beside)) if beside else NAN])
    report.show(["disturbance", "pages", "false a page", "most", "published"], rows)
    return {"unchanged_stills_false_per_page": float(np.mean(every))} | (
        {"unchanged_stills_published_false_per_page": float(np.mean(beside))} if beside else {}
    )


def _panel_a(page: Page) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    (x0, y0), (x1, y1) = np.rint(page.a[0] + 0.5).astype(int), np.rint(page.a[2] + 0.5).astype(int)
    return page.image[y0:y1, x0:x1].copy()
