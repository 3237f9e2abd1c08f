"""A person's desk with a page on it and no window, for tests of what keys and the mouse do."""

import time
from dataclasses import replace
from pathlib import Path

from kit import truth_page
from livespot.live.analysis_thread import Engine
from livespot.live.interaction import dispatch
from livespot.live.interaction.keys import Action
from livespot.live.interaction.state import WindowState
from livespot.live.window.canvas import Screen
from livespot.record.outputs import Outputs
from livespot.settings import Settings


class Sitting:
    """A desk with a page on it and no window; the engine's work is done when `settle` says so."""

    def __init__(self, folder: Path, *, empty: bool = False) -> None:
        self.now = 100.0
        self.spotter = truth_page.TruthSpotter(still=True, empty=empty)
        self.engine = Engine(self.spotter)
        settings = replace(Settings(), folder=str(folder))
        self.desk = WindowState(
            self.spotter, self.engine, Outputs(settings), settings, name="page", welcome=True, clock=lambda: self.now
        )
        self.screen = Screen(self.desk)
        frame = truth_page.PageSource(size=(1280, 720), still=True).read()
        assert frame is not None
        self.spotter.analyse(frame)
        self.frame = frame
        self.desk.update(frame, self.spotter.spotting(frame))

    def settle(self) -> None:
        done: list[bool] = []
        self.engine.ask("", lambda: None, lambda _: done.append(True))
        for _ in range(6000):  # patience, for a busy machine
            for call in self.engine.finished():
                call()
            if done:
                return
            time.sleep(0.005)
        raise AssertionError("the engine does not answer")

    def do(self, *actions: Action) -> None:
        for action in actions:
            dispatch.do(self.desk, action)
            self.settle()
