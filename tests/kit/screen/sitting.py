"""What the tests at the real window share: where the differences are on screen, and what takes a few steps."""

import time
from collections.abc import Callable
from pathlib import Path

from kit import truth_page
from kit.screen.pixels import PICTURE, near
from kit.screen.xscreen import Person
from livespot.annotate import drawing

QUADS = truth_page.quads(PICTURE)
RED, BLUE = (60, 70, 200), (190, 90, 60)  # the third difference on A and on B, BGR
Sit = Callable[..., Person]


def middle(pair: int, panel: int) -> tuple[float, float]:
    x, y = QUADS[pair][panel].mean(axis=0)
    return float(x), float(y)


def frozen(person: Person) -> None:
    """Freeze, and wait until the strip says so (the Space chip is lit)."""
    person.keys("space")
    person.wait(lambda seen: bool(near(seen[PICTURE[1] :], drawing.ACCENT).sum() > 1500), "frozen")
    time.sleep(0.2)


def saved(folder: Path, pattern: str, seconds: float = 5.0) -> Path:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = sorted(folder.glob(pattern))
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no {pattern} in {sorted(p.name for p in folder.iterdir())}")
