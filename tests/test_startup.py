"""What must be true before the first picture is touched."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from kit.without import WITHOUT

import livespot
from livespot import packages
from livespot.errors import LivespotError

RUN = "import livespot.__main__; livespot.__main__.run()"
HERE = Path(livespot.__file__).parents[1]


def test_cv2_is_imported_before_anything_can_import_av() -> None:
    """`av` before `cv2` makes the first window hang for ever."""
    code = PREPARE + "import sys; assert 'cv2' in sys.modules and 'av' not in sys.modules; import av; print('good')"
    assert _run(code).stdout.strip() == "good"


@pytest.mark.parametrize(
    "module", ["livespot.cli", "livespot.cli.live", "livespot.capture.opening", "livespot.cli.doctor"]
)
def test_starting_does_not_import_what_is_slow(module: str) -> None:
    code = f"import sys, {module}; print(*[m for m in ('numba', 'skimage', 'scipy', 'av') if m in sys.modules])"
    assert _run(PREPARE + code).stdout.strip() == ""


def test_libraries_are_quiet_about_what_does_not_open() -> None:
    code = PREPARE + "import cv2; print(cv2.VideoCapture('/nothing.mp4').isOpened(), cv2.imread('/nothing.png'))"
    done = _run(code)
    assert done.stdout.split() == ["False", "None"]
    assert done.stderr == ""


def test_a_number_of_threads_for_another_program_ends_nothing() -> None:
    assert _run(PREPARE + "import numba; print(numba.__name__)", NUMBA_NUM_THREADS="0").stdout.strip() == "numba"


def test_the_users_own_log_settings_stay() -> None:
    code = PREPARE + "import os; print(os.environ['OPENCV_FFMPEG_LOGLEVEL'])"
    assert _run(code, OPENCV_FFMPEG_LOGLEVEL="48").stdout.strip() == "48"


BASE = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


@pytest.mark.parametrize("package", [re.split("[<>=]", wanted)[0] for wanted in BASE])
def test_without_a_package_of_the_base_install_one_line_names_it(package: str) -> None:
    imported = {installed: name for name, installed in packages.NEEDED.items()}
    done = _run(WITHOUT.format(imported[package]) + RUN, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert f"pip install {package}" in done.stderr.replace("'", "")


def test_without_opencv_one_line_says_what_to_install(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    done = _run(
        RUN,
        PYTHONPATH=f"{folder}{os.pathsep}{HERE}",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert "apt-get install libgl1 libglib2.0-0" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("cv2", "raise ImportError('numpy.core.multiarray failed to import')", "does not start"),
        ("cv2", "__version__ = '4.6.0'", "4.6.0"),
        ("numpy", "raise ImportError('for another Python')", "does not start"),
    ],
    ids=["does not load", "old", "NumPy"],
)
def test_another_opencv_of_the_users_shell_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(text)
    done = _run(
        RUN,
        PYTHONPATH=f"{tmp_path}{os.pathsep}{HERE}",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done
    assert says in done.stderr
    assert f"PYTHONPATH puts other packages first ({tmp_path}): unset it" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no user ids")
@pytest.mark.parametrize(
    ("home", "cache", "foreign", "kernels"),
    [("none", "", False, "TMP"), ("/", "FILE", False, "TMP"), ("none", "", True, f"{os.devnull}/livespot")],
    ids=["no home", "unwritable", "no home, and another's folder in its place"],
)
def test_without_a_cache_folder_there_is_a_temporary_one(
    tmp_path: Path, home: str, cache: str, foreign: bool, kernels: str
) -> None:
    own = tmp_path / f"livespot-{os.getuid()}"
    (tmp_path / "file").touch()
    if foreign:
        own.symlink_to(tmp_path)
    unknown = "import pwd; pwd.getpwuid = lambda uid: {}[uid]; del os.environ['HOME']; " if home == "none" else ""
    code = UNSET + unknown + "from livespot import startup; print(startup.kernel_folder(), startup.config_dir())"
    places = {"XDG_CACHE_HOME": cache.replace("FILE", str(tmp_path / "file")), "XDG_CONFIG_HOME": ""}
    kept, configured = _run(code, HOME=home, TMPDIR=str(tmp_path), **places).stdout.split()
    assert kept.startswith(kernels.replace("TMP", str(own)))
    assert foreign or Path(kept).is_dir()
    assert configured.startswith("/.config" if home == "/" else kernels.replace("TMP", str(own)))


def test_only_what_depends_on_a_changed_file_is_compiled_anew_and_a_copy_elsewhere_is_not(tmp_path: Path) -> None:
    """Where the kernels of two modules are kept by two copies of the source, then with a helper of one changed."""
    here, there = tmp_path / "here", tmp_path / "there"
    for copy in (here, there):
        shutil.copytree(Path(livespot.__file__).parent, copy / "livespot")
    first, second = _caches(here), _caches(there)
    assert first == second
    changed = there / "livespot" / "spotting" / "difference" / "_fused_rows.py"
    changed.write_text(changed.read_text() + "\n")
    third = _caches(there)
    assert third[0] != first[0]  # _fused imports it
    assert third[1] == first[1]  # _scans does not


def test_kernels_that_nobody_uses_any_more_go(tmp_path: Path) -> None:
    cache = tmp_path / "kernels"
    (cache / "_fused-0123456789").mkdir(parents=True)
    os.utime(cache / "_fused-0123456789", (0, 0))
    code = "from livespot.spotting.difference import _fused; from livespot.compiling.cache import forget_unused; "
    code += "forget_unused()"
    _run(code, NUMBA_CACHE_DIR=str(cache))
    kept = [folder.name for folder in cache.iterdir()]
    assert "_fused-0123456789" not in kept
    assert any(name.startswith("_fused-") for name in kept)


def test_a_cache_with_some_kernels_is_told_from_one_with_all(tmp_path: Path) -> None:
    ask = "from livespot.spotting import warming; print(warming.compiled()); "
    work = "import numpy as np; from livespot.spotting.panels._scans import line_means; "
    work += "z, i = np.zeros((2, 2), np.float32), np.zeros(1, np.int32); line_means(z, z, i, i); "
    mark = "from pathlib import Path; from livespot.compiling.cache import complete; "
    mark += "complete(Path(warming.__file__)).touch(); "
    done = _run(ask + work + ask + mark + ask, NUMBA_CACHE_DIR=str(tmp_path))
    assert done.stdout.split() == ["False", "False", "True"]


def test_kernels_for_another_processor_are_told_from_those_for_this_one(tmp_path: Path) -> None:
    ask = "from pathlib import Path; from livespot.compiling import cache; print(cache.complete(Path(cache.__file__)))"
    own = _run(ask, NUMBA_CACHE_DIR=str(tmp_path), NUMBA_CPU_NAME="").stdout.strip()
    plain = _run(ask, NUMBA_CACHE_DIR=str(tmp_path), NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="").stdout.strip()
    assert plain.endswith("-generic")
    assert own != plain


PREPARE = "from livespot import startup; startup.prepare(); "
UNSET = "import os; os.environ.pop('NUMBA_CACHE_DIR', None); "


def _caches(source: Path) -> list[str]:
    """Where the kernels of two modules of a copy of the source are kept."""
    code = "from livespot.spotting.difference import _fused; from livespot.spotting.panels import _scans; "
    code += "print(_fused._lit_difference._cache.cache_path, _scans._rows_with._cache.cache_path)"
    return _run(code, PYTHONPATH=str(source), NUMBA_CACHE_DIR=str(source.parent / "cache")).stdout.split()


def _run(code: str, *, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:

    return subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=check, env={**os.environ, **variables}
    )


def test_an_opencv_that_is_too_old_is_brought_up_to_date_as_the_kind_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", SimpleNamespace(__version__="4.13.0", __file__="cv2", __spec__=1))
    monkeypatch.setattr(packages, "opencvs", lambda: {"opencv-python-headless": "4.13.0"})
    with pytest.raises(LivespotError, match="pip install --force-reinstall 'opencv-python-headless>=5,<6'"):
        packages.check()
