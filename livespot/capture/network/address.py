"""Network addresses: which ones livespot opens, and how to show one without its password."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from livespot.errors import SourceError

SCHEMES = ("http", "https", "rtsp", "rtsps", "tcp")
_HIDDEN = "***"
# Cameras take "user=me&password=..." after the question mark as well as in the path (rtsp://HOST/user=me&password=...).
_SECRET = re.compile(r"([\w.%-]*(?:pass|pas|pwd|token|secret|key|auth|sig|cred)[\w.%-]*=)[^&;?#]*", re.IGNORECASE)
_WRITTEN = "write http://USER:PASSWORD@HOST:PORT/, in the password %2F for /, %3F for ?, %23 for #, %40 for @"
_FORGOTTEN = re.compile(r"[^\s/@:]+:[^\s@]+@[^\s@]+")  # me:password@host, the beginning forgotten


def is_address(text: str) -> bool:
    """Whether `text` is a network address and not a path."""
    return "://" in text


def without_password(text: str) -> str:
    """`text` fit to be shown or logged: an address loses its password and whatever looks like a key in it.

    Rather too much is hidden than too little: a password may hold what ought to be written as %2F, %3F, %23 or %40.
    """
    scheme, found, rest = text.partition("://")
    if not found:
        return f"{text.partition(':')[0]}:{_HIDDEN}@{text.rpartition('@')[2]}" if _FORGOTTEN.fullmatch(text) else text
    try:
        urlsplit(text)
    except ValueError:
        return scheme + found + _HIDDEN
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    cut_short = "@" in rest[len(host) :] and (":" in host or "@" in host)  # by a / ? or # of the password's own
    user, at, place = (rest if cut_short else host).rpartition("@")
    if not cut_short:
        place += rest[len(host) :]
    if at:
        name, colon, _ = user.partition(":")
        place = (f"{name}:{_HIDDEN}@" if colon else f"{_HIDDEN}@") + place
    return scheme + found + _SECRET.sub(rf"\1{_HIDDEN}", place.partition("#")[0])


def hidden_in(text: str, words: Iterable[str]) -> str:
    """`text` (a traceback, or what a library says) with the addresses among `words` fit to be shown.

    An address that was taken for a path has lost a slash.
    """
    for word in words:
        for form in (word, str(Path(word))):
            text = text.replace(form, shown) if (shown := without_password(form)) != form else text
    return text


def check(text: str) -> str:
    """The scheme of an address that can be opened. Raises SourceError with what is wrong."""
    shown = without_password(text)
    try:
        parts = urlsplit(text)
    except ValueError:  # what it says holds pieces of the address
        raise SourceError(f"{shown} is not an address: {_WRITTEN}") from None
    if parts.scheme.lower() not in SCHEMES:
        raise SourceError(f"{shown}: livespot opens {', '.join(SCHEMES)} addresses, not {parts.scheme or 'this'}")
    try:
        port = parts.port
    except ValueError:
        raise SourceError(f"{shown} is not an address, its port is not a number up to 65535: {_WRITTEN}") from None
    if not parts.hostname:
        raise SourceError(f"{shown} names no host")
    if parts.scheme.lower() == "tcp" and port is None:
        raise SourceError(f"{shown} needs a port: tcp://HOST:PORT")
    return parts.scheme.lower()
