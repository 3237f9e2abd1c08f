"""Network addresses: which ones livespot opens, and how to show one without its password."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from livespot.errors import SourceError

SCHEMES = ("http", "https", "rtsp", "rtsps", "tcp")
_HIDDEN = "***"
_SECRET_NAMES = ("pass", "pwd", "token", "secret", "key", "auth", "sig")


def is_address(text: str) -> bool:
    """Whether `text` is a network address and not a path."""
    return "://" in text


def without_password(text: str) -> str:
    """`text` fit to be shown or logged: an address loses its password and whatever looks like a key in its query."""
    if not is_address(text):
        return text
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
        user = parts.username
    except ValueError:
        return text.partition("://")[0] + "://" + _HIDDEN
    if "@" in parts.netloc:
        host = f"{user}:{_HIDDEN}@{host}" if parts.password is not None else f"{_HIDDEN}@{host}"
    return urlunsplit(SplitResult(parts.scheme, host, parts.path, _clean_query(parts.query), ""))


def check(text: str) -> str:
    """The scheme of an address that can be opened. Raises SourceError with what is wrong."""
    shown = without_password(text)
    try:
        parts = urlsplit(text)
        port = parts.port  # raises ValueError for a port that is none
    except ValueError as error:
        raise SourceError(f"{shown} is not an address: {error}") from None
    if parts.scheme.lower() not in SCHEMES:
        raise SourceError(f"{shown}: livespot opens {', '.join(SCHEMES)} addresses, not {parts.scheme or 'this'}")
    if not parts.hostname:
        raise SourceError(f"{shown} names no host")
    if parts.scheme.lower() == "tcp" and port is None:
        raise SourceError(f"{shown} needs a port: tcp://HOST:PORT")
    return parts.scheme.lower()


def _clean_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(secret in name.lower() for name, _ in pairs for secret in _SECRET_NAMES):
        return query
    hidden = [(n, _HIDDEN if any(s in n.lower() for s in _SECRET_NAMES) else v) for n, v in pairs]
    return urlencode(hidden, safe="*")
