"""`livespot bench accuracy`: is livespot right? Stills, thin marks, the simulated webcam, unchanged pages, and the
published pipeline beside it.

Goes out: tables and a flat object of numbers (`--json`). Clips run in an order that is of use when broken off: every
scenario once, then every scenario again. `--resume FILE` keeps finished clips, so that a broken run goes on.
Seeds start at 5001: development used lower ones.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from livespot.bench import data, froc, report, stills
from livespot.bench.data import Puzzle
from livespot.bench.filmed import ClipResult, run_clip
from livespot.bench.scoring import Score, mean_f1
from livespot.bench.stills import StillResult
from livespot.demo import Page, compose, demo_names, open_demo, page_picture, ready_made, scenario_names
from livespot.demo.page import layout_for
from livespot.demo.scenario import scenario_named
from livespot.errors import UsageError
from livespot.geometry import Box
from livespot.settings import Settings, changed

FIRST_SEED = 5001
NAN = float("nan")


@dataclass(frozen=True)
class Options:
    """parts: stills, thin, live, unchanged, classic. data: labelled pictures. part: of that data.

    seeds: clips a scenario. resume: a JSON Lines file of finished clips.
    """

    parts: tuple[str, ...]
    quick: bool = False
    data: Path | None = None
    part: str = ""
    scenarios: tuple[str, ...] = ()
    seeds: int = 0
    first_seed: int = 0
    picture: Path | None = None
    resume: Path | None = None

    @property
    def seed(self) -> int:
        return self.first_seed or FIRST_SEED

    @property
    def seconds(self) -> float:
        """Length of a clip: even a quick one shows the page coming back after 4.5 s, and what is made of it."""
        return 6.0 if self.quick else 10.0


def run(options: Options, settings: Settings) -> dict[str, float]:
    """Measure, print tables, return the numbers. Raises UsageError for data or scenarios that are not there."""
    for name in options.scenarios:
        scenario_named(name)
    puzzles = data.load(options.data, options.part) if options.data is not None else []
    print(f"livespot bench accuracy, method {settings.method}, on {report.machine()}")
    numbers: dict[str, float] = {}
    if "stills" in options.parts:
        numbers |= measure_stills(puzzles, options, settings)
    if "thin" in options.parts:
        numbers |= measure_thin(options, settings)
    if "unchanged" in options.parts:
        numbers |= measure_unchanged_stills(puzzles, options, settings)
    if "live" in options.parts:
        numbers |= measure_live(puzzles, options, settings, same=False)
    if "unchanged" in options.parts:
        numbers |= measure_live(puzzles, options, settings, same=True)
    return numbers


# --- stills ---


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
        counts = (r.score.found, r.score.missed, r.score.false)
        rows.append([r.name, r.kind, *counts, r.score.f1, round(r.ms), r.residual, r.corner, beside_f1, r.reason])
    head = "puzzle, kind, found, missed, false, F1, ms, residual px, corner px, published F1, said"
    report.show(head.split(", "), rows)
    report.heading("By kind")
    rows = []
    for kind in [*dict.fromkeys(r.kind for r in results), "all"]:
        chosen = [i for i, r in enumerate(results) if kind in (r.kind, "all")]
        scores = [results[i].score for i in chosen]
        total = sum(scores, Score())
        key = "stills_" + kind.replace(" ", "_")
        numbers |= {f"{key}_f1": mean_f1(scores), f"{key}_precision": total.precision, f"{key}_recall": total.recall}
        other_f1 = mean_f1([beside[i].score for i in chosen]) if beside else NAN
        if beside:
            numbers[f"{key}_published_f1"] = other_f1
        counts = (total.found, total.missed, total.false)
        ms = float(np.median([results[i].ms for i in chosen]))
        rows.append([kind, len(chosen), *counts, total.precision, total.recall, mean_f1(scores), other_f1, ms])
    head = "kind, pictures, found, missed, false, precision, recall, mean F1, published F1, median ms"
    report.show(head.split(", "), rows)
    numbers |= _calibration([c for r in results for c in r.confidences], "stills")
    pairs = [p for p in puzzles if p.kind == "pair"]
    if pairs:
        numbers |= _symmetry(pairs[:3] if options.quick else pairs, settings)
    if options.picture is not None and puzzles:
        _froc(puzzles, beside, options.picture, settings)
    return numbers


def _symmetry(pairs: Sequence[Puzzle], settings: Settings) -> dict[str, float]:
    both = single = wrong = 0
    for pair in report.progress(list(pairs), "both ways"):
        counts = stills.symmetry(pair, settings)
        both, single, wrong = both + counts[0], single + counts[1], wrong + counts[2]
    print(f"\nBoth ways round: {both} boxes the same, {single} in one direction only, {wrong} kinds not mirrored")
    return {"symmetry_same_share": 2 * both / max(2 * both + single, 1), "symmetry_kinds_not_mirrored": float(wrong)}


def _froc(puzzles: Sequence[Puzzle], beside: Sequence[StillResult], path: Path, settings: Settings) -> None:
    curves: dict[str, froc.Curve] = {}
    for method in ("robust", "classic"):
        chosen = changed(settings, {"method": method})
        found = [froc.candidates(p, chosen) for p in report.progress(list(puzzles), f"FROC {method}")]
        curves[f"{method}, panels found by itself"] = froc.curve(puzzles, found)
    if beside:
        total = sum((r.score for r in beside), Score())
        curves["published, handed the panels"] = [(total.false / len(beside), total.recall)]
    froc.draw(curves, path)
    print(f"\nFROC curves: {path}")


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


# --- live ---


@dataclass(frozen=True)
class _Case:
    scenario: str
    page: Callable[[], Page]
    puzzle: str
    layout: str
    seed: int


def measure_live(puzzles: Sequence[Puzzle], options: Options, settings: Settings, *, same: bool) -> dict[str, float]:
    """The simulated webcam over all scenarios; `same`: over pages on which nothing differs."""
    cases = _cases(puzzles, options, same)
    done = _finished(options.resume)
    results: list[ClipResult] = []
    frames = sum(1 for _ in cases) * round(options.seconds * 30)
    what = "unchanged clips" if same else "clips"
    broken = False
    with tqdm(total=frames, desc=what, unit=" frames", dynamic_ncols=True, leave=False, disable=None) as bar:
        for case in cases:
            blank = ClipResult(case.scenario, case.puzzle, case.layout, case.seed)
            key = f"{settings.method} {settings.sensitivity:g} {options.seconds:g} s {blank.name}"
            if key in done:
                results.append(done[key])
                bar.update(blank.frames or round(options.seconds * 30))
                continue
            bar.set_postfix_str(blank.name[:60], refresh=True)
            try:
                demo = open_demo(
                    case.puzzle, page=case.page(), scenario=case.scenario, seed=case.seed, seconds=options.seconds
                )
                result = run_clip(demo, settings, blank, tick=bar.update)
            except KeyboardInterrupt:
                broken = True
                break
            results.append(result)
            _keep(options.resume, key, result)
    if broken:
        print(f"\nbroken off after {len(results)} of {len(cases)} clips")
    return _unchanged_tables(results) if same else _live_tables(results)


def _cases(puzzles: Sequence[Puzzle], options: Options, same: bool) -> list[_Case]:
    """Every scenario once, then again; puzzles and layouts change from clip to clip."""
    scenarios = options.scenarios or scenario_names()
    rounds = options.seeds or (1 if options.quick or same else 3)
    layouts = stills.LAYOUTS
    cases = []
    for turn in range(rounds):
        for number, scenario in enumerate(scenarios):
            i = turn * len(scenarios) + number + turn
            seed = options.seed + (1000 if same else 0) + turn
            layout = layouts[i % len(layouts)]
            if puzzles and not same:
                puzzle = puzzles[i % len(puzzles)]
                cases.append(_Case(scenario, _filmed_data(puzzle, layout, seed), puzzle.id, layout, seed))
            else:
                name = demo_names()[i % len(demo_names())]
                cases.append(_Case(scenario, _drawn(name, layout, seed, same), name + " same" * same, layout, seed))
    return cases


def _drawn(name: str, layout: str, seed: int, same: bool) -> Callable[[], Page]:
    return lambda: page_picture(name, seed=seed, layout=layout, same=same)


def _filmed_data(puzzle: Puzzle, layout: str, seed: int) -> Callable[[], Page]:
    """A labelled puzzle as a page to be filmed: a pair printed side by side, a page as it is."""

    def page() -> Page:
        pictures = puzzle.pictures()
        if puzzle.panels is None:
            boxes: list[Box] = []
            for quad in puzzle.labels.differences:
                (x, y), (u, v) = quad[0], quad[2]
                boxes.append((int(x), int(y), int(u - x), int(v - y)))
            return compose(puzzle.id, pictures[0], pictures[1], boxes, layout_for(layout, seed))
        return ready_made(puzzle.id, pictures[0], puzzle.panels[0], puzzle.panels[1], puzzle.labels.differences)

    return page


def _live_tables(results: Sequence[ClipResult]) -> dict[str, float]:
    if not results:
        return {}
    report.heading("Live, each clip (after 2 s; s of video, frame px)")
    head = "F1, precision, recall, locked, first right s, recovered s, corner px, residual px, switches, jitter px"
    report.show(
        ["clip", *head.split(", ")],
        [
            [r.name, r.f1, r.precision, r.recall, r.locked, r.first_right, " ".join(f"{v:.2f}" for v in r.recovered),
             r.corner, r.residual, r.switches, r.jitter]
            for r in results
        ],
    )  # fmt: skip
    numbers: dict[str, float] = {}
    rows: list[list[object]] = []
    f1: dict[str, float] = {}
    for scenario in [*dict.fromkeys(r.scenario for r in results), "all"]:
        chosen = [r for r in results if scenario in (r.scenario, "all")]
        recovered = [v for r in chosen for v in r.recovered]
        late = [math.inf if math.isnan(r.first_right) else r.first_right for r in chosen]
        values = {
            "f1": _mean(r.f1 for r in chosen),
            "precision": _mean(r.precision for r in chosen),
            "recall": _mean(r.recall for r in chosen),
            "locked": _mean(r.locked for r in chosen),
            "first_right_p90_s": float(np.quantile(late, 0.9, method="higher")),
            "recovered_worst_s": max(recovered, default=NAN),
            "corner_px": _mean(r.corner for r in chosen),
            "residual_px": _mean(r.residual for r in chosen),
            "switches": float(sum(r.switches for r in chosen)),
            "jitter_px": _mean(r.jitter for r in chosen),
        }
        numbers |= {f"live_{scenario}_{name}": value for name, value in values.items()}
        rows.append([scenario, len(chosen), *values.values()])
        f1[scenario] = values["f1"]
    report.heading("Live, by scenario")
    head = head.replace("first right s", "first right p90 s").replace("recovered s", "recovered worst s")
    report.show(["scenario", "clips", *head.split(", ")], rows)
    del f1["all"]
    worst = min(f1, key=lambda name: -1.0 if math.isnan(f1[name]) else f1[name])
    right, asked = (sum(r.kinds[i] for r in results) for i in (0, 1))
    boxes_right, boxes = (sum(r.box_kinds[i] for r in results) for i in (0, 1))
    print(f"\nworst scenario: {worst} ({f1[worst]:.3f})")
    print(f"kinds right: {right} of {asked} differences, {boxes_right} of the {boxes} boxes on them")
    numbers |= {
        "live_worst_scenario_f1": f1[worst],
        "live_kinds_right_share": right / asked if asked else NAN,
        "live_kinds_right_box_share": boxes_right / boxes if boxes else NAN,
    }
    numbers |= _calibration([c for r in results for c in r.confidences], "live")
    return numbers


def _unchanged_tables(results: Sequence[ClipResult]) -> dict[str, float]:
    if not results:
        return {}
    report.heading("Unchanged pages, live")
    report.show(
        ["clip", "frames without a box", "false boxes a frame", "locked"],
        [[r.name, r.empty, r.false_boxes, r.locked] for r in results],
    )
    share = sum(r.empty * r.frames for r in results) / max(sum(r.frames for r in results), 1)
    print(f"\nframes without a box: {100 * share:.2f} %")
    return {"unchanged_live_empty_share": share, "unchanged_live_locked": _mean(r.locked for r in results)}


def _calibration(confidences: Sequence[tuple[float, bool]], where: str) -> dict[str, float]:
    """How often boxes of a given confidence are true."""
    if not confidences:
        return {}
    numbers: dict[str, float] = {}
    rows = []
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = [(c, true) for c, true in confidences if low <= c < high]
        if inside:
            said, was = float(np.mean([c for c, _ in inside])), float(np.mean([true for _, true in inside]))
            numbers[f"{where}_true_at_{low:g}"] = was
            rows.append([f"{low:g} to {min(high, 1):g}", len(inside), said, was])
    report.heading(f"Confidence, {where}: of boxes given this much, so many are true")
    report.show(["confidence", "boxes", "said", "true"], rows)
    return numbers


def _mean(values: Iterable[float]) -> float:
    known = [v for v in values if not math.isnan(v)]
    return float(np.mean(known)) if known else NAN


# --- finished clips ---


def _finished(path: Path | None) -> dict[str, ClipResult]:
    if path is None or not path.exists():
        return {}
    done = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            result = ClipResult(**entry["result"])
            result.kinds, result.box_kinds = ((pair[0], pair[1]) for pair in (result.kinds, result.box_kinds))
            done[str(entry["key"])] = result
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"cannot go on from {path}: {error}; take another file, or delete it") from None
    return done


def _keep(path: Path | None, key: str, result: ClipResult) -> None:
    if path is None:
        return
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "result": dataclasses.asdict(result)}) + "\n")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
