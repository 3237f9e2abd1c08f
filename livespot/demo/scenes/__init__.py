"""The pictures the demo's puzzles are made of."""

from __future__ import annotations

from collections.abc import Callable

from livespot.demo.puzzle import Puzzle, drawn_puzzle
from livespot.demo.scenery import Scene
from livespot.demo.scenes import harbour

DRAWN: dict[str, Callable[[float, int], Scene]] = {"harbour": harbour.scene}


def names() -> tuple[str, ...]:
    """Every puzzle's name, best first."""
    return tuple(DRAWN)


def puzzle(name: str, *, seed: int, differences: int, aspect: float, height: int, thin: bool = False) -> Puzzle:
    """The puzzle of that name: panels `height` px high, `aspect` times as wide."""
    return drawn_puzzle(DRAWN[name](aspect, seed), seed=seed, differences=differences, height=height)
