"""Passwords are never shown whole, and what is no address is refused in words."""

import pytest

from livespot.capture.network import address
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
        ("http://me:s3/cret@host/a", "http://me:***@host/a"),
        ("http://me:s3#cret@host/a", "http://me:***@host/a"),
        ("http://me:s3?cret@host", "http://me:***@host"),
        ("http://me:p@s3/cr@t@host/a", "http://me:***@host/a"),
        ("rtsp://host/user=me&password=s3cret&channel=1", "rtsp://host/user=me&password=***&channel=1"),
        ("http://host/video.cgi?loginuse=me&loginpas=s3cret", "http://host/video.cgi?loginuse=me&loginpas=***"),
        ("http://host/?user=me;pwd=s3cret;a=1", "http://host/?user=me;pwd=***;a=1"),
        ("http://host/?token=s3/cret==&a=1", "http://host/?token=***&a=1"),
        ("me:s3cret@host/stream", "me:***@host/stream"),
        ("http:/me:s3cret@host/", "http:***@host/"),
        ("--source=http://me:s3cret@host/", "--source=http://me:***@host/"),
        ("http://host/page@2x.jpg", "http://host/page@2x.jpg"),
    ],
    ids=[
        "file",
        "plain",
        "user-password",
        "user",
        "at-sign",
        "query",
        "key",
        "fragment",
        "broken",
        "slash",
        "hash",
        "question-mark",
        "all-of-them",
        "path",
        "pas",
        "semicolon",
        "base64",
        "no-scheme",
        "one-slash",
        "option",
        "at-in-path",
    ],
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
        ("http://me:s3cret/@host", "in the password %2F for /"),
        ("http://me:[s3cret]@host", "not an address"),
        ("http://me:s3cret\u2100@host", "not an address"),
    ],
    ids=["scheme", "host", "port", "port-range", "password-hidden", "slash", "brackets", "odd-letter"],
)
def test_refused(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says.replace("*", r"\*")) as caught:
        address.check(text)
    assert "s3cret" not in str(caught.value)
