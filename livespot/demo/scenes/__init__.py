"""The pictures the demo's puzzles are made of: scenes drawn here, and photographs that come with scikit-image."""

from collections.abc import Callable

from livespot.demo.scenery import Scene
from livespot.demo.scenes import harbour, kitchen, photographs, reef, village

SCENES: dict[str, Callable[[float, int], Scene]] = {  # best first: the first is what `demo` shows
    "harbour": harbour.scene,
    "kitchen": kitchen.scene,
    "reef": reef.scene,
    "village": village.scene,
    "coffee": photographs.coffee,
    "astronaut": photographs.astronaut,
}
