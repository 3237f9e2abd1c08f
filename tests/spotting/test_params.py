"""The fitted constants: what the file says is what the modules use, and a tried value does not stay."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import livespot
from livespot.spotting import params
from livespot.spotting.difference import regions
from livespot.training.constants import Constant, load

CONSTANTS = load(Path(params.__file__).with_name(params.NAME))


@pytest.mark.parametrize("constant", CONSTANTS, ids=lambda constant: constant.name)
def test_a_module_has_the_value_of_the_file_under_its_name(constant: Constant) -> None:
    assert getattr(*params.place_of(constant.name)) == constant.value
    assert constant.low <= constant.value <= constant.high
    assert constant.unit
    assert constant.meaning
    assert constant.neighbours()


def test_every_constant_of_the_file_is_used_and_every_one_used_is_in_the_file() -> None:
    asked = [
        node.args[0].value
        for tree in _modules("spotting")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fitted"
        if isinstance(node.args[0], ast.Constant)
    ]
    assert sorted(map(str, asked)) == sorted(constant.name for constant in CONSTANTS)


def test_no_module_keeps_a_copy_that_a_tried_value_would_not_reach() -> None:
    places = {params.place_of(constant.name) for constant in CONSTANTS}
    names = {(module.__name__, constant) for module, constant in places}
    for tree in _modules(""):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert not {(node.module, alias.name) for alias in node.names} & names


def test_a_tried_value_is_used_and_undone() -> None:
    before = regions.TRIM, regions.JOIN
    with params.tried({"regions.trim": 0.4, "regions.join": 0.02}):
        assert (regions.TRIM, regions.JOIN) == (0.4, 0.02)
        with params.tried({"regions.trim": 0.3}):
            assert regions.TRIM == 0.3
        assert regions.TRIM == 0.4
    assert before == (regions.TRIM, regions.JOIN)


def test_a_tried_value_is_undone_when_the_measuring_fails() -> None:
    before = regions.TRIM
    with pytest.raises(KeyboardInterrupt), params.tried({"regions.trim": 0.4}):
        raise KeyboardInterrupt
    assert before == regions.TRIM


def test_an_unknown_constant_is_refused_before_anything_is_changed() -> None:
    before = regions.TRIM
    with (
        pytest.raises(ValueError, match=r"no constant regions\.tirm"),
        params.tried({"regions.trim": 0.4, "regions.tirm": 1.0}),
    ):
        pass
    assert before == regions.TRIM


def _modules(room: str) -> list[ast.Module]:
    root = Path(livespot.__file__).parent / room
    return [ast.parse(path.read_text(encoding="utf-8")) for path in root.rglob("*.py")]
