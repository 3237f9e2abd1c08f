"""How soon and how fresh what a phone films is in the window; `scripts/phone` prints the figures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from kit.network import phone_path
from kit.network.phone import browser, needs_chromium

from livespot.bench.speed.liverun import screen


@needs_chromium
@pytest.mark.slow
@pytest.mark.window
@pytest.mark.timeout(900)
def test_the_right_answer_comes_soon_and_what_is_shown_is_fresh(tmp_path: Path) -> None:
    path, clip = phone_path.film(tmp_path)
    with screen() as display, browser(tmp_path, path) as driver:
        if display is None:
            pytest.skip("needs Xvfb")
        run = phone_path.watch(driver, clip, display, 20.0, 15.0)
    if os.getloadavg()[0] > 4 * (os.cpu_count() or 1):
        pytest.skip("this machine is too busy for anything to be timed")
    # On two idle cores, which the browser shares, 2.5 s and 60 ms; where a dozen others want them, 7 s and 100 ms.
    assert run.answer < 12.0
    assert np.median(run.ages) < 400.0
