"""The simulated webcam: printed puzzles the project draws itself, filmed, with the truth for every frame.

In: a name ("harbour", "harbour/glare"), a scenario, a seed. Out: a source of frames that knows the truth. The room's
front door is `open_demo`.
"""

from livespot.demo.camera.webcam import DemoSource, FrameTruth, TrueDifference, Webcam
from livespot.demo.opening import demo_names, make_puzzle, open_demo, page_picture, scenario_names
from livespot.demo.page import Layout, Page, compose, ready_made
from livespot.demo.scenario import SCENARIOS, Scenario

__all__ = [
    "SCENARIOS",
    "DemoSource",
    "FrameTruth",
    "Layout",
    "Page",
    "Scenario",
    "TrueDifference",
    "Webcam",
    "compose",
    "demo_names",
    "make_puzzle",
    "open_demo",
    "page_picture",
    "ready_made",
    "scenario_names",
]
