"""Measures the limits of the self-check's advice on the simulated webcam, and writes them with their provenance.

    python -m livespot.reference.limiting [--write]

A limit lies half way (as a ratio) between what the hand-held camera shows and what the scenario shows that has the
fault: from there on a camera is more like the second. The light alone is taken away step by step instead, because a
camera that exposes paper darker is not yet at fault: its limit is where F1 has fallen by LOSS.
"""

import argparse
import datetime
import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from livespot import fitted_files
from livespot.demo import open_demo
from livespot.demo.scenario import SCENARIOS, Scenario
from livespot.reference import making, selfcheck
from livespot.reference.limits import FILE, Limits
from livespot.reference.making import Made
from livespot.reference.recognition import Recogniser
from livespot.reference.selfcheck import Report
from livespot.settings import Settings

LOSS = 0.05  # of F1: one difference in twenty
SCENES = ("harbour", "coffee")
SECONDS, FPS = 5.0, 6.0
DARKER = (0.6, 0.35, 0.22, 0.14, 0.09, 0.06)  # brightness of a Scenario
GOOD = SCENARIOS["handheld"]
FAULTS = {
    "noise": SCENARIOS["dim"],
    "blur": replace(GOOD, name="out of focus", defocus=2.0),
    "panel_px": SCENARIOS["low_resolution"],
    "glare": SCENARIOS["glare"],
    "residual_px": replace(GOOD, name="strongly curled", curl=32.0),  # less is taken out by the residual warp
    "locked": SCENARIOS["leave_and_return"],
}
LEAST = 0.002  # glare of a page without any, share of a panel: for the ratio

Point = tuple[float, float]  # measure, F1


def main(words: Sequence[str] | None = None) -> int:
    """Print the measurements and the limits; keep them with --write."""
    parser = argparse.ArgumentParser(prog="python -m livespot.reference.limiting", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"replace the limits in use ({FILE})")
    args = parser.parse_args(words)
    pages = [making.make(scene, 8, 0, "A4", "") for scene in SCENES]
    desk, good = _both(pages, SCENARIOS["desk"]), _both(pages, GOOD)
    faulty = {name: _both(pages, scenario) for name, scenario in FAULTS.items()}
    pairs = {name: (good[name], measures[name]) for name, measures in faulty.items()}
    darker = [desk] + [_both(pages, replace(SCENARIOS["desk"], name="darker", brightness=v)) for v in DARKER]
    light = [(measures["light"], measures["f1"]) for measures in darker]
    found = Limits(
        desk_noise=_rounded(desk["noise"]),
        dim=_rounded(between(good["light"], faulty["noise"]["light"])),
        light=_rounded(limit(light)),
        **{name: _rounded(between(*pair)) for name, pair in pairs.items()},
    )
    measured = {
        "good and faulty": {name: [round(v, 4) for v in pair] for name, pair in pairs.items()},
        "light and F1": [[round(v, 1), round(f1, 3)] for v, f1 in light],
    }
    print(json.dumps({"limits": asdict(found), "measured": measured}, indent=1))
    if args.write:
        data = {
            "limits": asdict(found),
            "provenance": {
                "made_by": "python -m livespot.reference.limiting --write",
                "data": f"the simulated webcam over reference pages of {' and '.join(SCENES)}, {SECONDS:g} s each: "
                f"{GOOD.name} against {', '.join(f'{s.name} ({name})' for name, s in FAULTS.items())}",
                "date": datetime.date.today().isoformat(),
                "score": f"F1 on the desk {desk['f1']:.3f}, hand-held {good['f1']:.3f}, "
                + ", ".join(f"{FAULTS[name].name} {m['f1']:.3f}" for name, m in faulty.items()),
                "measured": measured,
            },
        }
        fitted_files.replace(fitted_files.place(Path(__file__).with_name(FILE)), json.dumps(data, indent=1) + "\n")
    return 0


def between(good: float, faulty: float) -> float:
    """Half way from the one to the other, as a ratio."""
    return float(np.sqrt(max(good, LEAST) * max(faulty, LEAST)))


def limit(points: Sequence[Point]) -> float:
    """The measure at which F1 first falls LOSS below that of the first point; the last measure when it never does."""
    wanted = points[0][1] - LOSS
    for (value, f1), (after, less) in itertools.pairwise(points):
        if less < wanted:
            return float(value + (after - value) * (f1 - wanted) / (f1 - less))
    return points[-1][0]


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _both(pages: Sequence[Made], scenario: Scenario) -> dict[str, float]:
    """The mean measures over the pages. Raises LivespotError when one of them cannot be measured at all."""
    reports = [_measures(_check(made, scenario)) for made in pages]
    return {name: float(np.mean([one[name] for one in reports])) for name in reports[0]}


def _check(made: Made, scenario: Scenario) -> Report:
    page = making.filmed(made)
    source = open_demo(size=(1280, 720), fps=FPS, seconds=SECONDS + 2, seed=1, scenario=scenario, page=page)
    recogniser = Recogniser(made.printed.key)
    return selfcheck.run(iter(source.read, None), Settings(), recogniser, live=False, seconds=SECONDS)


def _measures(report: Report) -> dict[str, float]:
    residual = report.residual_px if np.isfinite(report.residual_px) else 0.0
    return {**asdict(report.quality), "residual_px": residual, "locked": report.locked, "f1": report.score.f1}


if __name__ == "__main__":
    raise SystemExit(main())
