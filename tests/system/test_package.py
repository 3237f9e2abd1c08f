"""The package as it would be published: what it owns, what it holds, and that it works where it is installed."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import livespot

ROOT = Path(livespot.__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="built from a checkout"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and a source distribution; built from a copy, because building writes into the folder it builds from."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    source.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
    for name in ("livespot", "calibration", "scripts", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=ignore, symlinks=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, source)
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(source))
    return folder


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **variables}, cwd="/")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_both_pass_the_checks_of_the_index(built: Path) -> None:
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    tool = Path(sys.executable).parent
    assert "OK" in run(str(tool / "check-wheel-contents"), str(wheel))
    assert run(str(tool / "twine"), "check", "--strict", str(wheel), str(sdist)).count("PASSED") == 2


def test_the_wheel_owns_one_name_and_holds_everything(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        held = set(file.namelist())
        dist = next(name for name in held if name.endswith("/METADATA")).split("/")[0]
        metadata, entries = (file.read(f"{dist}/{name}").decode() for name in ("METADATA", "entry_points.txt"))
    assert {name.split("/")[0] for name in held} == {"livespot", dist}
    here = {
        str(path.relative_to(ROOT))
        for folder in (ROOT / "livespot", ROOT / "livespot" / "calibration")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - held == set()
    assert "livespot = livespot.__main__:run" in entries
    assert f"{dist}/licenses/LICENSE" in held
    for line in ("License-Expression: MIT", "Provides-Extra: puzzle", "Requires-Python: >=3.11", "Keywords: "):
        assert line in metadata
    assert "](scripts/" not in metadata  # pictures that the index cannot show


def test_it_works_beside_a_distribution_that_owns_calibration(built: Path, tmp_path: Path) -> None:
    """Whichever comes first: they share no file."""
    (wheel,) = built.glob("*.whl")
    for order in (("other", "own"), ("own", "other")):
        site = tmp_path / "-".join(order)
        for which in order:
            if which == "own":
                zipfile.ZipFile(wheel).extractall(site)
            else:
                (site / "calibration").mkdir(parents=True)
                (site / "calibration" / "__init__.py").write_text("OTHER = True\n")
        code = "import calibration, livespot.calibration.board; print(calibration.OTHER, livespot.__file__)"
        said = run(sys.executable, "-P", "-c", code, PYTHONPATH=str(site))
        assert said.split() == ["True", str(site / "livespot" / "__init__.py")]
        assert "lens" in run(sys.executable, "-P", "-m", "livespot.calibration", "--help", PYTHONPATH=str(site))


def test_the_source_distribution_holds_every_test_and_they_run(built: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as file:
        file.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    for folder in ("tests", "scripts"):
        here, there = (
            {path.relative_to(place) for path in (place / folder).rglob("*") if "__pycache__" not in path.parts}
            for place in (ROOT, root)
        )
        assert {path for path in here if path.suffix not in (".pyc", ".pyo")} == there
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(root)]
    some = [str(root / "tests" / name) for name in ("test_geometry.py", "calibration/test_board.py")]
    done = subprocess.run([*command, *some], cwd=root, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    every = subprocess.run([*command, "--collect-only", str(root / "tests")], cwd=root, capture_output=True, text=True,
                           env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    assert every.returncode == 0, every.stdout[-3000:]


BROKEN = {
    "two versions": ("__version__ = '4.13.0'", "4.13.0"),
    "one removed": ("", "OpenCV's files are gone"),
    "does not load": ("raise ImportError('libGL.so.1')", "OpenCV does not start (libGL.so.1)"),
}


@pytest.mark.parametrize(
    "words", [["photo", "page.png"], ["live"], ["doctor"], ["settings"], ["--version"]], ids=" ".join
)
@pytest.mark.parametrize("name", BROKEN)
def test_two_opencvs_are_named_by_every_command(tmp_path: Path, name: str, words: list[str]) -> None:
    text, says = BROKEN[name]
    site = tmp_path / "site"
    (site / "cv2").mkdir(parents=True)
    (site / "cv2" / "__init__.py").write_text(text)
    for package, version in (("opencv_python", "4.13.0"), ("opencv_contrib_python", "5.0.0")):
        info = site / f"{package}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package.replace('_', '-')}\nVersion: {version}\n"
        )
    (tmp_path / "page.png").write_bytes(b"")
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from livespot.__main__ import run; run()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *words], capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert says in done.stderr
    assert "opencv-python 4.13.0 overwrite each other: pip uninstall -y opencv-contrib-python" in done.stderr


def test_missing_packages_are_named_by_every_command(tmp_path: Path) -> None:
    """As after `pip install --no-deps`."""
    code = (
        "import importlib.util as u, sys; found = u.find_spec; "
        "u.find_spec = lambda name, *a: None if name in ('numba', 'yaml') else found(name, *a); "
        "from livespot.__main__ import run; run()"
    )
    for words in (["photo", "page.png"], ["doctor"]):
        done = subprocess.run([sys.executable, "-P", "-c", code, *words], capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
        assert (done.returncode, done.stderr) == (
            1, "livespot: not installed: numba, PyYAML: pip install numba PyYAML\n",
        )  # fmt: skip
