"""Passwords are never shown whole, and what is no address is refused in words."""

from __future__ import annotations

import pytest

from livespot.capture import address
from livespot.errors import SourceError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("clip.mp4", "clip.mp4"),
        ("http://host/stream", "http://host/stream"),
        ("http://me:s3cret@host:81/a", "http://me:***@host:81/a"),
        ("rtsp://me@host/a", "rtsp://***@host/a"),
        ("rtsp://me:a@b:c@host/a", "rtsp://me:***@host/a"),
        ("http://host/a?user=me&password=s3cret&fps=5", "http://host/a?user=me&password=***&fps=5"),
        ("http://host/a?api_key=s3cret", "http://host/a?api_key=***"),
        ("http://host/a#s3cret", "http://host/a"),
        ("http://[s3cret", "http://***"),
    ],
    ids=["file", "plain", "user-password", "user", "at-sign", "query", "key", "fragment", "broken"],
)
def test_shown_without_password(text: str, shown: str) -> None:
    assert address.without_password(text) == shown


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ftp://host/a", "not ftp"),
        ("http:///a", "names no host"),
        ("tcp://host", "needs a port"),
        ("http://host:99999/", "not an address"),
        ("gopher://me:s3cret@host", "me:***@host"),
    ],
    ids=["scheme", "host", "port", "port-range", "password-hidden"],
)
def test_refused(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says.replace("*", r"\*")) as caught:
        address.check(text)
    assert "s3cret" not in str(caught.value)
