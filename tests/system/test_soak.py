"""The soak test's own short form: the loop outlives every fault of the camera, and the recording is whole."""

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[1] / "kit" / "soak.py"


@pytest.mark.slow
def test_twenty_seconds_of_trouble() -> None:
    done = subprocess.run(
        [sys.executable, str(SOAK), "20", "--every", "1", "--size", "320x240", "--seed", "3"],
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PROBLEM" not in done.stdout
    assert "Traceback" not in done.stderr
