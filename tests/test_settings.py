"""Every tunable is described, every value is checked, and files and options say the same."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from livespot.cli.settings import as_toml
from livespot.errors import UsageError
from livespot.settings import Settings, Tunable, changed, from_toml, size_px, tunables


@pytest.mark.parametrize("t", list(tunables()), ids=lambda t: t.key)
def test_every_tunable_is_described_and_takes_its_own_default(t: Tunable) -> None:
    assert t.meaning
    assert not t.meaning.endswith(".")
    assert t.type in (str, int, float, bool)
    if t.type in (int, float) and not t.choices:
        assert t.low is not None
        assert t.high is not None
    assert t.parse(t.default) == t.default
    assert t.parse(str(t.default)) == t.default


def _leaves(of: Any, prefix: str = "") -> list[str]:
    names = []
    for f in dataclasses.fields(of):
        value = getattr(of, f.name)
        names += _leaves(value, f"{f.name}.") if dataclasses.is_dataclass(value) else [prefix + f.name]
    return names


def test_no_field_is_left_out() -> None:
    assert sorted(t.key for t in tunables()) == sorted(_leaves(Settings()))


@pytest.mark.parametrize(
    ("key", "value", "result"),
    [
        ("sensitivity", "1.5", 1.5),
        ("sensitivity", 2, 2.0),
        ("threads", "3", 3),
        ("mirror", "yes", True),
        ("mirror", False, False),
        ("rotate", "90", 90),
        ("method", "classic", "classic"),
        ("size", "640x480", "640x480"),
        ("classic.quantile", 0.97, 0.97),
    ],
)
def test_values_that_fit(key: str, value: Any, result: Any) -> None:
    got: Any = changed(Settings(), {key: value})
    for name in key.split("."):
        got = getattr(got, name)
    assert got == result
    assert type(got) is type(result)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("sensitivity", "high", "a number from 0.25 to 4"),
        ("sensitivity", 99, "a number from 0.25 to 4"),
        ("sensitivity", "nan", "a number"),
        ("sensitivity", True, "a number"),
        ("sensitivity", [1], "a number"),
        ("threads", 2.5, "a whole number"),
        ("threads", "1e400", "a whole number"),
        ("fps", float("inf"), "a number"),
        ("mirror", "perhaps", "true or false"),
        ("rotate", 45, "one of 0, 90, 180, 270"),
        ("method", "magic", "one of robust, classic"),
        ("size", "1280", "WIDTHxHEIGHT"),
        ("size", "0x480", "WIDTHxHEIGHT"),
        ("size", "1280x720\n", "WIDTHxHEIGHT"),
        ("nothing", 1, "unknown setting"),
        ("classic", 1, "unknown setting"),
        ("classic.nothing", 1, "unknown setting"),
    ],
)
def test_values_that_do_not_fit_are_one_line(key: str, value: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        changed(Settings(), {key: value})
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('method = "classic"\nsensitivity = 2\n[classic]\nquantile = 0.97\n')
    settings = from_toml(path)
    assert (settings.method, settings.sensitivity, settings.classic.quantile) == ("classic", 2.0, 0.97)
    assert settings.capture == Settings().capture


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_as_windows_editors_save_them(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "mine.toml").write_bytes("sensitivity = 2 # größer\r\n".encode(encoding))
    assert from_toml(tmp_path / "mine.toml").sensitivity == 2.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("method = ", "cannot use settings file"),
        ("colour = 1", "unknown setting 'colour'"),
        ("[classic]\nquantile = 2", r"classic\.quantile"),
        ("[classic.deeper]\nquantile = 0.9", r"classic\.deeper"),
        ("\xff", "cannot use settings file"),
    ],
    ids=["syntax", "unknown", "range", "nested", "bytes"],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=says) as caught:
        from_toml(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        from_toml(tmp_path / "nothing.toml")


def test_the_printed_file_reads_back_as_the_same_settings(tmp_path: Path) -> None:
    wanted = changed(Settings(), {"method": "classic", "mirror": True, "rotate": 90, "capture.stall_timeout": 3.5})
    text = as_toml(wanted)
    tomllib.loads(text)
    (tmp_path / "s.toml").write_text(text)
    assert from_toml(tmp_path / "s.toml") == wanted


def test_size_in_px() -> None:
    assert size_px(changed(Settings(), {"size": "640x480"})) == (640, 480)
