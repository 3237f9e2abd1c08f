"""Failures people meet are one line each."""

from livespot.errors import LivespotError, SourceError, UsageError


def test_a_failure_that_cites_two_lines_is_one() -> None:
    for kind in (LivespotError, SourceError, UsageError):
        assert str(kind("--set a\n b\r\n: write it\tas NAME=VALUE")) == "--set a b : write it as NAME=VALUE"
