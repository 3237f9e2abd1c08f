"""What was fitted: the user's own goes before the package's, and an installed package is never written into."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from livespot import fitted_files, startup
from livespot.reference import limiting, limits
from livespot.spotting import params
from livespot.spotting.classify import confidence, eye, kind
from livespot.training import networks


@pytest.mark.parametrize(
    ("package", "name"),
    [
        (params.__package__, params.NAME),
        (confidence.__package__, confidence.FILE),
        (kind.__package__, kind.FILE),
        (limits.__package__, limits.FILE),
    ],
    ids=["constants", "thresholds", "kinds", "limits"],
)
def test_the_users_own_comes_first(package: str, name: str) -> None:
    assert fitted_files.read(package, name).startswith("{")
    own = fitted_files.own(name)
    assert startup.config_dir() in own.parents
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    assert fitted_files.read(package, name) == "mine"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """livespot's folder in an environment, nobody's to write into."""
    folder = tmp_path / "site-packages" / "livespot"
    folder.mkdir(parents=True)
    monkeypatch.setattr(fitted_files, "PACKAGE", folder)
    return folder


def test_a_trained_eye_is_the_users_own(installed: Path, tmp_path: Path) -> None:
    for suffix in (".onnx", ".json"):
        (tmp_path / f"mine{suffix}").write_text(suffix)
    assert networks.put_to_use(tmp_path / "mine.onnx", installed / "eye.onnx") == fitted_files.own("eye.onnx")
    assert fitted_files.own("eye.json").read_text() == ".json"
    assert list(installed.iterdir()) == []
    panel = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(cv2.error, match=r"(?i)onnx"):  # what is read is what was written
        eye.Eye().look(panel, panel)


def test_measured_limits_are_the_users_own(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = dict.fromkeys((*limiting.FAULTS, "light"), 2.0)
    monkeypatch.setattr(limiting, "__file__", str(installed / "limiting.py"))
    monkeypatch.setattr(limiting.making, "make", lambda *words: None)
    monkeypatch.setattr(limiting, "_both", lambda pages, scenario: shown | {"f1": 1.0})
    assert limiting.main(["--write"]) == 0
    assert list(installed.iterdir()) == []
    limits.limits.cache_clear()
    assert limits.limits().noise == 2.0
    limits.limits.cache_clear()


def test_only_a_checkout_is_written_into(installed: Path) -> None:
    brought = installed / "spotting" / "fitted.json"
    assert fitted_files.place(brought) == fitted_files.own("fitted.json")
    assert fitted_files.own("fitted.json").parent.is_dir()
    (installed.parent / "pyproject.toml").touch()
    assert fitted_files.place(brought) == brought
