"""How well labelled puzzles are read when the foreign camera films them: `scripts/foreign --data DIR`.

It stands with the camera in the test kit, and is no part of `livespot bench`: the product must never be fitted to what
this camera does, so nothing of the product may import it. One line a clip, then the means; scored by
livespot.reference.scoring after the first 2 s of each clip. Every fourth puzzle is also filmed with A printed twice:
there no box is right.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kit.foreign.camera import ForeignCamera
from kit.foreign.page import Sheet, print_page, print_pair
from livespot.bench import data
from livespot.bench.asked import mean
from livespot.bench.filmed import ClipResult, run_clip
from livespot.settings import Settings

LONG = 1700  # px of the printed sheet: what the sharpest of the cameras does not resolve
EVERY = 4  # of so many puzzles one is filmed unchanged, too
HEAD = f"{'clip':32s} {'camera':>15s}    F1 precision recall exact locked  right s empty"


def clip(puzzle: data.Puzzle, seed: int, seconds: float, *, fps: float = 0.0, same: bool = False) -> ForeignCamera:
    """The puzzle printed and filmed; fps: the camera's own when 0; same: with panel A on both sides."""
    rng = np.random.default_rng([seed, *puzzle.id.encode()])
    sheet = _printed(puzzle, rng, same)
    return ForeignCamera(sheet, int(rng.integers(1 << 31)), seconds, fps=fps)


def _printed(puzzle: data.Puzzle, rng: np.random.Generator, same: bool) -> Sheet:
    boxes, ignored = list(puzzle.labels.differences), list(puzzle.labels.ignored)
    if same:
        a = puzzle.true_panels()[0]
        return print_pair(a, a, [], [], LONG, rng)
    pictures = puzzle.pictures()
    if puzzle.panels is None:
        return print_pair(pictures[0], pictures[1], boxes, ignored, LONG, rng)
    return print_page(pictures[0], puzzle.panels, boxes, ignored, LONG, rng)


def puzzles_of(folder: Path, part: str) -> list[data.Puzzle]:
    """Those that can be printed: pairs that are photographs of a page each (`panel_in_a`) are left out."""
    entries = json.loads((folder / data.MANIFEST).read_text(encoding="utf-8"))
    photographed = {entry["id"] for entry in entries if "panel_in_a" in entry}
    return [p for p in data.load(folder, "" if part == "all" else part) if p.id not in photographed]


def play(
    puzzles: Sequence[data.Puzzle], seeds: int, seconds: float, fps: float
) -> Iterator[tuple[ClipResult, ForeignCamera]]:
    """Every clip's numbers, as they come."""
    for seed in range(seeds):
        for number, puzzle in enumerate(puzzles):
            for same in (False, True)[: 1 + (number % EVERY == seed % EVERY)]:
                camera = clip(puzzle, seed, seconds, fps=fps, same=same)
                same = same or not puzzle.labels.differences
                result = ClipResult("foreign", puzzle.id, "unchanged" if same else puzzle.kind, seed)
                yield run_clip(camera, Settings(), result), camera


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="scripts/foreign", description="labelled puzzles, filmed by the foreign camera"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled puzzles with their manifest.json")
    parser.add_argument("--part", choices=("tune", "all"), default="tune", help="which of them [tune]")
    parser.add_argument("--seeds", type=int, default=1, help="clips of each puzzle [1]")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of a clip [4]")
    parser.add_argument("--fps", type=float, default=0.0, help="frames a second [20 to 30]; 10 takes half as long")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="these puzzles alone")
    asked = parser.parse_args()
    puzzles = [p for p in puzzles_of(asked.data, asked.part) if not asked.only or p.id in asked.only]
    results = []
    print(HEAD)
    for r, camera in play(puzzles, asked.seeds, asked.seconds, asked.fps):
        results.append(r)
        how = f"{camera.size[0]}x{camera.size[1]} {camera.fps:.0f}"
        numbers = f"{r.f1:5.3f} {r.precision:9.3f} {r.recall:6.3f} {r.exact:5.2f} {r.locked:6.2f} {r.first_right:8.2f}"
        print(f"{f'{r.puzzle} {r.layout} {r.seed}':32s} {how:>15s} {numbers} {r.empty:5.2f}", flush=True)
    for same in (False, True):
        chosen = [r for r in results if (r.layout == "unchanged") == same]
        if not chosen:
            continue
        names = ("precision", "empty", "locked") if same else ("f1", "precision", "recall", "exact", "locked")
        means = ", ".join(f"{name} {mean(getattr(r, name) for r in chosen):.3f}" for name in names)
        print(f"{len(chosen)} {'unchanged clips' if same else 'clips'}: {means}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
