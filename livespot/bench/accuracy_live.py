"""The accuracy benchmark on the simulated webcam: every scenario, the number on screen, pages without a difference."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from tqdm import tqdm

from livespot.bench import pages, report, stills
from livespot.bench.asked import NAN, Options, calibration, mean
from livespot.bench.data import Puzzle
from livespot.bench.filmed import ClipResult, run_clip
from livespot.demo import DemoSource, Page, demo_names, open_demo, page_picture, scenario_names
from livespot.demo.page import layout_for
from livespot.settings import Settings

COUNTED = ("desk", "handheld")  # the ways of filming in which the number on screen is watched


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
    results: list[ClipResult] = []
    frames = len(cases) * round(options.seconds * 30)
    what = "unchanged clips" if same else "clips"
    with tqdm(total=frames, desc=what, unit=" frames", dynamic_ncols=True, leave=False, disable=None) as bar:
        for case in cases:
            blank = ClipResult(case.scenario, case.puzzle, case.layout, case.seed)
            bar.set_postfix_str(blank.name[:60], refresh=True)
            try:
                demo = open_demo(
                    case.puzzle, page=case.page(), scenario=case.scenario, seed=case.seed, seconds=options.seconds
                )
                results.append(run_clip(demo, settings, blank, events=_events(demo), tick=bar.update))
            except KeyboardInterrupt:
                break
    if len(results) < len(cases):
        print(f"\nbroken off after {len(results)} of {len(cases)} clips")
    return _unchanged_tables(results) if same else _live_tables(results)


def measure_count(options: Options, settings: Settings) -> dict[str, float]:
    """The number on screen, once it has settled: every demo scene in every layout, on the desk and in the hand."""
    scenarios = options.scenarios or COUNTED
    chosen = [(s, name, layout) for s in scenarios for name in demo_names() for layout in stills.LAYOUTS]
    rows: list[list[object]] = []
    for scenario, name, layout in report.progress(chosen[::5] if options.quick else chosen, "counts"):
        page = page_picture(name, seed=options.seed, layout=layout)
        demo = open_demo(name, page=page, scenario=scenario, seed=options.seed, seconds=options.seconds)
        got = run_clip(demo, settings, ClipResult(scenario, name, layout, options.seed), events=_events(demo))
        rows.append([got.name, len(page.differences), got.f1, got.exact, got.count_off])
    report.heading("The number on screen, after 2 s")
    report.show(["clip", "on the page", "F1", "share of frames exact", "off by at most"], rows)
    steady = sum(exact == 1.0 for *_, exact, _ in rows)
    print(f"\nexact all the time: {steady} of {len(rows)}")
    return {
        "count_steady": float(steady),
        "count_clips": float(len(rows)),
        "count_off": max(float(str(r[-1])) for r in rows),
    }


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
                filmed = partial(pages.printed, puzzle, layout_for(layout, seed))
                cases.append(_Case(scenario, filmed, puzzle.id, layout, seed))
            else:
                name = demo_names()[i % len(demo_names())]
                drawn = partial(page_picture, name, seed=seed, layout=layout, same=same)
                cases.append(_Case(scenario, drawn, name + " same" * same, layout, seed))
    return cases


def _events(demo: DemoSource) -> list[float]:
    scenario = demo.webcam.scenario
    return [*scenario.bumps, *(end for _, end in scenario.leaves)]


def _live_tables(results: Sequence[ClipResult]) -> dict[str, float]:
    if not results:
        return {}
    report.heading("Live, each clip (after 2 s; s of video, frame px)")
    head = "F1, precision, recall, locked, first right s, recovered s, corner px, residual px, switches, jitter px"
    head += ", count exact"
    report.show(
        ["clip", *head.split(", ")],
        [
            [r.name, r.f1, r.precision, r.recall, r.locked, r.first_right, " ".join(f"{v:.2f}" for v in r.recovered),
             r.corner, r.residual, r.switches, r.jitter, r.exact]
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
            "f1": mean(r.f1 for r in chosen),
            "precision": mean(r.precision for r in chosen),
            "recall": mean(r.recall for r in chosen),
            "locked": mean(r.locked for r in chosen),
            "first_right_p90_s": float(np.quantile(late, 0.9, method="higher")),
            "recovered_worst_s": max(recovered, default=NAN),
            "corner_px": mean(r.corner for r in chosen),
            "residual_px": mean(r.residual for r in chosen),
            "switches": float(sum(r.switches for r in chosen)),
            "jitter_px": mean(r.jitter for r in chosen),
            "exact_share": mean(r.exact for r in chosen),
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
    numbers |= calibration([c for r in results for c in r.confidences], "live")
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
    return {"unchanged_live_empty_share": share, "unchanged_live_locked": mean(r.locked for r in results)}
