"""The README says what livespot does: its tables are those of the registries, its commands are commands."""

import re
from pathlib import Path

import pytest

from livespot.cli import COMMANDS, readme

README = Path(__file__).parents[2] / "README.md"
ROOMS = README.parent / "livespot" / "README.md"


def test_the_tables_are_those_of_the_registries() -> None:
    text = README.read_text(encoding="utf-8")
    assert readme.updated(text) == text, "run scripts/readme"


def test_the_page_of_the_rooms_is_drawn_from_their_table() -> None:
    text = ROOMS.read_text(encoding="utf-8")
    assert readme.updated(text, readme.ROOMS) == text, "run scripts/readme"
    for path in re.findall(r"`([\w/]+(?:\.py|/))`", text):
        assert (ROOMS.parent / path).exists() or (README.parent / path).exists(), path


def test_a_readme_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table of commands"):
        readme.updated("# livespot\n")


def test_every_command_it_shows_exists() -> None:
    text = README.read_text(encoding="utf-8")
    spans = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (.+)$", text, re.MULTILINE)
    shown = [found[1] for span in spans if (found := re.match(r"(?:scripts/)?livespot ([a-z]+)\b", span))]
    assert len(shown) > 10
    assert set(shown) <= set(COMMANDS)


def test_every_picture_it_shows_is_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / path).is_file(), path
