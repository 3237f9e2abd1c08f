"""The fitted parameters: what the file says is what the stages are handed, and a changed value changes nothing else."""

import json
from pathlib import Path

import pytest

from livespot.spotting import params
from livespot.spotting.params import fitted_params
from livespot.training.constants import Constant, load

FILE = Path(params.__file__).with_name(params.NAME)
CONSTANTS = load(FILE)


@pytest.mark.parametrize("constant", CONSTANTS, ids=lambda constant: constant.name)
def test_a_constant_of_the_file_says_what_it_is_and_lies_in_its_range(constant: Constant) -> None:
    assert constant.low <= constant.value <= constant.high
    assert constant.unit
    assert constant.meaning
    assert constant.neighbours()


def test_every_value_is_that_of_the_file_and_each_of_the_file_has_its_place() -> None:
    assert fitted_params().named() == {constant.name: constant.value for constant in CONSTANTS}


def test_changed_by_name_all_else_stays() -> None:
    usual = fitted_params()
    other = usual.changed({"regions.trim": 0.4, "regions.join": 0.02, "identity.sure": 0.3})
    assert (other.regions.trim, other.regions.join, other.identity.sure) == (0.4, 0.02, 0.3)
    assert other.photometry == usual.photometry
    assert other.changed(usual.named()) == usual == fitted_params()


@pytest.mark.parametrize("name", ["regions.tirm", "religions.trim", "trim", "regions", "regions.trim.more", ""])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=rf"no fitted constant {name}: there are difference\."):
        fitted_params().changed({"regions.trim": 0.4, name: 1.0})


def test_a_file_that_lacks_one_is_refused() -> None:
    entries = json.loads(FILE.read_text())
    del entries["regions.trim"]
    with pytest.raises(ValueError, match=r"fitted\.json has no constant regions\.trim"):
        params.read(json.dumps(entries))
