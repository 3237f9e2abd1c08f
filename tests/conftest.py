"""For all tests: what livespot remembers for a user stays in a folder of the tests' own."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from livespot import startup

startup.prepare()

pytest_plugins = ["kit.fixtures"]


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("NO_COLOR", "1")  # and undone after a test that sets it
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))  # Linux; the kernels' cache stays where it is


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """What a test printed may name a file that is no text: it could not travel from one process to another."""
    return _sendable((yield))


def _sendable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode()
    if isinstance(data, dict):
        return {_sendable(name): _sendable(value) for name, value in data.items()}
    return type(data)(_sendable(value) for value in data) if type(data) in (list, tuple) else data


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A click or key that the virtual display loses is tried once more; the summary names what was."""
    for item in items:
        if item.get_closest_marker("window"):
            item.add_marker(pytest.mark.flaky(reruns=1))
