"""What a command says: on its two streams, and in an event."""

import pytest

KEYS = {"frame", "time", "state", "reason", "latency_ms", "b_is", "panels", "differences"}  # of an event


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("livespot: ")
    return lines[0]
