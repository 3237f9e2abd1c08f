"""What must be true before the first picture is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import livespot


def test_cv2_is_imported_before_anything_can_import_av() -> None:
    """`av` before `cv2` makes the first window hang for ever."""
    code = "import livespot, sys; assert 'cv2' in sys.modules and 'av' not in sys.modules; import av; print('good')"
    assert _run(code).stdout.strip() == "good"


@pytest.mark.parametrize("module", ["livespot.cli", "livespot.cli.live", "livespot.capture.opening", "livespot.doctor"])
def test_starting_does_not_import_what_is_slow(module: str) -> None:
    code = f"import sys, {module}; print(*[m for m in ('numba', 'skimage', 'scipy', 'av') if m in sys.modules])"
    assert _run(code).stdout.strip() == ""


def test_libraries_are_quiet_about_what_does_not_open() -> None:
    code = "import livespot, cv2; print(cv2.VideoCapture('/nothing.mp4').isOpened(), cv2.imread('/nothing.png'))"
    done = _run(code)
    assert done.stdout.split() == ["False", "None"]
    assert done.stderr == ""


def test_the_users_own_log_settings_stay() -> None:
    code = "import livespot, os; print(os.environ['OPENCV_FFMPEG_LOGLEVEL'])"
    assert _run(code, OPENCV_FFMPEG_LOGLEVEL="48").stdout.strip() == "48"


def test_without_opencv_one_line_says_what_to_install(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    done = _run("import livespot", PYTHONPATH=str(folder), check=False)
    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert "apt-get install libgl1 libglib2.0-0" in done.stderr


def test_kernels_that_were_changed_are_compiled_anew_and_long_unused_ones_go(tmp_path: Path) -> None:
    code = "import livespot, os; print(os.environ['NUMBA_CACHE_DIR'])"
    free = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": ""}
    shutil.copytree(Path(livespot.__file__).parent, tmp_path / "livespot")
    before = _run(UNSET + code, **free, PYTHONPATH=str(tmp_path)).stdout.strip()
    assert Path(before).parent == tmp_path / "cache" / "livespot"
    kernel = tmp_path / "livespot" / "spotting" / "kernels" / "light.py"
    kernel.write_text(kernel.read_text() + "\n")
    after = _run(UNSET + code, **free, PYTHONPATH=str(tmp_path)).stdout.strip()
    assert after != before
    for folder in (before, after):
        Path(folder).mkdir(parents=True)
        os.utime(folder, (0, 0))
    _run(UNSET + "from livespot import startup; startup.forget_old_kernels()", **free, PYTHONPATH=str(tmp_path))
    assert Path(after).is_dir()
    assert not Path(before).exists()


def test_a_cache_with_some_kernels_is_told_from_one_with_all(tmp_path: Path) -> None:
    ask = "from livespot import startup; print(startup.compiled()); "
    work = "import numpy as np; from livespot.spotting.kernels.alignment import within; "
    work += "z = np.zeros((2, 2), np.float32); within(z, z, 2, 2); "
    done = _run(ask + work + ask + "startup.remember_compiled(); " + ask, NUMBA_CACHE_DIR=str(tmp_path))
    assert done.stdout.split() == ["False", "False", "True"]


UNSET = "import os; os.environ.pop('NUMBA_CACHE_DIR', None); "


def _run(code: str, *, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:

    return subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=check, env={**os.environ, **variables}
    )
