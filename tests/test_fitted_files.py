"""What was fitted: the user's own goes before the package's, and an installed package is never written into."""

from __future__ import annotations

from pathlib import Path

import pytest

from livespot import fitted_files, startup
from livespot.spotting import params
from livespot.spotting.classify import confidence, kind


@pytest.mark.parametrize(
    ("package", "name"),
    [(params.__package__, params.NAME), (confidence.__package__, confidence.FILE), (kind.__package__, kind.FILE)],
    ids=["constants", "thresholds", "kinds"],
)
def test_the_users_own_comes_first(package: str, name: str) -> None:
    assert fitted_files.read(package, name).startswith("{")
    own = fitted_files.own(name)
    assert startup.config_dir() in own.parents
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    assert fitted_files.read(package, name) == "mine"


def test_only_a_checkout_is_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "site-packages" / "livespot"
    installed.mkdir(parents=True)
    brought = installed / "spotting" / "fitted.json"
    monkeypatch.setattr(fitted_files, "PACKAGE", installed)
    assert fitted_files.place(brought) == fitted_files.own("fitted.json")
    assert fitted_files.own("fitted.json").parent.is_dir()
    (tmp_path / "site-packages" / "pyproject.toml").touch()
    assert fitted_files.place(brought) == brought
